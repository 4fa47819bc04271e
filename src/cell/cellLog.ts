import { assert, must } from '../base/index.ts';
import type { JournalPosition } from '../world/index.ts';
import { type Entry, sizeOfEntry } from './entry.ts';

/**
 * The log of a cell as one replica holds it in memory: what came since the checkpoint before the last, without gaps.
 * Indices begin at 1 and go on over epochs. The journal has the same entries, and the position of each is kept here.
 */
export class CellLog {
  #first: number;
  #entries: Entry[] = [];
  #positions: JournalPosition[] = [];
  #bytes = 0;

  /** An empty log behind the index `base`. */
  constructor(base: number) {
    this.#first = base + 1;
  }

  /** The lowest index that is still held. */
  get first(): number {
    return this.#first;
  }

  /** The highest index, or that before `first` where nothing is held. */
  get end(): number {
    return this.#first + this.#entries.length - 1;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(index: number): Entry {
    return must(this.#entries[index - this.#first], () => `entry ${index} is not in [${this.#first}, ${this.end}]`);
  }

  append(entry: Entry, position: JournalPosition): void {
    this.#entries.push(entry);
    this.#positions.push(position);
    this.#bytes += sizeOfEntry(entry);
  }

  /** Takes away all above `end`. */
  truncate(end: number): void {
    while (this.end > end && this.#entries.length > 0) {
      this.#bytes -= sizeOfEntry(this.#entries.pop()!);
      this.#positions.pop();
    }
  }

  /** Is empty behind `base` from now on. */
  reset(base: number): void {
    this.#entries = [];
    this.#positions = [];
    this.#bytes = 0;
    this.#first = base + 1;
  }

  /** Begins behind `base`; entries above it stay. */
  rebase(base: number): void {
    if (base > this.end) this.reset(base);
    else this.forget(base);
  }

  /** Takes away all up to `upTo`, which is in a checkpoint. */
  forget(upTo: number): void {
    const count = Math.min(upTo, this.end) - this.#first + 1;
    if (count <= 0) return;
    for (const entry of this.#entries.splice(0, count)) this.#bytes -= sizeOfEntry(entry);
    this.#positions.splice(0, count);
    this.#first += count;
  }

  /** The entries from `from` to `to`, fewer where they exceed `bytesMax`, but at least one. */
  slice(from: number, to: number, bytesMax: number): Entry[] {
    assert(from >= this.#first, () => `entry ${from} is wanted of a log that begins at ${this.#first}`);
    const entries: Entry[] = [];
    let bytes = 0;
    for (let index = from; index <= Math.min(to, this.end); index++) {
      const entry = this.#entries[index - this.#first]!;
      bytes += sizeOfEntry(entry);
      if (bytes > bytesMax && entries.length > 0) break;
      entries.push(entry);
    }
    return entries;
  }

  /** What the entries from `from` on take together; stops counting above `bytesMax`. */
  bytesFrom(from: number, bytesMax: number): number {
    let bytes = 0;
    for (let index = Math.max(from, this.#first); index <= this.end && bytes <= bytesMax; index++) {
      bytes += sizeOfEntry(this.#entries[index - this.#first]!);
    }
    return bytes;
  }

  /** Where the journal may be trimmed if all up to `index` is in a checkpoint taken when the journal ended at `end`. */
  trimPosition(index: number, end: JournalPosition): JournalPosition {
    const next = this.#positions[index + 1 - this.#first];
    return next === undefined ? end : Math.min(end, next - 1);
  }
}
