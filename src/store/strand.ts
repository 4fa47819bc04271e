import type { Pending } from './pending.ts';

/** Eventual writes that are open and concern each other, by their tickets, and the calls that must not pass them. */
export class Strand {
  /** The order in which the router does them; 0 where they are of several orders. */
  readonly order: number;
  /** In the order in which they were taken. */
  readonly #open = new Set<number>();
  #behind: { readonly last: number; readonly pending: Pending }[] = [];

  constructor(order: number) {
    this.order = order;
  }

  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  get isOver(): boolean {
    return this.#open.size === 0 && this.#behind.length === 0;
  }

  add(ticket: number): void {
    this.#open.add(ticket);
  }

  /** A call waits for all that were taken up to that ticket: not for later ones, which may never end. */
  wait(pending: Pending, last: number): void {
    this.#behind.push({ last, pending });
  }

  /** A write is over; returns the calls that need wait no longer. */
  end(ticket: number): readonly Pending[] {
    this.#open.delete(ticket);
    const [oldest = Number.POSITIVE_INFINITY] = this.#open;
    const waiting = this.#behind.findIndex(({ last }) => last >= oldest);
    return this.#behind.splice(0, waiting < 0 ? this.#behind.length : waiting).map(({ pending }) => pending);
  }

  /** Takes out the calls whose patience is over. */
  expire(nowMs: number): readonly Pending[] {
    const late = this.#behind.filter(({ pending }) => pending.deadlineMs <= nowMs);
    this.#behind = this.#behind.filter(({ pending }) => pending.deadlineMs > nowMs);
    return late.map(({ pending }) => pending);
  }
}
