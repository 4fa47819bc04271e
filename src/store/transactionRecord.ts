import {
  bytes,
  f64,
  type Infer,
  intersection,
  type Key,
  key,
  list,
  optional,
  type Range,
  record,
  word,
} from '../base/index.ts';
import { keyRange, transactionName, within } from './transactionName.ts';

/** What a transaction does to one key when it is committed: a value, or undefined where the key goes. */
export const intendedWrite = record({ key, value: optional(bytes), expiresAtMs: f64 });
export type IntendedWrite = Infer<typeof intendedWrite>;

/** What a cell knows of a transaction over several cells: a row of its state. */
export const transactionRecord = record({
  name: transactionName,
  /**
   * `prepared`: the vote is yes, and what was read and is to be written is locked. `committed`: it is done here, and may
   * have to be told to others. `barred`: somebody asked before it was prepared here, and it cannot be any more.
   */
  state: word(['prepared', 'committed', 'barred']),
  /** The version of the vote, then that of the transaction. */
  version: f64,
  /** Log time of the vote. */
  sinceMs: f64,
  /** Keys and ranges that nobody else may write. */
  sharedKeys: list(key),
  sharedRanges: list(keyRange),
  /** Keys that nobody else may read. */
  ownKeys: list(key),
  writes: list(intendedWrite),
});
export type TransactionRecord = Infer<typeof transactionRecord>;

/** As much of a record as concerns a range: undefined where that is nothing. */
export function partOfRecord(whole: TransactionRecord, range: Range): TransactionRecord | undefined {
  if (within(whole.name.participants, range).length === 0) return undefined;
  const holds = (one: Key): boolean => intersection(range, { from: one, to: `${one}\0` }) !== undefined;
  return {
    ...whole,
    sharedKeys: whole.sharedKeys.filter(holds),
    sharedRanges: within(whole.sharedRanges, range),
    ownKeys: whole.ownKeys.filter(holds),
    writes: whole.writes.filter((write) => holds(write.key)),
  };
}
