import type { Command, OperationId, OperationResult } from '../command/index.ts';
import type { Call, Reply } from './access.ts';
import { barPatienceMs } from './limits.ts';

/** Who has reserved what a write would write. */
export type Reserved = OperationResult & { readonly kind: 'reserved' };

/** What a write needs of its router that others' reservations have kept from its keys for as long as its caller waits. */
export interface BarringHost {
  readonly nowMs: number;
  ask(command: Command, deadlineMs: number, then: (reply: Reply) => void): void;
}

/**
 * Sees to it that it never happens, though a copy of it may still be under way: so its caller can be told that it did not, and who was
 * in its way. Where that cannot be made sure of its outcome is unknown.
 */
export function bar(
  { nowMs, ask }: BarringHost,
  { call, reserved }: { readonly call: Call; readonly reserved: Reserved },
  operation: OperationId,
  then: (reply: Reply) => void,
): void {
  ask({ kind: 'resolve', ...operation }, nowMs + barPatienceMs, (reply) =>
    then(replyOf(call, reserved, operation, reply)),
  );
}

function replyOf({ tag }: Call, reserved: Reserved, operation: OperationId, reply: Reply): Reply {
  const outcome = reply.kind === 'done' && reply.answer.kind === 'outcome' ? reply.answer : undefined;
  if (outcome?.state === 'never') {
    return { kind: 'refused', tag, reason: reasonOf(reserved), isReserved: true };
  }
  if (outcome?.state === 'executed' && outcome.answer !== undefined)
    return { kind: 'done', tag, answer: outcome.answer };
  return { kind: 'unknown', tag, operation };
}

function reasonOf({ label, remainingMs }: Reserved): string {
  const seconds = Math.max(0, remainingMs / 1000).toFixed(1);
  return `${label} has reserved it for another ${seconds} s, or longer if that is renewed: this was not done, try again later`;
}
