import type { Bytes, Key, Range } from '../base/index.ts';
import type { Row, Scan, ScanLimit, Snapshot, Storage } from '../world/index.ts';
import {
  keyOnShelf,
  otherShelving,
  placed,
  type ShelvedRange,
  type Shelving,
  shelvedRanges,
  takenDown,
} from './shelving.ts';

/** What reads rows: the engine, or the shelf on which a cell lives. */
export type RowReader = Pick<Storage, 'get' | 'scan' | 'scanDown'>;

/**
 * The shelves of one cell on one disk, and which of them it lives on. A snapshot comes in on the other: they change
 * places in one commit (CELL-16).
 */
export class Shelves implements RowReader {
  readonly #storage: RowReader;
  #present: Shelving;

  constructor(storage: RowReader, present: Shelving) {
    this.#storage = storage;
    this.#present = present;
  }

  get present(): Shelving {
    return this.#present;
  }

  get other(): Shelving {
    return otherShelving(this.#present);
  }

  /** The engine holds the cell there now. */
  change(to: Shelving): void {
    this.#present = to;
  }

  get(key: Key): Bytes | undefined | 'damaged' {
    return this.#storage.get(keyOnShelf(this.#present, key));
  }

  scan(range: Range, limit: ScanLimit): Scan | 'damaged' {
    return scanShelf(this.#present, this.#storage, range, limit);
  }

  scanDown(range: Range, limit: ScanLimit): Scan | 'damaged' {
    const parts = shelvedRanges(this.#present, range).reverse();
    return scanParts(parts, limit, (part, left) => this.#storage.scanDown(part, left));
  }
}

/** Rows as the cell calls them, wherever they stand. */
export function scanShelf(
  shelving: Shelving,
  rows: Pick<RowReader, 'scan'> | Snapshot,
  range: Range,
  limit: ScanLimit,
): Scan | 'damaged' {
  return scanParts(shelvedRanges(shelving, range), limit, (part, left) => rows.scan(part, left));
}

/** Rows of all parts in their order, until a limit ends the list. */
function scanParts(
  parts: readonly ShelvedRange[],
  { rowsMax, bytesMax }: ScanLimit,
  scan: (part: Range, limit: ScanLimit) => Scan | 'damaged',
): Scan | 'damaged' {
  const [first] = parts;
  if (first === undefined) return { rows: [], more: false };
  if (parts.length === 1 && first.shelf === 'lower') return scan(first, { rowsMax, bytesMax });
  const rows: Row[] = [];
  let bytes = 0;
  for (const part of parts) {
    if (rows.length >= rowsMax || (rows.length > 0 && bytes >= bytesMax)) return { rows, more: true };
    const page = scan(placed(part), { rowsMax: rowsMax - rows.length, bytesMax: bytesMax - bytes });
    if (page === 'damaged') return 'damaged';
    for (const { key, value } of page.rows) {
      rows.push({ key: takenDown(part.shelf, key), value });
      bytes += key.length + value.length;
    }
    if (page.more) return { rows, more: true };
  }
  return { rows, more: false };
}
