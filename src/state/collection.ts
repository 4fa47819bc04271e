import { type Bytes, bytesOfKey, checksum, copyBytes, type Key, type Range } from '../base/index.ts';
import type { CollectionHead, CollectionKind, Element } from '../command/index.ts';
import { type Item, never } from './item.ts';
import type { StateData } from './stateData.ts';

const empty: CollectionHead = { count: 0, bytes: 0, first: 0 };
/** The rows of named elements begin with a checksum of the name: so they lie in an order by chance, and places in it are numbers. */
const placeLength = 4;

/** A collection of a cell, while one command looks at it or changes it. */
export class Collection {
  readonly #data: StateData;
  readonly #key: Key;
  readonly #kind: CollectionKind;
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
    return this.#count === 0 ? undefined : this.#data.elements.get(this.#key, row);
  }

  /** Those rows in order, or from the last down. Change none meanwhile. */
  *rows(range: Range, isDown = false): IterableIterator<readonly [Key, Bytes]> {
    if (this.#count > 0) yield* this.#data.elements.entries(this.#key, range, isDown);
  }

  /** Writes a row; true where there was none. `counts`: it is an element, and not a way to find one. */
  set(row: Key, value: Bytes, counts = true): boolean {
    this.#beginChange();
    const old = this.get(row);
    if (old === undefined && counts) this.#count++;
    this.#bytes += old === undefined ? row.length + value.length : value.length - old.length;
    this.#data.elements.set(this.#key, row, copyBytes(value));
    return old === undefined;
  }

  /** Removes a row; false where there is none. */
  delete(row: Key, counts = true): boolean {
    const old = this.get(row);
    if (old === undefined) return false;
    this.#beginChange();
    if (counts) this.#count--;
    this.#bytes -= row.length + old.length;
    this.#data.elements.delete(this.#key, row);
    return true;
  }

  /** Says in the row of the key what the collection amounts to now. A change must end with it. */
  close(): void {
    if (!this.#isChanged) return;
    const head = { count: this.#count, bytes: this.#bytes, first: this.first };
    if (this.#count === 0) this.#data.remove(this.#key, this.#old);
    else this.#data.putHead(this.#key, this.#old, this.#kind, head, this.#expiresAtMs);
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

function spelledPlace(place: number): Key {
  return String.fromCharCode((place >>> 24) & 0xff, (place >>> 16) & 0xff, (place >>> 8) & 0xff, place & 0xff);
}
