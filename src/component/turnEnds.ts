import type { Instance } from './instance.ts';

/** What a component put off to the end of the turn, in the life that it was in then. */
export interface TurnEnd {
  readonly instance: Instance;
  readonly generation: number;
  readonly handler: () => void;
}

/** What waits for the end of a turn. Its places stay when it is emptied: a list cut to nothing would make new ones each turn. */
export class TurnEnds {
  readonly #places: (TurnEnd | undefined)[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(end: TurnEnd): void {
    this.#places[this.#length++] = end;
  }

  /** How many of these components put off. */
  countOf(instances: ReadonlySet<Instance>): number {
    let count = 0;
    for (let i = 0; i < this.#length; i++) if (instances.has(this.#places[i]!.instance)) count++;
    return count;
  }

  /** Hands each to `run`, in their order, and is empty behind them. */
  empty(run: (end: TurnEnd) => void): void {
    const { length } = this;
    for (let i = 0; i < length; i++) {
      const end = this.#places[i]!;
      this.#places[i] = undefined;
      run(end);
    }
    this.#length = 0;
  }
}
