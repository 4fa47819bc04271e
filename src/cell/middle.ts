import { type Key, lowerBound } from '../base/index.ts';
import { demandKeysMin, demandShareMin, middleMarks } from './limits.ts';

/** A key, and the bytes of all before it. */
interface Mark {
  readonly key: Key;
  readonly before: number;
}

/** Finds the key that halves what a cell holds and what is asked of it, walking over its keys a slice at a time. */
export class Middle {
  readonly #stepBytes: number;
  readonly #marks: Mark[] = [];
  #bytes = 0;

  /** `bytes` is what the cell holds, about. */
  constructor(bytes: number) {
    this.#stepBytes = bytes / middleMarks;
  }

  /** The next keys in order, with the bytes of each. */
  walk(slice: readonly (readonly [Key, number])[]): void {
    for (const [key, bytes] of slice) {
      const last = this.#marks.at(-1)?.before ?? 0;
      if (this.#bytes > 0 && this.#bytes - last >= this.#stepBytes) this.#marks.push({ key, before: this.#bytes });
      this.#bytes += bytes;
    }
  }

  /**
   * The key at which a split balances best: by bytes alone where little is asked, else by both alike. With
   * `isForDemand` only where each part is asked enough: one hot key is not cooled by a split beside it.
   */
  choose(demand: readonly Key[], isForDemand: boolean): Key | undefined {
    const counts = demand.length >= demandKeysMin;
    let best: Key | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const { key, before } of this.#marks) {
      const held = before / this.#bytes;
      const asked = counts ? shareBelow(demand, key) : held;
      if (isForDemand && Math.min(asked, 1 - asked) < demandShareMin) continue;
      const off = Math.abs(held - 0.5) + Math.abs(asked - 0.5);
      if (off >= least) continue;
      least = off;
      best = key;
    }
    return best;
  }
}

/** The share of keys below one; `keys` are in order. */
function shareBelow(keys: readonly Key[], key: Key): number {
  return lowerBound(keys, key) / keys.length;
}
