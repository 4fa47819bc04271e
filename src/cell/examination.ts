import { type Bytes, type Key, parse, prefixRange, type Range, varint } from '../base/index.ts';
import {
  itemCodec,
  itemPrefix,
  lowerShelf,
  metaPrefix,
  metaRow,
  placed,
  rangesOnShelf,
  rowsOnShelf,
  type Shelving,
  shelfKey,
  shelvedRanges,
  shelvingIn,
  stateRanges,
  takenDown,
  uncountedSuffix,
} from '../state/index.ts';
import { rangeOfConfig } from './cellConfig.ts';
import {
  type CheckpointRow,
  checkpointPrefix,
  checkpointRow,
  type JournalRecord,
  journalRecord,
  trimmedKey,
} from './journalRecords.ts';

/** What is left of a peer when it does not run: rows of its engine, and records of its journal. */
export interface Remains {
  get(key: Key): Bytes | undefined | 'damaged';
  rows(range: Range): Iterable<{ readonly key: Key; readonly value: Bytes | 'damaged' }>;
  readonly records: readonly { readonly position: number; readonly bytes: Bytes }[];
}

/** What one replica left on the disk. */
export interface CellRemains {
  readonly checkpoint: CheckpointRow;
  readonly shelf: Shelving;
  readonly keys: number;
  readonly bytes: number;
  readonly damagedRows: number;
  /** Rows that its checkpoint counts and that are not there, or the other way around where it is below 0. */
  readonly missingKeys: number;
  /** The epoch and the last index that the journal leads to. */
  readonly epoch: number;
  readonly end: number;
  /** A record is missing: the journal leads from the checkpoint to there and no further. */
  readonly isBroken: boolean;
}

export interface Examination {
  readonly cells: readonly CellRemains[];
  /** Replicas that went, and left a mark. */
  readonly gone: readonly string[];
  /** Rows of the list of cells whose checksum does not fit. */
  readonly damagedCheckpoints: number;
  /** Good records that are none of this version's. */
  readonly unknownRecords: number;
  /** Up to where the journal was needed no more: damage below is damage to nothing. */
  readonly trimmedTo: number;
}

/** Reads all that the replicas of a peer have left, row by row and record by record. */
export function examine(remains: Remains): Examination {
  const found: CheckpointRow[] = [];
  let damagedCheckpoints = 0;
  for (const { value } of remains.rows(prefixRange(checkpointPrefix))) {
    const row = value === 'damaged' ? undefined : parse(checkpointRow, value);
    if (row?.ok) found.push(row.value);
    else damagedCheckpoints++;
  }
  const trails = new Map(
    found.filter(({ status }) => status !== 'gone').map((row) => [row.config.cell, new Trail(row)] as const),
  );
  let unknownRecords = 0;
  for (const { bytes } of remains.records) {
    const record = parse(journalRecord, bytes);
    if (record.ok) trails.get(record.value.cell)?.follow(record.value);
    else unknownRecords++;
  }
  const cells = [...trails.values()].map((trail) => cellRemains(remains, trail));
  const gone = found.filter(({ status }) => status === 'gone').map(({ config }) => config.cell);
  return { cells, gone, damagedCheckpoints, unknownRecords, trimmedTo: trimmedIn(remains) };
}

function cellRemains(remains: Remains, { checkpoint, epoch, end, isBroken }: Trail): CellRemains {
  const { config } = checkpoint;
  const shelfRow = remains.get(shelfKey(config.cell));
  const shelf = (shelfRow === 'damaged' ? undefined : shelvingIn(shelfRow)) ?? lowerShelf;
  let keys = 0;
  let bytes = 0;
  let damagedItems = 0;
  const [items, ...others] = stateRanges(config.cell, rangeOfConfig(config));
  for (const part of shelvedRanges(shelf, items!)) {
    for (const { key, value } of remains.rows(placed(part))) {
      const item = value === 'damaged' ? undefined : itemCodec.decode(value);
      if (item === undefined) damagedItems++;
      else {
        keys++;
        bytes += takenDown(part.shelf, key).length - itemPrefix.length + item.valueLength;
      }
    }
  }
  let damagedRows = damagedItems + (shelfRow === 'damaged' ? 1 : 0);
  for (const range of rangesOnShelf(shelf, others)) {
    for (const { value } of remains.rows(range)) if (value === 'damaged') damagedRows++;
  }
  const missingKeys = (countedIn(remains, config.cell, shelf) ?? keys + damagedItems) - keys - damagedItems;
  return { checkpoint, shelf, keys, bytes, damagedRows, missingKeys, epoch, end, isBroken };
}

/** The keys that a checkpoint counts; undefined where it has not counted all of them. */
function countedIn(remains: Remains, cell: string, shelf: Shelving): number | undefined {
  const at = metaPrefix(cell);
  const rows = [at, at + uncountedSuffix].map((key) => ({ key, value: undefined }));
  const [meta, uncounted] = rowsOnShelf(shelf, rows).map(({ key }) => remains.get(key));
  if (uncounted !== undefined || meta === 'damaged') return undefined;
  const parsed = meta === undefined ? undefined : parse(metaRow, meta);
  return parsed?.ok ? parsed.value.keys : 0;
}

function trimmedIn(remains: Remains): number {
  const row = remains.get(trimmedKey);
  const parsed = row === undefined || row === 'damaged' ? undefined : parse(varint, row);
  return parsed?.ok ? parsed.value : 0;
}

/** Follows the records of a cell from its checkpoint on, as a replica does when it starts. */
class Trail {
  readonly checkpoint: CheckpointRow;
  epoch: number;
  end: number;
  isBroken = false;

  constructor(checkpoint: CheckpointRow) {
    this.checkpoint = checkpoint;
    this.epoch = checkpoint.config.epoch;
    this.end = checkpoint.index;
  }

  follow(record: JournalRecord): void {
    if (this.isBroken || record.epoch < this.epoch || record.kind === 'promise') return;
    if (record.kind === 'epoch') {
      if (record.epoch === this.epoch) return;
      this.isBroken = record.start - 1 > this.end;
      if (!this.isBroken) this.epoch = record.epoch;
      return;
    }
    this.isBroken = record.epoch > this.epoch || record.first > this.end + 1;
    const end = record.first + record.entries.length - 1;
    if (!this.isBroken) this.end = Math.max(this.checkpoint.index, end);
  }
}
