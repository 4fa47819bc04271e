import {
  assert,
  type Bytes,
  bytesOfText,
  copyBytes,
  intersection,
  type Key,
  keyAfter,
  must,
  type Range,
} from '../base/index.ts';
import {
  bytesOfHead,
  type CollectionHead,
  type CollectionKind,
  type Intended,
  type IntendedWrite,
  type ValueKind,
} from '../command/index.ts';
import type { CellRow, SplitOff } from './cellState.ts';
import { Elements } from './elements.ts';
import { Expiries } from './expiries.ts';
import { type ChangeKind, History } from './history.ts';
import { Intents } from './intents.ts';
import { type Item, itemCodec, makeItem, never } from './item.ts';
import { answerBytesMax, purgedPerBatchMax } from './limits.ts';
import { Reservations } from './reservations.ts';
import type { RowReader } from './shelves.ts';
import { expiryPrefix, itemPrefix, reservationPrefix } from './stateRanges.ts';
import { Table } from './table.ts';

/** Versions count up to this many operations in one millisecond of log time; beyond that they run ahead of it. */
const versionsPerMs = 2048;

const nobody: readonly string[] = [];

/** The figures that a checkpoint carries beside the rows. */
export interface DataFigures {
  readonly timeMs: number;
  readonly version: number;
  readonly keys: number;
  readonly bytes: number;
  /** Keys from there on are not counted in them; undefined where all are. */
  readonly uncountedFrom: Key | undefined;
}

/**
 * The items of a cell with the index of their expiries, as commands see them: what expired by log time is not there,
 * removed or not.
 */
export class StateData {
  /** Log time. */
  timeMs = 0;
  /** The version that the operation under way gives to what it writes; the highest so far. */
  version = 0;
  keys = 0;
  bytes = 0;
  /** Set by a read that met an item which the reader's clock, but no log time yet, says is expired. */
  needsTime = false;
  isDamaged = false;
  /** What is left of the values that one answer may carry. */
  answerBytesLeft = answerBytesMax;
  /** Transactions over several cells, and what they hold locked here. */
  readonly intents = new Intents();
  readonly reservations = new Reservations();
  /** Whose reservations the operation under way may pass; undefined where that was looked at before it was voted on. */
  holders: readonly string[] | undefined = nobody;
  /** What has changed lately. */
  history = new History();
  /** What the keys held that were written since a trial began; undefined where none is under way. */
  #trial: Map<Key, Item | undefined> | undefined;
  #readerMs = 0;
  #range: Range;
  readonly #items: Table<Item>;
  readonly #expiries: Expiries;
  /** What collections hold. */
  readonly elements: Elements;
  /** Behind a split keys are counted again, some at a time: those from there on are not yet. */
  #uncountedFrom: Key | undefined;

  constructor(storage: RowReader, cell: string, range: Range) {
    const onDamage = (): void => {
      this.isDamaged = true;
    };
    this.#range = range;
    this.#items = new Table({ storage, prefix: itemPrefix, range, codec: itemCodec, onDamage });
    this.elements = new Elements(storage, range, onDamage);
    this.#expiries = new Expiries(storage, expiryPrefix(cell), onDamage);
  }

  get pendingBytes(): number {
    return this.#items.pendingBytes + this.#expiries.pendingBytes + this.elements.pendingBytes;
  }

  /** An operation of the log begins: it sees log time alone, and has a version above all before it. */
  beginOperation(): void {
    const version = Math.max(this.version + 1, Math.floor(this.timeMs) * versionsPerMs);
    assert(version > this.version, 'TX-5: a version does not grow');
    this.version = version;
    this.holders = nobody;
    this.#begin(this.timeMs);
  }

  /** A read begins, for a reader whose clock says `nowMs`. */
  beginRead(nowMs: number): void {
    this.#begin(nowMs);
  }

  /** The moment from which an answer counts what remains. */
  get nowMs(): number {
    return Math.max(this.timeMs, this.#readerMs);
  }

  /** The item of a key, expired or not. */
  find(key: Key): Item | undefined {
    return this.#items.get(key);
  }

  isLive(item: Item): boolean {
    if (item.expiresAtMs <= this.timeMs) return false;
    if (item.expiresAtMs <= this.#readerMs) this.needsTime = true;
    return true;
  }

  /** The item of a key, if it has not expired. */
  live(key: Key): Item | undefined {
    const item = this.#items.get(key);
    return item !== undefined && this.isLive(item) ? item : undefined;
  }

  /** Items of the range that have not expired, in order or from the last down. */
  *liveItems(range: Range, isDown: boolean): IterableIterator<readonly [Key, Item]> {
    const within = intersection(range, this.#range);
    if (within === undefined) return;
    for (const entry of this.#items.entries(within, isDown)) if (this.isLive(entry[1])) yield entry;
  }

  /** The first keys of a range, expired or not, with what each takes. */
  walk(range: Range, keysMax: number): (readonly [Key, number])[] {
    const walked: (readonly [Key, number])[] = [];
    for (const [key, { weight }] of this.#items.entries(range)) {
      walked.push([key, key.length + weight]);
      if (walked.length === keysMax) break;
    }
    return walked;
  }

  /** Puts a value in the place of `old`, which is what `find` gave for the key. A time that is past removes it. */
  put(key: Key, old: Item | undefined, value: Bytes, expiresAtMs: number): void {
    if (old?.isPlain === false) this.elements.clearOf(key);
    this.#replace(key, old, value, expiresAtMs, 'plain');
  }

  /** Says anew what a collection amounts to, whose elements the caller writes. Of a time that is past all is removed. */
  putHead(key: Key, old: Item | undefined, kind: CollectionKind, head: CollectionHead, expiresAtMs: number): void {
    this.#replace(key, old, bytesOfHead(head), expiresAtMs, kind);
  }

  /** Lets what a key holds go at another time. */
  expire(key: Key, item: Item, expiresAtMs: number): void {
    this.#replace(key, item, item.value, expiresAtMs, item.kind);
  }

  #replace(key: Key, old: Item | undefined, value: Bytes, expiresAtMs: number, kind: ValueKind): void {
    if (!(expiresAtMs > this.timeMs)) {
      this.remove(key, old);
      if (kind !== 'plain') this.elements.clearOf(key);
      return;
    }
    const item = makeItem(value, this.version, expiresAtMs, kind);
    this.#beginWrite(key, old);
    assert(old === undefined || old.version <= this.version, 'TX-5: what is written is older than what it replaces');
    if (old !== undefined) this.#count(key, old.weight, -1);
    this.#count(key, item.weight, 1);
    const oldExpiry = old?.expiresAtMs ?? never;
    if (oldExpiry !== expiresAtMs) {
      if (oldExpiry !== never) this.#expiries.remove(oldExpiry, key);
      if (expiresAtMs !== never) this.#expiries.add(expiresAtMs, key);
    }
    this.#items.set(key, item);
    this.#note(kind === 'plain' ? 'put' : 'edit', key, item);
  }

  /** Removes `old`, which is what `find` gave for the key. */
  remove(key: Key, old: Item | undefined): void {
    if (old === undefined) return;
    this.#beginWrite(key, old);
    if (!old.isPlain) this.elements.clearOf(key);
    this.#drop(key, old);
    this.#note('delete', key);
  }

  /** Those who watch learn who has the key reserved for writing. */
  noteLock(key: Key, label: string): void {
    this.history.add('lock', key, this.version, makeItem(bytesOfText(label), this.version, never, 'plain'));
  }

  noteRelease(key: Key): void {
    this.history.add('release', key, this.version, undefined);
  }

  /** What is tried is no change: it is taken back. */
  #note(kind: ChangeKind, key: Key, item?: Item): void {
    if (this.#trial === undefined) this.history.add(kind, key, this.version, item);
  }

  #beginWrite(key: Key, old: Item | undefined): void {
    assert(this.intents.admits(key), 'TX-10: a write passes a transaction that is undecided');
    const rival = this.holders && this.reservations.rivalOf({ writes: [key], clears: false }, this.holders);
    assert(rival === undefined, 'TX-20: a write passes a reservation of somebody else');
    if (this.#trial !== undefined && !this.#trial.has(key)) this.#trial.set(key, old);
  }

  #drop(key: Key, old: Item): void {
    this.#count(key, old.weight, -1);
    if (old.expiresAtMs !== never) this.#expiries.remove(old.expiresAtMs, key);
    this.#items.delete(key);
  }

  clear(): void {
    assert(this.intents.isFree && this.#trial === undefined, 'TX-10: all is cleared past a transaction');
    assert(this.reservations.isFree, 'TX-20: all is cleared past a reservation');
    this.#note('clear', this.#range.from);
    this.#items.clear();
    this.elements.clear();
    this.#expiries.clear();
    this.keys = 0;
    this.bytes = 0;
    this.#uncountedFrom = undefined;
  }

  /** Removes items that expired by log time, the earliest first, a bounded number of them. */
  purge(): void {
    // What has expired is not there, locked or not: who has it locked finds that out when it is decided. Of a collection
    // only what changes was voted on, so its elements stay until then.
    for (const key of this.#expiries.due(this.timeMs, purgedPerBatchMax)) {
      const item = this.#items.get(key);
      if (item === undefined || (!item.isPlain && !this.intents.admits(key))) continue;
      if (!item.isPlain) this.elements.clearOf(key);
      this.#drop(key, item);
      this.#note('expire', key);
    }
  }

  /** What is written from now on is tried, and taken back. */
  beginTrial(): void {
    this.#trial = new Map();
    this.elements.beginTrial();
  }

  /** Takes back what was written since the trial began, and returns it. */
  endTrial(): Intended {
    const before = must(this.#trial, 'a trial ends that did not begin');
    this.#trial = undefined;
    const elements = this.elements.endTrial();
    const writes: IntendedWrite[] = [];
    for (const [key, old] of before) {
      const now = this.#items.get(key);
      const kind = now?.kind ?? 'plain';
      writes.push({ key, value: now?.value, expiresAtMs: now?.expiresAtMs ?? never, kind });
      if (now !== undefined) this.#drop(key, now);
      if (old !== undefined) this.#putBack(key, old);
    }
    return { writes, elements };
  }

  /** Writes what was intended, as of that version. */
  fulfil({ writes, elements }: Intended, version: number): void {
    const highest = Math.max(this.version, version);
    this.holders = undefined;
    this.version = version;
    for (const { owner, name, value } of elements) {
      if (value === undefined) this.elements.delete(owner, name);
      else this.elements.set(owner, name, copyBytes(value));
    }
    for (const { key, value, expiresAtMs, kind } of writes) {
      const old = this.#items.get(key);
      if (value === undefined) this.remove(key, old);
      else this.#replace(key, old, value, expiresAtMs, kind);
    }
    this.version = highest;
  }

  #putBack(key: Key, item: Item): void {
    this.#count(key, item.weight, 1);
    if (item.expiresAtMs !== never) this.#expiries.add(item.expiresAtMs, key);
    this.#items.set(key, item);
  }

  /** When a key expires, or the lease of a reservation may be over. */
  nextExpiryMs(): number | undefined {
    const [expiryMs, endMs] = [this.#expiries.earliestMs, this.reservations.nextEndMs];
    return expiryMs === undefined || endMs === undefined ? (expiryMs ?? endMs) : Math.min(expiryMs, endMs);
  }

  /**
   * Holds only the keys below from now on, and gives the rest to another cell: ranges and rows for a commit, and the
   * figures of what is given. It takes time for each key that expires; both parts count their keys later.
   */
  splitAt({ cell, from }: SplitOff, clear: Range[], rows: CellRow[]): DataFigures {
    this.#items.splitAt(from, clear, rows);
    this.elements.splitAt(from, clear, rows);
    this.intents.splitAt({ cell, from }, this.#range, rows);
    this.reservations.splitAt(from, reservationPrefix(cell), rows);
    this.#expiries.splitAt(from, expiryPrefix(cell), rows);
    this.keys = 0;
    this.bytes = 0;
    this.#range = { from: this.#range.from, to: from };
    this.#uncountedFrom = this.#range.from;
    return { ...this.figures(), uncountedFrom: from };
  }

  /** Counts some of the keys that are not counted yet. */
  countSome(keysMax: number): void {
    const from = this.#uncountedFrom;
    if (from === undefined) return;
    const walked = this.walk({ from, to: this.#range.to }, keysMax);
    for (const [, bytes] of walked) this.bytes += bytes;
    this.keys += walked.length;
    this.#uncountedFrom = walked.length < keysMax ? undefined : keyAfter(walked.at(-1)![0]);
  }

  /** The rows of all expiries, for another cell that has them from now on. */
  expiryRows(prefix: Key): Iterable<CellRow> {
    return this.#expiries.rows(prefix);
  }

  freeze(clear: Range[], rows: CellRow[]): void {
    this.#items.freeze(clear, rows);
    this.elements.freeze(clear, rows);
    this.#expiries.freeze(clear, rows);
  }

  committed(): void {
    this.#items.committed();
    this.elements.committed();
    this.#expiries.committed();
  }

  /** Forgets memory and goes on from what the engine holds, with the figures of its checkpoint. */
  load(range: Range, figures: DataFigures): void {
    this.#range = range;
    this.#items.forget(range);
    this.elements.forget(range);
    this.#expiries.load();
    this.isDamaged = false;
    this.timeMs = figures.timeMs;
    this.version = figures.version;
    this.keys = figures.keys;
    this.bytes = figures.bytes;
    this.#uncountedFrom = figures.uncountedFrom;
  }

  figures(): DataFigures {
    const { timeMs, version, keys, bytes } = this;
    return { timeMs, version, keys, bytes, uncountedFrom: this.#uncountedFrom };
  }

  #count(key: Key, valueLength: number, by: 1 | -1): void {
    if (this.#uncountedFrom !== undefined && key >= this.#uncountedFrom) return;
    this.keys += by;
    this.bytes += by * (key.length + valueLength);
  }

  #begin(readerMs: number): void {
    this.#readerMs = readerMs;
    this.needsTime = false;
    this.answerBytesLeft = answerBytesMax;
  }
}
