import { bytesOfKey, encode, f64, record, varint } from '../base/index.ts';
import type { CellRow, LogPosition } from './cellState.ts';
import type { DataFigures } from './stateData.ts';
import { metaPrefix } from './stateRanges.ts';

/** Where a checkpoint stands. */
export const metaRow = record({
  epoch: varint,
  index: varint,
  timeMs: f64,
  version: f64,
  keys: varint,
  bytes: varint,
});
export const emptyMeta = { epoch: 0, index: 0, timeMs: 0, version: 0, keys: 0, bytes: 0 };
/** Behind the prefix of that row: from which key on keys are not counted in it. There is none where all are. */
export const uncountedSuffix = 'u';

/** The rows that say where a checkpoint stands. */
export function metaRows(cell: string, position: LogPosition, figures: DataFigures): [CellRow, CellRow] {
  const key = metaPrefix(cell);
  const { uncountedFrom } = figures;
  const uncounted = uncountedFrom === undefined ? undefined : bytesOfKey(uncountedFrom);
  return [
    { key, value: encode(metaRow, { ...position, ...figures }) },
    { key: key + uncountedSuffix, value: uncounted },
  ];
}
