import { type Infer, record, varint } from '../base/index.ts';

/**
 * A place among the changes of a cell: in front of the change with that number among those of a log entry. Indexes go on over
 * epochs and over splits, so a place means the same to every replica, and to the cells that were split off since.
 */
export const historyPlace = record({ index: varint, offset: varint });
export type HistoryPlace = Infer<typeof historyPlace>;
