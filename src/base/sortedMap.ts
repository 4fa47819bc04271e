import type { Key } from './key.ts';

const chunkLengthMax = 512;

interface Chunk<V> {
  readonly keys: Key[];
  readonly values: V[];
}

/**
 * A map that keeps its keys in order: a sorted list of sorted chunks, which measures faster in JavaScript than a tree
 * or a skip list, because a chunk is one flat array.
 */
export class SortedMap<V> {
  #chunks: Chunk<V>[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: Key): V | undefined {
    const chunk = this.#chunks[this.#chunkOf(key)];
    if (chunk === undefined) return undefined;
    const at = lowerBound(chunk.keys, key);
    return chunk.keys[at] === key ? chunk.values[at] : undefined;
  }

  has(key: Key): boolean {
    const chunk = this.#chunks[this.#chunkOf(key)];
    return chunk !== undefined && chunk.keys[lowerBound(chunk.keys, key)] === key;
  }

  set(key: Key, value: V): void {
    const index = this.#chunkOf(key);
    const chunk = this.#chunks[index];
    if (chunk === undefined) {
      this.#chunks.push({ keys: [key], values: [value] });
      this.#size++;
      return;
    }
    const at = lowerBound(chunk.keys, key);
    if (chunk.keys[at] === key) {
      chunk.values[at] = value;
      return;
    }
    chunk.keys.splice(at, 0, key);
    chunk.values.splice(at, 0, value);
    this.#size++;
    if (chunk.keys.length > chunkLengthMax) this.#halve(index);
  }

  delete(key: Key): boolean {
    const index = this.#chunkOf(key);
    const chunk = this.#chunks[index];
    if (chunk === undefined) return false;
    const at = lowerBound(chunk.keys, key);
    if (chunk.keys[at] !== key) return false;
    chunk.keys.splice(at, 1);
    chunk.values.splice(at, 1);
    this.#size--;
    if (chunk.keys.length === 0) this.#chunks.splice(index, 1);
    return true;
  }

  clear(): void {
    this.#chunks = [];
    this.#size = 0;
  }

  /** Entries from `from` (included) up to `to` (excluded; undefined for the end), in order. Do not change it meanwhile. */
  *entries(from: Key = '', to?: Key): IterableIterator<readonly [Key, V]> {
    for (let c = this.#chunkOf(from); c < this.#chunks.length; c++) {
      const { keys, values } = this.#chunks[c]!;
      for (let i = lowerBound(keys, from); i < keys.length; i++) {
        if (to !== undefined && keys[i]! >= to) return;
        yield [keys[i]!, values[i]!];
      }
    }
  }

  /** The same entries from the last to the first. */
  *entriesDown(from: Key = '', to?: Key): IterableIterator<readonly [Key, V]> {
    const highest = this.#chunks.length - 1;
    const last = to === undefined ? highest : Math.min(this.#chunkOf(to), highest);
    for (let c = last; c >= 0; c--) {
      const { keys, values } = this.#chunks[c]!;
      for (let i = (to === undefined ? keys.length : lowerBound(keys, to)) - 1; i >= 0; i--) {
        if (keys[i]! < from) return;
        yield [keys[i]!, values[i]!];
      }
    }
  }

  /** The index of the chunk that holds `key`, or where it would go: the last chunk for a key above all. */
  #chunkOf(key: Key): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { keys } = this.#chunks[middle]!;
      if (keys[keys.length - 1]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #halve(index: number): void {
    const chunk = this.#chunks[index]!;
    const half = chunk.keys.length >>> 1;
    this.#chunks.splice(index + 1, 0, { keys: chunk.keys.splice(half), values: chunk.values.splice(half) });
  }
}

/** The first index whose key is not below `key`; `keys` are in order. */
export function lowerBound(keys: readonly Key[], key: Key): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
