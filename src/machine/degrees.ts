import type { DegreeReport } from '../api/index.ts';
import { bytesOfKey, failure, type Key, prefixRange, type Result, success, textOfBytes } from '../base/index.ts';
import type { CellHint } from '../cell/index.ts';
import type { Bridge } from '../client/index.ts';
import { arrangeMsMax } from './limits.ts';
import { outcomeOf } from './outcome.ts';

/** What prefixes ask for, in their order, as cells say it. */
export function degreesIn(cells: readonly CellHint[]): DegreeReport[] {
  const found = new Map<Key, { replicas: number; cells: string[] }>();
  for (const { cell, degrees } of cells) {
    for (const { prefix, replicas } of degrees) {
      const known = found.get(prefix) ?? { replicas, cells: [] };
      found.set(prefix, { replicas, cells: [...known.cells, cell] });
    }
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([prefix, asked]) => ({ prefix: textOfBytes(bytesOfKey(prefix)), ...asked }));
}

/** Asks one cell after the other with keys of the prefix, until all know; 0 for nothing of its own. It may be asked again. */
export async function setDegree(bridge: Bridge, prefix: Key, replicas: number): Promise<Result<undefined, string>> {
  const { to: end } = prefixRange(prefix);
  const untilMs = performance.now() + arrangeMsMax;
  const wish = { kind: 'degree', prefix, replicas } as const;
  let at: Key = prefix;
  while (performance.now() < untilMs) {
    const reply = await bridge.call({ kind: 'arrange', at, wish }, untilMs - performance.now());
    const outcome = outcomeOf(reply, 'taken note of it');
    if (!outcome.ok) return outcome;
    if (outcome.value.kind !== 'arranged') return failure('a peer of another version leads the cell');
    const { upTo } = outcome.value;
    if (upTo === undefined || (end !== undefined && upTo >= end)) return success(undefined);
    at = upTo;
  }
  return failure('not all cells of the prefix have taken note of it yet');
}
