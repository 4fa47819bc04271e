import type { Key } from '../base/index.ts';
import type { Entropy } from '../world/index.ts';
import { cursorsMax } from './limits.ts';

/** Numbers of one draw, so that two positions never share one. */
const numbersPerDraw = 0x1_0000;

/**
 * The positions of scans under way. Clients take a cursor for a number, so a number stands for the key to go on from;
 * the oldest are forgotten when there are too many.
 */
export class Cursors {
  readonly #positions = new Map<number, Key>();
  readonly #entropy: Entropy;
  #count = 0;

  constructor(entropy: Entropy) {
    this.#entropy = entropy;
  }

  /** A number for a position. It is hard to guess, so that a cursor of another peer is hardly taken for one of ours. */
  keep(position: Key): number {
    const cursor = (this.#entropy.u32() + 1) * numbersPerDraw + (this.#count++ % numbersPerDraw);
    this.#positions.set(cursor, position);
    if (this.#positions.size > cursorsMax) {
      for (const oldest of this.#positions.keys()) {
        this.#positions.delete(oldest);
        break;
      }
    }
    return cursor;
  }

  /** The position, as long as it is remembered: a client may ask twice with one cursor. */
  get(cursor: number): Key | undefined {
    return this.#positions.get(cursor);
  }
}
