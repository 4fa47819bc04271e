import { emptyBytes, everything, type Key, lowestKey } from '../base/index.ts';
import { expiryEntry, timeLength, timeOf } from '../command/index.ts';
import type { CellRow } from './cellState.ts';
import type { RowReader } from './shelves.ts';
import { type RowCodec, Table } from './table.ts';

/** An entry has no value of its own: its key says it all. */
const presenceCodec: RowCodec<true> = { encode: () => emptyBytes, decode: () => true, lengthOf: () => 0 };

/** The keys of a cell that expire, by the time at which they do. */
export class Expiries {
  readonly #entries: Table<true>;
  /** The earliest one: undefined where there is none, and 'unknown' until somebody asks. */
  #earliest: number | undefined | 'unknown' = 'unknown';
  /** No entry lies below: what was removed there is not walked over again. */
  #from: Key = lowestKey;

  constructor(storage: RowReader, prefix: Key, onDamage: () => void) {
    this.#entries = new Table({ storage, prefix, range: everything, codec: presenceCodec, onDamage });
  }

  get pendingBytes(): number {
    return this.#entries.pendingBytes;
  }

  /** When the first key expires. */
  get earliestMs(): number | undefined {
    if (this.#earliest === 'unknown') {
      const first = this.#entries.entries({ from: this.#from, to: undefined }).next();
      this.#earliest = first.done ? undefined : timeOf(first.value[0]);
      if (!first.done) this.#from = first.value[0];
    }
    return this.#earliest;
  }

  /** Keys that expire up to a time, the earliest first, at most so many. */
  due(timeMs: number, keysMax: number): Key[] {
    const due: Key[] = [];
    const { earliestMs } = this;
    if (earliestMs === undefined || earliestMs > timeMs) return due;
    for (const [entry] of this.#entries.entries({ from: this.#from, to: undefined })) {
      if (due.length === keysMax || timeOf(entry) > timeMs) break;
      due.push(entry.slice(timeLength));
    }
    return due;
  }

  add(timeMs: number, key: Key): void {
    const entry = expiryEntry(timeMs, key);
    this.#entries.set(entry, true);
    if (entry < this.#from) this.#from = entry;
    if (this.#earliest === undefined || (this.#earliest !== 'unknown' && timeMs < this.#earliest)) {
      this.#earliest = timeMs;
    }
  }

  remove(timeMs: number, key: Key): void {
    this.#entries.delete(expiryEntry(timeMs, key));
    if (timeMs === this.#earliest) this.#earliest = 'unknown';
  }

  clear(): void {
    this.#entries.clear();
    this.#earliest = undefined;
    this.#from = lowestKey;
  }

  /** Gives those of the keys from one on to another cell, as rows for a commit. It takes time for each key that expires. */
  splitAt(from: Key, prefix: Key, rows: CellRow[]): void {
    const given: Key[] = [];
    for (const [entry] of this.#entries.entries(everything)) if (entry.slice(timeLength) >= from) given.push(entry);
    for (const entry of given) {
      this.remove(timeOf(entry), entry.slice(timeLength));
      rows.push({ key: prefix + entry, value: emptyBytes });
    }
  }

  /** The rows of all of them, for another cell that has them from now on. */
  *rows(prefix: Key): Iterable<CellRow> {
    for (const [entry] of this.#entries.entries(everything)) yield { key: prefix + entry, value: emptyBytes };
  }

  freeze(...to: Parameters<Table<true>['freeze']>): void {
    this.#entries.freeze(...to);
  }

  committed(): void {
    this.#entries.committed();
  }

  /** Forgets memory and goes on from what the engine holds. */
  load(): void {
    this.#entries.forget(everything);
    this.#earliest = 'unknown';
    this.#from = lowestKey;
  }
}
