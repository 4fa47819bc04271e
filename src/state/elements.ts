import { assert, type Bytes, copyBytes, type Key, prefixRange, type Range } from '../base/index.ts';
import { elementPrefix, type IntendedElement, namesIn, rowOf, spelled, spelledRange } from '../command/index.ts';
import type { CellRow } from './cellState.ts';
import { Ends, orderPrefix } from './ends.ts';
import type { RowReader } from './shelves.ts';
import { type RowCodec, Table } from './table.ts';

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
  readonly #ends = new Ends();
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
    this.#ends.added(owner, name);
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

  /** The rows of a range, of those that give a sorted set its order. Change none meanwhile. */
  *ordered(owner: Key, range: Range, isDown: boolean): IterableIterator<Key> {
    const { from, to } = prefixRange(orderPrefix);
    const isFromEnd = isDown ? range.to === undefined : range.from === '';
    const asked = { from: from + range.from, to: range.to === undefined ? to : orderPrefix + range.to };
    let isFirst = isFromEnd;
    for (const [row] of this.entries(owner, this.#ends.within(owner, asked), isDown)) {
      if (isFirst) this.#ends.found(owner, row, isDown);
      isFirst = false;
      yield row.slice(orderPrefix.length);
    }
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
    this.#ends.forget();
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
    this.#ends.forget();
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
    this.#ends.forget();
    this.#rows.forget(spelledRange(range));
  }

  #remember(row: Key): void {
    if (this.#trial !== undefined && !this.#trial.has(row)) this.#trial.set(row, this.#rows.get(row));
  }
}
