import type { Key, Range } from '../base/index.ts';
import { rememberedEndsMax } from './limits.ts';

/** Behind the rows of its members a sorted set has those that give their order: they begin so. */
export const orderPrefix: Key = 'o';

/**
 * Where the orders of sorted sets begin and end, as far as somebody has looked. What was taken from there lately is not walked over
 * again: whoever takes the first a thousand times would pass a thousand removed ones. It is in memory alone, and may know nothing.
 */
export class Ends {
  /** No row of the order lies below. */
  readonly #first = new Map<Key, Key>();
  /** None lies above. */
  readonly #last = new Map<Key, Key>();

  /** As much of a range as can hold rows of the order. */
  within(owner: Key, { from, to }: Range): Range {
    const first = this.#first.get(owner);
    const last = this.#last.get(owner);
    const end = last === undefined ? to : `${last}\0`;
    return {
      from: first !== undefined && first > from ? first : from,
      to: end !== undefined && (to === undefined || end < to) ? end : to,
    };
  }

  /** Somebody looked for the first, or the last, and found it. */
  found(owner: Key, row: Key, isLast: boolean): void {
    const known = isLast ? this.#last : this.#first;
    if (known.size >= rememberedEndsMax && !known.has(owner)) known.clear();
    known.set(owner, row);
  }

  added(owner: Key, row: Key): void {
    if (!row.startsWith(orderPrefix)) return;
    const first = this.#first.get(owner);
    if (first !== undefined && row < first) this.#first.set(owner, row);
    const last = this.#last.get(owner);
    if (last !== undefined && row > last) this.#last.set(owner, row);
  }

  forget(): void {
    this.#first.clear();
    this.#last.clear();
  }
}
