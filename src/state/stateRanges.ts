import { type Key, prefixRange } from '../base/index.ts';
import { elementPrefix, spelledRange } from '../command/index.ts';
import type { StateRanges } from './cellState.ts';
import { itemPrefix } from './shelving.ts';
import { rowRange } from './table.ts';

/** Items: one row for each key. Cells share the prefix, because their ranges are apart. */
export { itemPrefix };

/** Keys by the time at which they expire: eight bytes of time, highest first, then the key. */
export function expiryPrefix(cell: string): Key {
  return `e${cell}\0`;
}

/** Sessions: one row for each. */
export function sessionPrefix(cell: string): Key {
  return `s${cell}\0`;
}

/** Where the cell stands: one row, and those behind it. */
export function metaPrefix(cell: string): Key {
  return `t${cell}\0`;
}

/** Transactions over several cells: one row for each that this one knows, behind where the cell stands. */
export function transactionPrefix(cell: string): Key {
  return `${metaPrefix(cell)}x`;
}

/** Keys that are reserved: one row for each, behind where the cell stands. */
export function reservationPrefix(cell: string): Key {
  return `${metaPrefix(cell)}r`;
}

/** The rows of a cell's state, for snapshots. */
export const stateRanges: StateRanges = (cell, range) => [
  rowRange(itemPrefix, range),
  rowRange(elementPrefix, spelledRange(range)),
  ...[expiryPrefix(cell), sessionPrefix(cell), metaPrefix(cell)].map(prefixRange),
];
