import type { Listener } from './gate.ts';

export interface Waiting {
  readonly listener: Listener;
  readonly event: unknown;
}

/** Events that wait for one component, the oldest first. */
export class Backlog {
  #waiting: (Waiting | undefined)[] = [];
  #first = 0;

  get length(): number {
    return this.#waiting.length - this.#first;
  }

  push(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  /** Puts one before all others. */
  unshift(waiting: Waiting): void {
    if (this.#first === 0) this.#waiting.unshift(waiting);
    else this.#waiting[--this.#first] = waiting;
  }

  shift(): Waiting | undefined {
    const oldest = this.#waiting[this.#first];
    this.#waiting[this.#first++] = undefined;
    // What was taken is cut off when it is the larger part: seldom enough to cost nothing.
    if (this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return oldest;
  }
}
