import { type Key, SortedMap } from '../base/index.ts';
import { rowOverheadBytes } from './limits.ts';

/**
 * What changed in a table between two checkpoints: a value for each key that was set, null for each that was deleted.
 * Keys are put in order only when somebody asks for their order.
 */
export class Generation<V> {
  readonly changes = new Map<Key, V | null>();
  /** Everything below this generation is gone: the table was cleared. */
  isCleared = false;
  bytes = 0;
  readonly #lengthOf: (value: V) => number;
  readonly #order = new SortedMap<true>();
  #unordered: Key[] = [];

  constructor(lengthOf: (value: V) => number) {
    this.#lengthOf = lengthOf;
  }

  /** The value, null where the key was deleted, undefined where this generation does not know it. */
  get(key: Key): V | null | undefined {
    return this.changes.get(key);
  }

  set(key: Key, value: V | null): void {
    const old = this.changes.get(key);
    if (old === undefined) {
      this.#unordered.push(key);
      this.bytes += key.length + rowOverheadBytes;
    } else if (old !== null) {
      this.bytes -= this.#lengthOf(old);
    }
    if (value !== null) this.bytes += this.#lengthOf(value);
    this.changes.set(key, value);
  }

  clear(): void {
    this.changes.clear();
    this.#order.clear();
    this.#unordered = [];
    this.bytes = 0;
    this.isCleared = true;
  }

  /** Takes out the changes of keys from `from` on. */
  takeFrom(from: Key): (readonly [Key, V | null])[] {
    const taken: (readonly [Key, V | null])[] = [];
    for (const [key, value] of this.changes) if (key >= from) taken.push([key, value]);
    for (const [key, value] of taken) {
      this.changes.delete(key);
      this.#order.delete(key);
      this.bytes -= key.length + rowOverheadBytes + (value === null ? 0 : this.#lengthOf(value));
    }
    this.#unordered = this.#unordered.filter((key) => key < from);
    return taken;
  }

  /** Changes of the keys in [from, to), in order or from the last down. */
  *entries(from: Key, to: Key | undefined, isDown: boolean): IterableIterator<readonly [Key, V | null]> {
    this.#sort();
    const keys = isDown ? this.#order.entriesDown(from, to) : this.#order.entries(from, to);
    for (const [key] of keys) yield [key, this.changes.get(key)!];
  }

  #sort(): void {
    for (const key of this.#unordered) this.#order.set(key, true);
    this.#unordered = [];
  }
}
