import { lowestKey, type Range } from '../base/index.ts';
import { type Command, rangeOf, sameRanges, within } from '../command/index.ts';

/** Whether a cell of that range holds all keys of a command (CELL-15). */
export function isHeld(asked: Command, range: Range): boolean {
  const { from, to } = range;
  if (asked.kind === 'countCell' || asked.kind === 'clearCell') return asked.from === from && asked.to === to;
  // A vote is for all that the cell holds of the participants, or is not cast.
  if (asked.kind === 'prepare') return sameRanges(asked.pieces, within(asked.name.participants, range));
  if (from === lowestKey && to === undefined) return true;
  const needed = rangeOf(asked);
  if (needed === undefined) return true;
  return needed.from >= from && (to === undefined || (needed.to !== undefined && needed.to <= to));
}
