import { type Bytes, type Key, type Range, SortedMap } from '../src/base/index.ts';
import type { Batch, JournalPosition, Recovery, Scan, ScanLimit, Snapshot, Storage } from '../src/world/index.ts';

/** An engine in memory that applies a commit when the test says so, and damages rows when the test says so. */
export class MemoryStorage implements Storage {
  readonly rows = new SortedMap<Bytes>();
  readonly damaged = new Set<Key>();
  readonly end: JournalPosition = 0;
  #waiting: Batch[] = [];
  #ticket = 0;

  append(): JournalPosition {
    return this.end;
  }

  trim(): void {
    // This disk has no journal.
  }

  recover(): Recovery {
    return { records: [], damagedUpTo: 0 };
  }

  get(key: Key): Bytes | undefined | 'damaged' {
    return this.damaged.has(key) ? 'damaged' : this.rows.get(key);
  }

  scan(range: Range, limit: ScanLimit): Scan | 'damaged' {
    return this.#take(this.rows.entries(range.from, range.to), limit);
  }

  scanDown(range: Range, limit: ScanLimit): Scan | 'damaged' {
    return this.#take(this.rows.entriesDown(range.from, range.to), limit);
  }

  commit(batch: Batch): number {
    this.#waiting.push(batch);
    return ++this.#ticket;
  }

  /** Every commit so far reaches the engine. */
  settle(): void {
    for (const { clear, rows } of this.#waiting) {
      for (const range of clear)
        for (const [key] of [...this.rows.entries(range.from, range.to)]) this.rows.delete(key);
      for (const { key, value } of rows) {
        if (value === undefined) this.rows.delete(key);
        else this.rows.set(key, value);
      }
    }
    this.#waiting = [];
  }

  snapshot(): Snapshot {
    return { scan: (range, limit) => this.scan(range, limit) as Scan, close: () => undefined };
  }

  sizeBytes(): { journalBytes: number; engineBytes: number } {
    return { journalBytes: 0, engineBytes: 0 };
  }

  #take(entries: Iterable<readonly [Key, Bytes]>, limit: ScanLimit): Scan | 'damaged' {
    const rows: { key: Key; value: Bytes }[] = [];
    for (const [key, value] of entries) {
      if (this.damaged.has(key)) return 'damaged';
      if (rows.length >= limit.rowsMax) return { rows, more: true };
      rows.push({ key, value });
    }
    return { rows, more: false };
  }
}
