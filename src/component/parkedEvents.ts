import type { Listener } from './gate.ts';
import { parkedEventsMax } from './limits.ts';

interface ParkedEvent {
  readonly listener: Listener;
  readonly event: unknown;
}

/** What came for a component while it was not active: a component that always was has none of this. */
export class ParkedEvents {
  #waiting: ParkedEvent[] = [];
  /** Events that there was no room for. */
  dropped = 0;

  get count(): number {
    return this.#waiting.length;
  }

  add(listener: Listener, event: unknown): void {
    if (this.#waiting.length >= parkedEventsMax) this.dropped++;
    else this.#waiting.push({ listener, event });
  }

  takeAll(): readonly ParkedEvent[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
