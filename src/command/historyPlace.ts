import { type Infer, record, varint } from '../base/index.ts';

/**
 * A place among the changes of a cell: in front of the change with that number among those of a log entry. Its index is that of the
 * entry, and behind a merge higher than any that either cell gave out: it goes on over epochs, splits and merges, so a place means
 * the same to every replica, to the cells that were split off since, and to the one that the cell was merged with.
 */
export const historyPlace = record({ index: varint, offset: varint });
export type HistoryPlace = Infer<typeof historyPlace>;

export function isBefore(a: HistoryPlace, b: HistoryPlace): boolean {
  return a.index < b.index || (a.index === b.index && a.offset < b.offset);
}
