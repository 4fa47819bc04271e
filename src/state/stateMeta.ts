import { type Bytes, bytesOfKey, encode, f64, parse, record, varint } from '../base/index.ts';
import type { CellRow, LogPosition } from './cellState.ts';
import { type Stage, stage } from './stage.ts';
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
/** How far indexes of places are ahead of those of the log. There is none where they are the same. */
export const aheadSuffix = 'p';
/** What the cell is in the middle of. */
export const stageSuffix = 'm';

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

/** The row that says how far places are ahead; none where they are not. */
export function aheadRows(cell: string, ahead: number): CellRow[] {
  return ahead === 0 ? [] : [{ key: metaPrefix(cell) + aheadSuffix, value: encode(varint, ahead) }];
}

export function aheadIn(row: Bytes | undefined | 'damaged'): number | 'damaged' {
  if (row === undefined || row === 'damaged') return row ?? 0;
  const parsed = parse(varint, row);
  return parsed.ok ? parsed.value : 'damaged';
}

export function stageIn(row: Bytes | undefined | 'damaged'): Stage | undefined | 'damaged' {
  if (row === undefined || row === 'damaged') return row;
  const parsed = parse(stage, row);
  return parsed.ok ? parsed.value : 'damaged';
}

export function stageRow(cell: string, now: Stage | undefined): CellRow {
  return { key: metaPrefix(cell) + stageSuffix, value: now === undefined ? undefined : encode(stage, now) };
}

/** The figures of one cell that was two: log time and version floor are the higher ones. */
export function unitedFigures(lower: DataFigures, upper: DataFigures): DataFigures {
  const isCounted = lower.uncountedFrom === undefined;
  return {
    timeMs: Math.max(lower.timeMs, upper.timeMs),
    version: Math.max(lower.version, upper.version),
    keys: lower.keys + (isCounted ? upper.keys : 0),
    bytes: lower.bytes + (isCounted ? upper.bytes : 0),
    uncountedFrom: lower.uncountedFrom ?? upper.uncountedFrom,
  };
}
