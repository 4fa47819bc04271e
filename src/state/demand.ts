import type { Key } from '../base/index.ts';
import { type Command, rangeOf } from '../command/index.ts';
import { demandEvery, demandKeysMax } from './limits.ts';

/** What is asked of a cell on this peer: how much, and of which keys, by a sample. No part of its state. */
export class Demand {
  /** Commands so far. */
  count = 0;
  #keys: Key[] = [];
  #next = 0;

  note(asked: Command): void {
    if (++this.count % demandEvery !== 0) return;
    const range = rangeOf(asked);
    if (range === undefined) return;
    this.#keys[this.#next] = range.from;
    this.#next = (this.#next + 1) % demandKeysMax;
  }

  /** The keys of some of the last commands, in order. */
  sample(): readonly Key[] {
    return [...this.#keys].sort();
  }

  /** The cell holds other keys from now on. */
  forget(): void {
    this.#keys = [];
    this.#next = 0;
  }
}
