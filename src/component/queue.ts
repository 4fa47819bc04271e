import { assert } from '../base/index.ts';
import type { Listener } from './gate.ts';
import { readyEventsMax } from './limits.ts';

/** Few systems ever have more waiting; a simulation has a hundred thousand of them. */
const initialCapacity = 64;

/** The one ready queue of a system: a ring of listeners, the event of each behind it, that doubles when it is full. */
export class ReadyQueue {
  #ring: unknown[] = new Array(2 * initialCapacity).fill(undefined);
  #mask = 2 * initialCapacity - 1;
  #head = 0;
  #tail = 0;
  get length(): number {
    return ((this.#tail - this.#head) & this.#mask) / 2;
  }

  push(listener: Listener, event: unknown): void {
    const ring = this.#ring;
    const at = this.#tail;
    ring[at] = listener;
    ring[at + 1] = event;
    this.#tail = (at + 2) & this.#mask;
    if (this.#tail === this.#head) this.#grow();
  }

  /** Puts an event before all that wait. */
  unshift(listener: Listener, event: unknown): void {
    this.#head = (this.#head - 2) & this.#mask;
    this.#ring[this.#head] = listener;
    this.#ring[this.#head + 1] = event;
    if (this.#tail === this.#head) this.#grow();
  }

  /** The listener whose turn it is; undefined where the queue is empty. */
  get listener(): Listener | undefined {
    return this.#ring[this.#head] as Listener | undefined;
  }

  /** The event that belongs to it. */
  get event(): unknown {
    return this.#ring[this.#head + 1];
  }

  /** Shows who is to handle each event that waits, in its order. */
  eachListener(visit: (listener: Listener) => void): void {
    for (let at = this.#head; at !== this.#tail; at = (at + 2) & this.#mask) visit(this.#ring[at] as Listener);
  }

  /** Forgets what waits behind the first so many. */
  dropAfter(count: number): void {
    const end = (this.#head + 2 * count) & this.#mask;
    for (let at = end; at !== this.#tail; at = (at + 1) & this.#mask) this.#ring[at] = undefined;
    this.#tail = end;
  }

  advance(): void {
    const ring = this.#ring;
    const at = this.#head;
    ring[at] = undefined;
    ring[at + 1] = undefined;
    this.#head = (at + 2) & this.#mask;
    // Where little waits, the same few places of the ring are used, which stay in the processor's cache.
    if (this.#head === this.#tail) this.#head = this.#tail = 0;
  }

  /** The ring is full: head and tail are one place. */
  #grow(): void {
    const ring = this.#ring;
    const count = ring.length / 2;
    assert(count * 2 <= readyEventsMax, () => `${count} events wait: handlers feed each other without end`);
    this.#ring = [...ring.slice(this.#head), ...ring.slice(0, this.#head), ...new Array(ring.length).fill(undefined)];
    this.#mask = this.#ring.length - 1;
    this.#head = 0;
    this.#tail = 2 * count;
  }
}
