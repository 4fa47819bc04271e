import { assert, type Bytes, copyBytes, type Key, prefixRange, type Range } from '../base/index.ts';
import type { CellRow } from './cellState.ts';
import type { RowReader } from './shelves.ts';
import { type RowCodec, Table } from './table.ts';
import type { IntendedElement } from './transactionRecord.ts';

/** Cells share this prefix of rows, because their ranges are apart. */
export const elementPrefix: Key = 'p';
/** What stands between the spelled key of a collection and the name of an element. */
const end = '\0\0';
/** A zero in a key is spelled so, which is above the end: so the order of spelled keys is that of the keys. */
const spelledZero = '\0\xff';

const elementCodec: RowCodec<Bytes> = {
  encode: (value) => value,
  decode: copyBytes,
  lengthOf: (value) => value.length,
};

/**
 * What the collections of a cell hold: a row for each element, behind the key of its collection and in the order of its
 * name. The rows of a key lie together and in the order of keys, so a split cuts them where it cuts the keys.
 */
export class Elements {
  readonly #rows: Table<Bytes>;
  /** What the rows held that were written since a trial began; undefined where none is under way. */
  #trial: Map<Key, Bytes | undefined> | undefined;

  constructor(storage: RowReader, range: Range, onDamage: () => void) {
    this.#rows = new Table({
      storage,
      prefix: elementPrefix,
      range: spelledRange(range),
      codec: elementCodec,
      onDamage,
    });
  }

  get pendingBytes(): number {
    return this.#rows.pendingBytes;
  }

  get(owner: Key, name: Key): Bytes | undefined {
    return this.#rows.get(rowOf(owner, name));
  }

  /** The value is kept as it is: it must not be a view of something that passes. */
  set(owner: Key, name: Key, value: Bytes): void {
    const row = rowOf(owner, name);
    this.#remember(row);
    this.#rows.set(row, value);
  }

  delete(owner: Key, name: Key): void {
    const row = rowOf(owner, name);
    this.#remember(row);
    this.#rows.delete(row);
  }

  /** The elements of a collection whose names lie in a range, in order or from the last down. Change none meanwhile. */
  *entries(owner: Key, { from, to }: Range, isDown = false): IterableIterator<readonly [Key, Bytes]> {
    const before = rowOf(owner, '');
    const range = { from: before + from, to: to === undefined ? prefixRange(before).to : before + to };
    for (const [row, value] of this.#rows.entries(range, isDown)) yield [row.slice(before.length), value];
  }

  /** Removes all elements of a collection. */
  clearOf(owner: Key): void {
    const before = rowOf(owner, '');
    const rows = [...this.#rows.entries(prefixRange(before))];
    for (const [row] of rows) {
      this.#remember(row);
      this.#rows.delete(row);
    }
  }

  clear(): void {
    assert(this.#trial === undefined, 'TX-10: all is cleared past a transaction');
    this.#rows.clear();
  }

  beginTrial(): void {
    this.#trial = new Map();
  }

  /** Takes back what was written since the trial began, and returns it. */
  endTrial(): IntendedElement[] {
    const before = this.#trial;
    assert(before !== undefined, 'a trial ends that did not begin');
    this.#trial = undefined;
    const writes: IntendedElement[] = [];
    for (const [row, old] of before) {
      writes.push({ ...namesIn(row), value: this.#rows.get(row) });
      if (old === undefined) this.#rows.delete(row);
      else this.#rows.set(row, old);
    }
    return writes;
  }

  splitAt(from: Key, clear: Range[], rows: CellRow[]): void {
    this.#rows.splitAt(spelled(from), clear, rows);
  }

  freeze(clear: Range[], rows: CellRow[]): void {
    this.#rows.freeze(clear, rows);
  }

  committed(): void {
    this.#rows.committed();
  }

  forget(range: Range): void {
    this.#rows.forget(spelledRange(range));
  }

  #remember(row: Key): void {
    if (this.#trial !== undefined && !this.#trial.has(row)) this.#trial.set(row, this.#rows.get(row));
  }
}

/** What an element's row takes of the length that the keys of rows may have. */
export function elementKeyBytes(owner: Key, name: Key): number {
  return elementPrefix.length + rowOf(owner, name).length;
}

/** Where the elements of a range of keys lie, behind the prefix of their rows. */
export function spelledRange({ from, to }: Range): Range {
  return { from: spelled(from), to: to === undefined ? undefined : spelled(to) };
}

/** The rows of the elements of one key, behind their prefix, whose names come after one, or all of them. */
export function elementsOf(owner: Key, after: Key | undefined): Range {
  const before = rowOf(owner, '');
  const { to } = prefixRange(before);
  return { from: after === undefined ? before : `${before}${after}\0`, to };
}

/** The collection and the name that the key of a row says, without its prefix. */
export function namesIn(row: Key): { readonly owner: Key; readonly name: Key } {
  let at = row.indexOf('\0');
  while (row[at + 1] !== '\0') {
    assert(at >= 0 && row[at + 1] === '\xff', 'the key of an element is spelled wrong');
    at = row.indexOf('\0', at + 2);
  }
  return { owner: row.slice(0, at).replaceAll(spelledZero, '\0'), name: row.slice(at + end.length) };
}

function rowOf(owner: Key, name: Key): Key {
  return spelled(owner) + end + name;
}

function spelled(owner: Key): Key {
  return owner.includes('\0') ? owner.replaceAll('\0', spelledZero) : owner;
}
