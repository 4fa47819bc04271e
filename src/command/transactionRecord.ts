import {
  type Bytes,
  bytes,
  encode,
  f64,
  type Infer,
  intersection,
  type Key,
  key,
  list,
  optional,
  parse,
  type Range,
  record,
  word,
} from '../base/index.ts';
import { keyRange, transactionName, within } from './transactionName.ts';
import { type ValueKind, valueKind } from './valueKind.ts';

/** What a transaction does to one key when it is committed: a value, or undefined where the key goes. */
export interface IntendedWrite {
  readonly key: Key;
  /** Of a collection its head. */
  readonly value: Bytes | undefined;
  readonly expiresAtMs: number;
  readonly kind: ValueKind;
}

/** What it does to an element of a collection: a value, or undefined where the element goes. */
export const intendedElement = record({ owner: key, name: key, value: optional(bytes) });
export type IntendedElement = Infer<typeof intendedElement>;

export interface Intended {
  readonly writes: readonly IntendedWrite[];
  readonly elements: readonly IntendedElement[];
}

const recordFields = {
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
  writes: list(record({ key, value: optional(bytes), expiresAtMs: f64 })),
};

/** As versions wrote it that knew no collections: still what stands in rows where none is concerned. */
const plainRecord = record(recordFields);
const wholeRecord = record({ ...recordFields, kinds: list(valueKind), elements: list(intendedElement) });

/** What a cell knows of a transaction over several cells: a row of its state. */
export type TransactionRecord = Omit<Infer<typeof plainRecord>, 'writes'> & Intended;

/** Of a transaction that cannot be prepared any more, where nothing of it is locked or intended. */
export function barOf(name: TransactionRecord['name'], sinceMs: number): TransactionRecord {
  const nothing = { version: 0, sharedKeys: [], sharedRanges: [], ownKeys: [], writes: [], elements: [] };
  return { name, state: 'barred', sinceMs, ...nothing };
}

export function bytesOfRecord(whole: TransactionRecord): Bytes {
  const isPlain = whole.elements.length === 0 && whole.writes.every(({ kind }) => kind === 'plain');
  return isPlain
    ? encode(plainRecord, whole)
    : encode(wholeRecord, { ...whole, kinds: whole.writes.map(({ kind }) => kind) });
}

/** The record that a row says; undefined where the bytes are none. */
export function recordOf(row: Bytes): TransactionRecord | undefined {
  const plain = parse(plainRecord, row);
  if (plain.ok) {
    const writes = plain.value.writes.map((write) => ({ ...write, kind: 'plain' as const }));
    return { ...plain.value, writes, elements: [] };
  }
  const whole = parse(wholeRecord, row);
  if (!whole.ok || whole.value.kinds.length !== whole.value.writes.length) return undefined;
  const { kinds, ...rest } = whole.value;
  return { ...rest, writes: rest.writes.map((write, i) => ({ ...write, kind: kinds[i]! })) };
}

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
    elements: whole.elements.filter(({ owner }) => holds(owner)),
  };
}
