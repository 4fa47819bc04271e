import { assert, type Bytes, contains, copyBytes, type Key, type Range } from '../base/index.ts';
import {
  bytesOfRecord,
  type Footprint,
  type Intended,
  partOfRecord,
  recordOf,
  type TransactionName,
  type TransactionRecord,
} from '../command/index.ts';
import type { CellRow, SplitOff } from './cellState.ts';
import { overdueMax, overdueMs, transactionKeepMs, transactionsMax } from './limits.ts';
import { transactionPrefix } from './stateRanges.ts';
import type { TransactionFigures } from './transactionFigures.ts';

/**
 * What a cell knows of transactions over several cells, and what they hold locked here. All of it is in the replicated
 * state and changes by the log alone, so no lock is lost with a leader, and checkpoints, snapshots and splits carry it.
 */
export class Intents {
  readonly #records = new Map<string, TransactionRecord>();
  /** Who is to write a key, or has read one that expires. Not in order: few keys are locked, and ranges are asked for seldom. */
  readonly #owners = new Map<Key, string>();
  /** Who has read a key: several may. */
  readonly #readers = new Map<Key, ReadonlySet<string>>();
  readonly #ranges = new Map<string, readonly Range[]>();
  #prepared = 0;
  #votes = 0;
  #bytes = 0;
  /** Log time from which a bar is of no use any more; none ends earlier. */
  #barsEndMs = Number.POSITIVE_INFINITY;
  /** Records that changed, or went, since the last checkpoint. */
  readonly #changed = new Set<string>();

  /** Nothing is locked. */
  get isFree(): boolean {
    return this.#prepared === 0;
  }

  get isFull(): boolean {
    return this.#records.size >= transactionsMax;
  }

  get figures(): Omit<TransactionFigures, 'reserved'> {
    return { undecided: this.#prepared, votes: this.#votes };
  }

  /** What intended writes take in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  get records(): Iterable<TransactionRecord> {
    return this.#records.values();
  }

  get(id: string): TransactionRecord | undefined {
    return this.#records.get(id);
  }

  /** A transaction that must be decided before what has that footprint can happen here (TX-10). */
  blocking({ reads, ranges, writes, clears }: Footprint): TransactionRecord | undefined {
    if (this.isFree) return undefined;
    const holder =
      (clears ? this.#anybody() : undefined) ??
      firstOf(reads, (key) => this.#owners.get(key)) ??
      firstOf(ranges, (range) => this.#ownerIn(range)) ??
      firstOf(writes, (key) => this.#holderOf(key));
    return holder === undefined ? undefined : this.#records.get(holder);
  }

  /** Whether a key may be written: nobody has locked it. */
  admits(key: Key): boolean {
    return this.isFree || this.#holderOf(key) === undefined;
  }

  add(record: TransactionRecord): void {
    const { id } = record.name;
    assert(!this.#records.has(id), 'TX-9: a second vote takes the place of the first');
    this.#records.set(id, record);
    this.#changed.add(id);
    if (record.state === 'prepared') this.#lock(id, record);
    if (record.state === 'barred') this.#barsEndMs = Math.min(this.#barsEndMs, endOf(record));
  }

  /** It is decided: nothing of it is locked any more. */
  settle(record: TransactionRecord, version: number): void {
    const { id } = record.name;
    assert(record.state === 'prepared', 'TX-11: a transaction is decided twice');
    assert(version === 0 || version >= record.version, 'TX-11: a transaction is older than one of its votes');
    this.#unlock(id, record);
    this.#changed.add(id);
    if (version === 0) this.#records.delete(id);
    else this.#records.set(id, committed(record, version));
  }

  forget(id: string): void {
    assert(this.#records.get(id)?.state === 'committed', 'TX-12: what is not done everywhere is forgotten');
    this.#records.delete(id);
    this.#changed.add(id);
  }

  /** Whether all that was voted for here by that log time is decided. */
  isDecidedUpTo(timeMs: number): boolean {
    if (this.isFree) return true;
    for (const { state, sinceMs } of this.#records.values())
      if (state === 'prepared' && sinceMs <= timeMs) return false;
    return true;
  }

  /** Lets bars go that no vote can come for any more. */
  sweep(timeMs: number): void {
    if (timeMs <= this.#barsEndMs) return;
    this.#barsEndMs = Number.POSITIVE_INFINITY;
    for (const [id, record] of this.#records) {
      if (record.state !== 'barred') continue;
      if (timeMs > endOf(record)) {
        this.#records.delete(id);
        this.#changed.add(id);
      } else this.#barsEndMs = Math.min(this.#barsEndMs, endOf(record));
    }
  }

  /** Some of those that somebody should see to: undecided for long, or done for so long that nobody asks any more. */
  overdue(nowMs: number): TransactionName[] {
    const overdue: TransactionName[] = [];
    for (const record of this.#records.values()) {
      const { name, state, sinceMs } = record;
      const dueMs = state === 'prepared' ? sinceMs + overdueMs : state === 'committed' ? endOf(record) : Infinity;
      if (nowMs > dueMs) overdue.push(name);
      if (overdue.length === overdueMax) break;
    }
    return overdue;
  }

  /** Holds only what concerns the keys below from now on, and adds what concerns the others to the rows of a commit. */
  splitAt({ cell, from }: SplitOff, range: Range, rows: CellRow[]): void {
    const records = [...this.#records.values()];
    const prefix = transactionPrefix(cell);
    for (const record of records) {
      const { id } = record.name;
      if (record.state === 'prepared') this.#unlock(id, record);
      this.#records.delete(id);
      this.#changed.add(id);
      const upper = partOfRecord(record, { from, to: range.to });
      if (upper !== undefined) rows.push({ key: prefix + id, value: bytesOfRecord(upper) });
      const lower = partOfRecord(record, { from: range.from, to: from });
      if (lower !== undefined) this.add(lower);
    }
  }

  /** The rows of what changed since the last call; undefined for records that went. */
  freeze(prefix: Key, rows: CellRow[]): void {
    for (const id of this.#changed) {
      const record = this.#records.get(id);
      rows.push({ key: prefix + id, value: record === undefined ? undefined : bytesOfRecord(record) });
    }
    this.#changed.clear();
  }

  clear(): void {
    this.#records.clear();
    this.#owners.clear();
    this.#readers.clear();
    this.#ranges.clear();
    this.#changed.clear();
    this.#prepared = 0;
    this.#bytes = 0;
    this.#barsEndMs = Number.POSITIVE_INFINITY;
  }

  /** Takes a record from its row; false where the bytes are none. */
  restore(id: string, row: Bytes): boolean {
    const record = recordOf(copyBytes(row));
    if (record?.name.id !== id) return false;
    this.add(record);
    this.#changed.delete(id);
    return true;
  }

  #lock(id: string, record: TransactionRecord): void {
    const { sharedKeys, sharedRanges, ownKeys } = record;
    for (const key of ownKeys) {
      assert(this.#holderOf(key) === undefined, 'TX-10: a key is locked twice');
      this.#owners.set(key, id);
    }
    for (const key of sharedKeys) this.#readers.set(key, new Set(this.#readers.get(key)).add(id));
    if (sharedRanges.length > 0) this.#ranges.set(id, sharedRanges);
    this.#prepared++;
    this.#votes++;
    this.#bytes += sizeOf(record);
  }

  #unlock(id: string, record: TransactionRecord): void {
    const { sharedKeys, sharedRanges, ownKeys } = record;
    for (const key of ownKeys) this.#owners.delete(key);
    for (const key of sharedKeys) {
      const rest = new Set(this.#readers.get(key));
      rest.delete(id);
      if (rest.size === 0) this.#readers.delete(key);
      else this.#readers.set(key, rest);
    }
    if (sharedRanges.length > 0) this.#ranges.delete(id);
    this.#prepared--;
    this.#bytes -= sizeOf(record);
  }

  #holderOf(key: Key): string | undefined {
    const owner = this.#owners.get(key) ?? firstIn(this.#readers.get(key));
    if (owner !== undefined) return owner;
    for (const [id, ranges] of this.#ranges) if (ranges.some((range) => contains(range, key))) return id;
    return undefined;
  }

  #ownerIn(range: Range): string | undefined {
    for (const [key, id] of this.#owners) if (contains(range, key)) return id;
    return undefined;
  }

  #anybody(): string | undefined {
    for (const [id, { state }] of this.#records) if (state === 'prepared') return id;
    return undefined;
  }
}

const none: readonly never[] = [];

/** What is left of a record that is decided. Every field is named: spreading costs ten times as much. */
function committed({ name, sinceMs }: TransactionRecord, version: number): TransactionRecord {
  const state = 'committed';
  const [sharedKeys, sharedRanges, ownKeys] = [none, none, none];
  return { name, state, version, sinceMs, sharedKeys, sharedRanges, ownKeys, writes: none, elements: none };
}

/** From then on, by log time, no cell votes for it any more, and nobody asks what became of it. */
function endOf({ name }: TransactionRecord): number {
  return name.beganMs + transactionKeepMs;
}

function sizeOf({ writes, elements }: Intended): number {
  let size = 0;
  for (const { key, value } of writes) size += key.length + (value?.length ?? 0);
  for (const { owner, name, value } of elements) size += owner.length + name.length + (value?.length ?? 0);
  return size;
}

function firstOf<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function firstIn(ids: ReadonlySet<string> | undefined): string | undefined {
  for (const id of ids ?? []) return id;
  return undefined;
}
