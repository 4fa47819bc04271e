import { assert, type Bytes, contains, intersection, type Key, type Range } from '../base/index.ts';
import type { Row, Scan } from '../world/index.ts';
import type { CellRow } from './cellState.ts';
import { Generation } from './generation.ts';
import {
  rowCacheBytesMax,
  rowOverheadBytes,
  tableFirstPageRows,
  tablePageBytesMax,
  tablePageRowsMax,
} from './limits.ts';
import type { RowReader } from './shelves.ts';

/** How the values of a table stand in its rows. */
export interface RowCodec<V> {
  /** The bytes of the row; called at a checkpoint. */
  encode(value: V): Bytes;
  /** The value of a row, or undefined where the bytes are no such value. What it keeps of the bytes it copies. */
  decode(bytes: Bytes): V | undefined;
  lengthOf(value: V): number;
}

export interface TableOptions<V> {
  readonly storage: RowReader;
  /** What the keys of the rows begin with. */
  readonly prefix: Key;
  /** The keys that the table may hold at first. */
  readonly range: Range;
  readonly codec: RowCodec<V>;
  /** Called when a row turns out to be damaged: what the table answers from then on means nothing. */
  readonly onDamage: () => void;
}

/**
 * An ordered table larger than memory: what changed since the last checkpoint, over what is being checkpointed, over
 * the engine. Answers come from the highest layer that knows the key.
 */
export class Table<V> {
  readonly #options: TableOptions<V>;
  /** The keys that it holds now. */
  #range: Range;
  #changes: Generation<V>;
  #frozen: Generation<V> | undefined;
  /** Rows that were read from the engine and not changed since, the oldest first. */
  readonly #cache = new Map<Key, V>();
  #cacheBytes = 0;

  constructor(options: TableOptions<V>) {
    this.#options = options;
    this.#range = options.range;
    this.#changes = new Generation(options.codec.lengthOf);
  }

  /** Bytes of memory held for changes that are not in the engine yet. */
  get pendingBytes(): number {
    return this.#changes.bytes + (this.#frozen?.bytes ?? 0);
  }

  get(key: Key): V | undefined {
    const changed = this.#changes.get(key);
    if (changed !== undefined) return changed ?? undefined;
    if (this.#changes.isCleared) return undefined;
    if (this.#frozen !== undefined) {
      const frozen = this.#frozen.get(key);
      if (frozen !== undefined) return frozen ?? undefined;
      if (this.#frozen.isCleared) return undefined;
    }
    return this.#cache.get(key) ?? this.#fetch(key);
  }

  set(key: Key, value: V): void {
    assert(contains(this.#range, key), () => `the key ${JSON.stringify(key)} is outside the range of the cell`);
    this.#dropCached(key);
    this.#changes.set(key, value);
  }

  delete(key: Key): void {
    this.#dropCached(key);
    this.#changes.set(key, null);
  }

  clear(): void {
    this.#changes.clear();
    this.#clearCache();
  }

  /** Forgets all that is in memory: the engine has the truth now, of these keys. */
  forget(range: Range): void {
    this.#range = range;
    this.#changes = new Generation(this.#options.codec.lengthOf);
    this.#frozen = undefined;
    this.#clearCache();
  }

  /** The keys of the range in order, or from the last down. Change nothing while it is read. */
  *entries(range: Range, isDown = false): IterableIterator<readonly [Key, V]> {
    const within = intersection(range, this.#range);
    if (within === undefined) return;
    const layers = this.#layers(within, isDown);
    const heads = layers.map((layer) => layer.next());
    for (;;) {
      const top = firstHead(heads, isDown);
      if (top === undefined) return;
      const [key, value] = top;
      for (let i = 0; i < heads.length; i++) {
        const head = heads[i]!;
        if (!head.done && head.value[0] === key) heads[i] = layers[i]!.next();
      }
      if (value !== null) yield [key, value];
    }
  }

  /**
   * From now on this table ends below `from`. What changed behind it and may not be in the engine is added to the rows
   * and ranges of a commit, with which the engine holds all of it for somebody else.
   */
  splitAt(from: Key, clear: Range[], rows: CellRow[]): void {
    const { prefix, codec } = this.#options;
    const given: Range = { from, to: this.#range.to };
    const frozen = this.#frozen;
    const isCleared = this.#changes.isCleared;
    if (isCleared || frozen?.isCleared) clear.push(rowRange(prefix, given));
    const latest = new Map<Key, V | null>();
    // What is being committed stays there too: it comes to the engine before these rows do. Of that some may be another's already,
    // by a split before this one, and newer there.
    if (frozen !== undefined && !isCleared)
      for (const [key, value] of frozen.changes) if (contains(given, key)) latest.set(key, value);
    for (const [key, value] of this.#changes.takeFrom(from)) latest.set(key, value);
    for (const [key, value] of latest)
      rows.push({ key: prefix + key, value: value === null ? undefined : codec.encode(value) });
    for (const key of [...this.#cache.keys()]) if (key >= from) this.#dropCached(key);
    this.#range = { from: this.#range.from, to: from };
  }

  /** Moves the changes aside, as rows and ranges for one commit. */
  freeze(clear: Range[], rows: CellRow[]): void {
    assert(this.#frozen === undefined, 'a checkpoint is begun before the last one is committed');
    const { prefix, codec } = this.#options;
    const frozen = this.#changes;
    this.#frozen = frozen;
    this.#changes = new Generation(codec.lengthOf);
    if (frozen.isCleared) clear.push(rowRange(prefix, this.#range));
    for (const [key, value] of frozen.changes) {
      rows.push({ key: prefix + key, value: value === null ? undefined : codec.encode(value) });
    }
  }

  committed(): void {
    this.#frozen = undefined;
  }

  #layers(range: Range, isDown: boolean): Iterator<readonly [Key, V | null]>[] {
    const layers: Iterator<readonly [Key, V | null]>[] = [this.#changes.entries(range.from, range.to, isDown)];
    if (this.#changes.isCleared) return layers;
    if (this.#frozen !== undefined) {
      layers.push(this.#frozen.entries(range.from, range.to, isDown));
      if (this.#frozen.isCleared) return layers;
    }
    layers.push(this.#engineEntries(range, isDown));
    return layers;
  }

  *#engineEntries(range: Range, isDown: boolean): IterableIterator<readonly [Key, V]> {
    const { storage, prefix, codec, onDamage } = this.#options;
    let rest: Range | undefined = rowRange(prefix, range);
    // Who wants the first row alone should not pay for a page, so pages grow.
    for (let rowsMax = tableFirstPageRows; rest !== undefined; rowsMax = Math.min(4 * rowsMax, tablePageRowsMax)) {
      const limit = { rowsMax, bytesMax: tablePageBytesMax };
      const page: Scan | 'damaged' = isDown ? storage.scanDown(rest, limit) : storage.scan(rest, limit);
      if (page === 'damaged') return onDamage();
      for (const row of page.rows) {
        const value = codec.decode(row.value);
        if (value === undefined) return onDamage();
        yield [row.key.slice(prefix.length), value];
      }
      const last: Row | undefined = page.rows.at(-1);
      if (!page.more || last === undefined) return;
      rest = isDown ? { from: rest.from, to: last.key } : { from: `${last.key}\0`, to: rest.to };
    }
  }

  #fetch(key: Key): V | undefined {
    const { storage, prefix, codec, onDamage } = this.#options;
    const bytes = storage.get(prefix + key);
    if (bytes === undefined) return undefined;
    const value = bytes === 'damaged' ? undefined : codec.decode(bytes);
    if (value === undefined) {
      onDamage();
      return undefined;
    }
    this.#cacheBytes += this.#cachedBytes(key, value);
    this.#cache.set(key, value);
    if (this.#cacheBytes > rowCacheBytesMax) this.#dropOldest();
    return value;
  }

  #dropOldest(): void {
    for (const key of this.#cache.keys()) {
      if (this.#cacheBytes <= rowCacheBytesMax) return;
      this.#dropCached(key);
    }
  }

  #dropCached(key: Key): void {
    if (this.#cache.size === 0) return;
    const value = this.#cache.get(key);
    if (value === undefined) return;
    this.#cacheBytes -= this.#cachedBytes(key, value);
    this.#cache.delete(key);
  }

  #clearCache(): void {
    this.#cache.clear();
    this.#cacheBytes = 0;
  }

  #cachedBytes(key: Key, value: V): number {
    return key.length + this.#options.codec.lengthOf(value) + rowOverheadBytes;
  }
}

/** The rows of a range of keys under a prefix; the prefix ends in a byte below 255. */
export function rowRange(prefix: Key, range: Range): Range {
  if (range.to !== undefined) return { from: prefix + range.from, to: prefix + range.to };
  const last = prefix.charCodeAt(prefix.length - 1);
  return { from: prefix + range.from, to: prefix.slice(0, -1) + String.fromCharCode(last + 1) };
}

/** The entry that comes first among the layers; of two with one key that of the higher layer. */
function firstHead<V>(
  heads: readonly IteratorResult<readonly [Key, V | null]>[],
  isDown: boolean,
): readonly [Key, V | null] | undefined {
  let first: readonly [Key, V | null] | undefined;
  for (const head of heads) {
    if (head.done) continue;
    if (first === undefined || (isDown ? head.value[0] > first[0] : head.value[0] < first[0])) first = head.value;
  }
  return first;
}
