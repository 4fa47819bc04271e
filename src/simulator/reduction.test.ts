import { expect, test } from 'vitest';
import { sortOf } from './reduction.ts';

test('violations are of one sort though peers, keys and times differ', () => {
  const same: readonly (readonly [string, string])[] = [
    ['at 12.3 a was had a bug, in root at x: CELL-2: no', 'at 9.0 b was stopped by a bug, in root at y: SYS-2: no'],
    ['CELL: a came to something else than b at index 3', 'CELL: c came to something else than a at index 77'],
    ['the history of k01 is not linearizable:\n ...', 'the history of k07 is not linearizable:\n ...'],
    ['at 12.3 the bank holds 510, not 500: ...', 'at 40904.2 the bank holds 498, not 500: ...'],
    ['MEM-2: to a, which runs, b, which runs too, is dead', 'MEM-2: b belongs to no system'],
  ];
  for (const [one, other] of same) expect(sortOf(one)).toBe(sortOf(other));
  expect(new Set(same.map(([one]) => sortOf(one))).size).toBe(same.length);
});
