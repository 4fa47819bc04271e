import { heldMs, heldMsMax } from './limits.ts';
import type { Outbox } from './outbox.ts';
import type { Pending } from './pending.ts';
import type { Route } from './route.ts';

/** Calls that an undecided transaction or a reservation keeps from their keys: nothing of them happened, and they are sent again in a moment. */
export class Holds {
  readonly #outbox: Outbox;
  readonly #after: (delayMs: number, run: () => void) => void;

  constructor(outbox: Outbox, after: (delayMs: number, run: () => void) => void) {
    this.#outbox = outbox;
    this.#after = after;
  }

  add(route: Route, id: number, pending: Pending): void {
    if (pending.isHeld) return;
    pending.isHeld = true;
    this.#after(Math.min(heldMsMax, heldMs * 2 ** pending.holds++), () => this.#sendAgain(route, id, pending));
  }

  /** A write takes those along that must follow it: the cell left them undone with it. */
  #sendAgain(route: Route, id: number, pending: Pending): void {
    const { isRead, call } = pending;
    pending.isHeld = false;
    if ((isRead ? route.reads : route.writes).get(id) !== pending) return;
    if (isRead) this.#outbox.send(route, [], [id]);
    else this.#outbox.send(route, call.order === 0 ? [id] : route.writesOf(call.order), []);
  }
}
