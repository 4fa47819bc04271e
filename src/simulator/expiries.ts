import { describe, type History, type Operation } from './history.ts';
import { clockErrorMs } from './limits.ts';

/**
 * Whether every value that expires lived as long as it was to. A read may miss a value only where some put that may be
 * the last one before it could have expired by then. Returns a sentence for each read that missed one too early.
 */
export function checkExpiries(history: History): string[] {
  const violations: string[] = [];
  for (const operations of history.byKey().values()) {
    const puts = operations.filter(({ act }) => act.kind === 'putExpiring');
    if (puts.length === 0) continue;
    for (const read of operations) {
      if (read.seen?.kind !== 'value' || read.seen.value !== undefined) continue;
      const early = missedEarly(read, puts);
      if (early !== undefined)
        violations.push(`expired too early: ${describe(early)}\n  was missed by ${describe(read)}`);
    }
  }
  return violations;
}

/** A put that ended before the read began, and whatever may have come behind it, cannot have expired yet. */
function missedEarly(read: Operation, puts: readonly Operation[]): Operation | undefined {
  const isLive = ({ act, invokedMs }: Operation): boolean =>
    act.kind === 'putExpiring' && invokedMs + act.afterMs > read.returnedMs + clockErrorMs;
  return puts.find(
    (put) =>
      put.seen !== undefined &&
      put.returnedMs < read.invokedMs &&
      puts.every((other) => isLive(other) || (other.seen !== undefined && other.returnedMs < put.invokedMs)),
  );
}
