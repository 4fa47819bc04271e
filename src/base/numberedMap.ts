import { assert } from './assert.ts';

/** How many numbers stand on a page: what is left on one that is almost empty keeps it whole. */
const pageSize = 64;

interface Page<V> {
  readonly items: (V | undefined)[];
  count: number;
}

/**
 * A map from whole numbers to what is known under them, for numbers that mostly grow and entries that come and go by the
 * thousand: calls under way, results that are kept until they are heard. It goes through them by pages, in the order in which those
 * came to be, and within a page by number.
 *
 * A `Map` is no place for such entries. When it has grown or worn out it moves to a new table, which the old one points to; once one
 * old table has become an old object of the engine, it keeps the next one, and that the next, each with all that it ever held, until
 * the whole heap is looked through. So what lived for a moment is copied as if it stayed: with 800 calls under way this took four
 * times the time of the calls.
 */
export class NumberedMap<V extends NonNullable<unknown>> {
  readonly #pages = new Map<number, Page<V>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(at: number): V | undefined {
    return this.#pages.get(pageNumberOf(at))?.items[placeOf(at)];
  }

  has(at: number): boolean {
    return this.get(at) !== undefined;
  }

  set(at: number, value: V): void {
    assert(Number.isSafeInteger(at), 'a numbered map is for whole numbers');
    const page = this.#pageOf(pageNumberOf(at));
    if (page.items[placeOf(at)] === undefined) {
      page.count++;
      this.#size++;
    }
    page.items[placeOf(at)] = value;
  }

  /** False where there was nothing. */
  delete(at: number): boolean {
    const number = pageNumberOf(at);
    const page = this.#pages.get(number);
    if (page?.items[placeOf(at)] === undefined) return false;
    page.items[placeOf(at)] = undefined;
    page.count--;
    this.#size--;
    if (page.count === 0) this.#pages.delete(number);
    return true;
  }

  clear(): void {
    this.#pages.clear();
    this.#size = 0;
  }

  /** Entries may go while they are gone through. */
  *[Symbol.iterator](): Generator<[number, V]> {
    for (const [number, { items }] of this.#pages) {
      for (let i = 0; i < pageSize; i++) {
        const value = items[i];
        if (value !== undefined) yield [number * pageSize + i, value];
      }
    }
  }

  *keys(): Generator<number> {
    for (const [at] of this) yield at;
  }

  *values(): Generator<V> {
    for (const [, value] of this) yield value;
  }

  #pageOf(number: number): Page<V> {
    const known = this.#pages.get(number);
    if (known !== undefined) return known;
    const page = { items: new Array<V | undefined>(pageSize).fill(undefined), count: 0 };
    this.#pages.set(number, page);
    return page;
  }
}

function pageNumberOf(at: number): number {
  return Math.floor(at / pageSize);
}

function placeOf(at: number): number {
  return at - Math.floor(at / pageSize) * pageSize;
}
