import {
  type Bytes,
  bytesOfKey,
  checksum,
  copyBytes,
  emptyBytes,
  type Key,
  prefixRange,
  type Range,
} from '../base/index.ts';
import {
  type CollectionHead,
  type CollectionKind,
  type Element,
  spelledScore,
  type ValueKind,
} from '../command/index.ts';
import { orderPrefix } from './ends.ts';
import { type Item, never } from './item.ts';
import type { StateData } from './stateData.ts';

const empty: CollectionHead = { count: 0, bytes: 0, first: 0 };
/** The rows of named elements begin with a checksum of the name: so they lie in an order by chance, and places in it are numbers. */
const placeLength = 4;
/** Of a sorted set the rows of members begin so: see `orderPrefix`. */
const memberPrefix: Key = 'm';

/** A collection of a cell, while one command looks at it or changes it. */
export class Collection {
  readonly #data: StateData;
  readonly #key: Key;
  readonly #kind: CollectionKind;
  readonly #prefix: Key;
  /** What `find` gave for the key. */
  readonly #old: Item | undefined;
  readonly #expiresAtMs: number;
  #count: number;
  #bytes: number;
  first: number;
  #isChanged = false;

  private constructor(data: StateData, key: Key, kind: CollectionKind, old: Item | undefined, isLive: boolean) {
    this.#data = data;
    this.#key = key;
    this.#kind = kind;
    this.#prefix = prefixOf(kind);
    this.#old = old;
    const { count, bytes, first } = isLive ? old!.head : empty;
    this.#count = count;
    this.#bytes = bytes;
    this.first = first;
    this.#expiresAtMs = isLive ? old!.expiresAtMs : never;
  }

  /** The collection of a key, which may be empty; undefined where the key holds something else. */
  static of(data: StateData, key: Key, kind: CollectionKind): Collection | undefined {
    const old = data.find(key);
    const isLive = old !== undefined && data.isLive(old);
    return isLive && old.kind !== kind ? undefined : new Collection(data, key, kind, old, isLive);
  }

  get count(): number {
    return this.#count;
  }

  get(row: Key): Bytes | undefined {
    return this.#count === 0 ? undefined : this.#data.elements.get(this.#key, this.#prefix + row);
  }

  /** Those rows in order, or from the last down. Change none meanwhile. */
  *rows(range: Range, isDown = false): IterableIterator<readonly [Key, Bytes]> {
    if (this.#count > 0) yield* this.#entries(this.#prefix, range, isDown);
  }

  /** Writes a row; true where there was none. */
  set(row: Key, value: Bytes): boolean {
    this.#beginChange();
    const old = this.get(row);
    if (old === undefined) this.#count++;
    this.#bytes += old === undefined ? row.length + value.length : value.length - old.length;
    this.#data.elements.set(this.#key, this.#prefix + row, copyBytes(value));
    return old === undefined;
  }

  /** Removes a row; false where there is none. */
  delete(row: Key): boolean {
    const old = this.get(row);
    if (old === undefined) return false;
    this.#beginChange();
    this.#count--;
    this.#bytes -= row.length + old.length;
    this.#data.elements.delete(this.#key, this.#prefix + row);
    return true;
  }

  /** The rows that give a sorted set its order, in it or from the last down. Change none meanwhile. */
  *ordered(range: Range, isDown = false): IterableIterator<Key> {
    if (this.#count > 0) yield* this.#data.elements.ordered(this.#key, range, isDown);
  }

  /** They are no elements, but ways to find them: each change of a member changes both. */
  addToOrder(row: Key): void {
    this.#bytes += row.length;
    this.#data.elements.set(this.#key, orderPrefix + row, emptyBytes);
  }

  dropFromOrder(row: Key): void {
    this.#bytes -= row.length;
    this.#data.elements.delete(this.#key, orderPrefix + row);
  }

  /** Says in the row of the key what the collection amounts to now. A change must end with it. */
  close(): void {
    if (!this.#isChanged) return;
    const head = { count: this.#count, bytes: this.#bytes, first: this.first };
    if (this.#count === 0) this.#data.remove(this.#key, this.#old);
    else this.#data.putHead(this.#key, this.#old, this.#kind, head, this.#expiresAtMs);
  }

  *#entries(prefix: Key, { from, to }: Range, isDown: boolean): IterableIterator<readonly [Key, Bytes]> {
    const within = { from: prefix + from, to: to === undefined ? prefixRange(prefix).to : prefix + to };
    for (const [row, value] of this.#data.elements.entries(this.#key, within, isDown))
      yield [row.slice(prefix.length), value];
  }

  /** What has expired and is not removed yet must not come back. */
  #beginChange(): void {
    if (this.#isChanged) return;
    this.#isChanged = true;
    if (this.#count === 0 && this.#old?.isPlain === false) this.#data.elements.clearOf(this.#key);
  }
}

/** The row of an element that has a name. */
export function rowOfName(name: Key): Key {
  return spelledPlace(checksum(bytesOfKey(name))) + name;
}

export function nameOfRow(row: Key): Key {
  return row.slice(placeLength);
}

/** Where the name of a row lies among all: a number of 32 bits. */
export function placeOfRow(row: Key): number {
  let place = 0;
  for (let i = 0; i < placeLength; i++) place = place * 0x100 + row.charCodeAt(i);
  return place;
}

/** The rows from a place on. */
export function fromPlace(place: number): Range {
  return { from: spelledPlace(place), to: undefined };
}

export function elementOf([row, value]: readonly [Key, Bytes]): Element {
  return { name: nameOfRow(row), value };
}

/** The element that a row of a collection is; undefined where it is but a way to one. */
export function elementIn(kind: ValueKind, row: Key, value: Bytes): Element | undefined {
  if (kind === 'list') return { name: '', value };
  const prefix = prefixOf(kind);
  return row.startsWith(prefix) ? elementOf([row.slice(prefix.length), value]) : undefined;
}

/** How long the longest row of an element may get, the row being that of its name. */
export function longestRow(kind: ValueKind, row: Key): Key {
  return kind === 'sortedSet' ? orderPrefix + spelledScore(0) + nameOfRow(row) : row;
}

function prefixOf(kind: ValueKind): Key {
  return kind === 'sortedSet' ? memberPrefix : '';
}

function spelledPlace(place: number): Key {
  return String.fromCharCode((place >>> 24) & 0xff, (place >>> 16) & 0xff, (place >>> 8) & 0xff, place & 0xff);
}
