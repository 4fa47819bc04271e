import { bool, encode, type Infer, list, record, text, union, variant, varint, word } from '../base/index.ts';
import { type CellRow, lowerShelf, shelfRow } from '../state/index.ts';
import { ballot, noBallot } from './ballot.ts';
import { type CellConfig, cellConfig } from './cellConfig.ts';
import { entry } from './entry.ts';

/**
 * What a replica writes into the journal, in the order in which it does it: replayed from a checkpoint on, they give
 * its promise, its accepted ballot and its log again. Tags are never reused.
 */
export const journalRecord = union({
  promise: variant(1, { cell: text, epoch: varint, ballot }),
  /** The ballot's whole log from `first` on, in one record: there is no moment at which half of it is there. */
  sync: variant(2, { cell: text, epoch: varint, ballot, first: varint, chosen: varint, entries: list(entry) }),
  /** Entries behind the end, accepted in the ballot of the last `sync`. */
  accept: variant(3, { cell: text, epoch: varint, first: varint, chosen: varint, entries: list(entry) }),
  /** Entries that others had chosen. `isReplacing` where they took the place of accepted ones, whose vote is void. */
  learned: variant(4, { cell: text, epoch: varint, first: varint, isReplacing: bool, entries: list(entry) }),
  /** The epoch began behind its predecessor's stop-sign, which was chosen. */
  epoch: variant(5, { cell: text, epoch: varint, start: varint }),
});
export type JournalRecord = Infer<typeof journalRecord>;

/**
 * Where a checkpoint of a cell stands. Committed together with the rows of the state, so that they are one.
 * 'installing': the rows are those of a snapshot that is not complete. 'damaged': synced records were lost, so that
 * the replica may have forgotten what it promised. 'gone': there is no replica any more.
 */
export const checkpointRow = record({
  status: word(['whole', 'installing', 'damaged', 'gone']),
  config: cellConfig,
  /** The first index of the epoch. */
  start: varint,
  /** The last index that is applied in the rows. */
  index: varint,
  promise: ballot,
  accepted: ballot,
  /** This peer may have voted in epochs up to this one and forgotten it, when an earlier replica went. */
  votesAbove: varint,
});
export type CheckpointRow = Infer<typeof checkpointRow>;

/** What a replica begins with before it has any state. */
export function emptyCheckpoint(config: CellConfig, votesAbove: number): CheckpointRow {
  return { status: 'installing', config, start: 1, index: 0, promise: noBallot, accepted: noBallot, votesAbove };
}

/** The rows that say that a replica went, which may have voted in epochs up to one. */
export function goneRows(config: CellConfig, votedBelow: number): CellRow[] {
  const gone: CheckpointRow = { ...emptyCheckpoint(config, votedBelow), status: 'gone' };
  return [{ key: checkpointKey(config.cell), value: encode(checkpointRow, gone) }, shelfRow(config.cell, lowerShelf)];
}

export const checkpointPrefix = 'c';

/** The row that says up to where the journal was trimmed. */
export const trimmedKey = 'j/trimmed';

export function checkpointKey(cell: string): string {
  return checkpointPrefix + cell;
}
