import { type Bytes, type Key, type Range, SortedMap } from '../../base/index.ts';
import type { Batch, Row, Scan, ScanLimit, Snapshot } from '../index.ts';

/** What an engine holds at one moment. */
interface Image {
  readonly rows: SortedMap<Bytes>;
  /** Rows whose checksum does not fit any more. */
  readonly damaged: Set<Key>;
  /** Open snapshots of it: while there are any, it is copied before it is changed. */
  pins: number;
}

/** The ordered rows of a simulated disk. */
export class SimulatedEngine {
  #image: Image = { rows: new SortedMap(), damaged: new Set(), pins: 0 };

  get(key: Key): Bytes | undefined | 'damaged' {
    return this.#image.damaged.has(key) ? 'damaged' : this.#image.rows.get(key);
  }

  scan(range: Range, limit: ScanLimit): Scan | 'damaged' {
    return scanImage(this.#image, range, limit);
  }

  scanDown(range: Range, limit: ScanLimit): Scan | 'damaged' {
    return take(this.#image, this.#image.rows.entriesDown(range.from, range.to), limit);
  }

  snapshot(): Snapshot {
    const image = this.#image;
    let isOpen = true;
    image.pins++;
    return {
      scan: (range, limit) => scanImage(image, range, limit),
      close: () => {
        if (isOpen) image.pins--;
        isOpen = false;
      },
    };
  }

  apply(batch: Batch): void {
    const { rows, damaged } = this.#writable();
    for (const range of batch.clear) {
      for (const key of [...rows.entries(range.from, range.to)].map(([key]) => key)) {
        rows.delete(key);
        damaged.delete(key);
      }
    }
    for (const { key, value } of batch.rows) {
      damaged.delete(key);
      if (value === undefined) rows.delete(key);
      else rows.set(key, value);
    }
  }

  /** The row is another, and its checksum fits: what it was nobody can tell from it. Undefined: it is gone. */
  change(key: Key, value: Bytes | undefined): void {
    this.apply({ clear: [], rows: [{ key, value }] });
  }

  /** A bit of the row turns: its checksum fits no more. */
  damage(key: Key): void {
    this.#writable().damaged.add(key);
  }

  keys(range: Range): Key[] {
    return [...this.#image.rows.entries(range.from, range.to)].map(([key]) => key);
  }

  get sizeBytes(): number {
    let size = 0;
    for (const [key, value] of this.#image.rows.entries()) size += key.length + value.length;
    return size;
  }

  #writable(): Image {
    const image = this.#image;
    if (image.pins === 0) return image;
    const rows = new SortedMap<Bytes>();
    for (const [key, value] of image.rows.entries()) rows.set(key, value);
    this.#image = { rows, damaged: new Set(image.damaged), pins: 0 };
    return this.#image;
  }
}

function scanImage(image: Image, range: Range, limit: ScanLimit): Scan | 'damaged' {
  return take(image, image.rows.entries(range.from, range.to), limit);
}

function take(image: Image, entries: Iterable<readonly [Key, Bytes]>, limit: ScanLimit): Scan | 'damaged' {
  const rows: Row[] = [];
  let bytes = 0;
  for (const [key, value] of entries) {
    bytes += key.length + value.length;
    if (rows.length > 0 && (rows.length >= limit.rowsMax || bytes > limit.bytesMax)) return { rows, more: true };
    if (image.damaged.has(key)) return 'damaged';
    rows.push({ key, value });
  }
  return { rows, more: false };
}
