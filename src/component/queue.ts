import { assert } from '../base/index.ts';
import type { Listener } from './half.ts';
import { readyEventsMax } from './limits.ts';

const initialCapacity = 1024;

/** The one ready queue of a system: a ring of (listener, event) pairs that doubles when it is full. */
export class ReadyQueue {
  #listeners: (Listener | undefined)[] = new Array(initialCapacity);
  #events: unknown[] = new Array(initialCapacity);
  #mask = initialCapacity - 1;
  #head = 0;
  #tail = 0;
  /** The event that belongs to the listener that `shift` returned last. */
  event: unknown;

  get length(): number {
    return this.#tail - this.#head;
  }

  push(listener: Listener, event: unknown): void {
    if (this.#tail - this.#head > this.#mask) this.#grow();
    const at = this.#tail++ & this.#mask;
    this.#listeners[at] = listener;
    this.#events[at] = event;
  }

  /** The next listener, its event beside it in `event`, or undefined where the queue is empty. */
  shift(): Listener | undefined {
    if (this.#head === this.#tail) return undefined;
    const at = this.#head++ & this.#mask;
    const listener = this.#listeners[at];
    this.event = this.#events[at];
    this.#listeners[at] = undefined;
    this.#events[at] = undefined;
    return listener;
  }

  #grow(): void {
    const count = this.#tail - this.#head;
    assert(count * 2 <= readyEventsMax, () => `${count} events wait: handlers feed each other without end`);
    const listeners: (Listener | undefined)[] = new Array(count * 2);
    const events: unknown[] = new Array(count * 2);
    for (let i = 0; i < count; i++) {
      listeners[i] = this.#listeners[(this.#head + i) & this.#mask];
      events[i] = this.#events[(this.#head + i) & this.#mask];
    }
    this.#listeners = listeners;
    this.#events = events;
    this.#mask = count * 2 - 1;
    this.#head = 0;
    this.#tail = count;
  }
}
