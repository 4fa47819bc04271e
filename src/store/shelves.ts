import type { Bytes, Key, Range } from '../base/index.ts';
import type { Scan, ScanLimit, Snapshot, Storage } from '../world/index.ts';
import type { CellRow } from './cellState.ts';

/**
 * One of two places in the engine for the rows of a cell's state. The cell lives on one of them, and a snapshot comes in
 * on the other: they change places in one commit (CELL-16).
 */
export type Shelf = 'lower' | 'upper';

/** What reads rows: the engine, or the shelf on which a cell lives. */
export type RowReader = Pick<Storage, 'get' | 'scan' | 'scanDown'>;

/** Keys on the upper shelf begin with this, and then are what they are on the lower one. */
const upperPrefix = '~';
const upperEnd = '\x7f';
const shelfPrefix = 'h';
const isUpper = new Uint8Array([1]);

/** The shelves of one cell on one disk, and which of them it lives on. */
export class Shelves implements RowReader {
  readonly #storage: RowReader;
  #present: Shelf;

  constructor(storage: RowReader, present: Shelf) {
    this.#storage = storage;
    this.#present = present;
  }

  get present(): Shelf {
    return this.#present;
  }

  get other(): Shelf {
    return this.#present === 'lower' ? 'upper' : 'lower';
  }

  /** The engine holds the cell on the other shelf now. */
  change(): void {
    this.#present = this.other;
  }

  get(key: Key): Bytes | undefined | 'damaged' {
    return this.#storage.get(keyOnShelf(this.#present, key));
  }

  scan(range: Range, limit: ScanLimit): Scan | 'damaged' {
    return takenDown(this.#present, this.#storage.scan(rangeOnShelf(this.#present, range), limit));
  }

  scanDown(range: Range, limit: ScanLimit): Scan | 'damaged' {
    return takenDown(this.#present, this.#storage.scanDown(rangeOnShelf(this.#present, range), limit));
  }
}

/** Rows of a snapshot as the cell calls them, wherever they stand. */
export function scanShelf(shelf: Shelf, snapshot: Snapshot, range: Range, limit: ScanLimit): Scan | 'damaged' {
  return takenDown(shelf, snapshot.scan(rangeOnShelf(shelf, range), limit));
}

export function rowsOnShelf(shelf: Shelf, rows: readonly CellRow[]): readonly CellRow[] {
  return shelf === 'lower' ? rows : rows.map(({ key, value }) => ({ key: keyOnShelf(shelf, key), value }));
}

export function rangesOnShelf(shelf: Shelf, ranges: readonly Range[]): readonly Range[] {
  return ranges.map((range) => rangeOnShelf(shelf, range));
}

/** The row that says where a cell lives. There is none where it is the lower shelf. */
export function shelfRow(cell: string, shelf: Shelf): CellRow {
  return { key: shelfKey(cell), value: shelf === 'upper' ? isUpper : undefined };
}

export function shelfKey(cell: string): Key {
  return shelfPrefix + cell;
}

function keyOnShelf(shelf: Shelf, key: Key): Key {
  return shelf === 'lower' ? key : upperPrefix + key;
}

function rangeOnShelf(shelf: Shelf, range: Range): Range {
  if (shelf === 'lower') return range;
  return { from: upperPrefix + range.from, to: range.to === undefined ? upperEnd : upperPrefix + range.to };
}

function takenDown(shelf: Shelf, page: Scan | 'damaged'): Scan | 'damaged' {
  if (shelf === 'lower' || page === 'damaged') return page;
  return { rows: page.rows.map(({ key, value }) => ({ key: key.slice(upperPrefix.length), value })), more: page.more };
}
