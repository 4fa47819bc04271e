import { NumberedMap } from '../base/index.ts';
import type { Pending } from './pending.ts';

/** The calls of one order: those that are under way, all to one cell, and those behind them. */
interface Lane {
  cell: string;
  open: number;
  /** Its calls are being let go: whoever is over meanwhile sets nobody free. */
  isPumping: boolean;
  readonly waiting: Pending[];
}

/** Where a call may go: to a cell, to several of them, or nowhere yet. */
export type Heading = { readonly cell: string } | 'many cells' | 'none yet';

/**
 * Calls of one order that go to different cells. Within a cell the calls of an order are under way together, and the
 * cell keeps them apart; those for another cell wait until all before them are over (TX-8).
 */
export class Lanes {
  readonly #lanes = new NumberedMap<Lane>();

  /** Puts a call behind those of its order. */
  add(pending: Pending): void {
    const { order } = pending.call;
    const lane = this.#lanes.get(order);
    if (lane === undefined) this.#lanes.set(order, { cell: '', open: 0, isPumping: false, waiting: [pending] });
    else lane.waiting.push(pending);
  }

  /** Lets the calls of an order go that may, in their order. `find` says where a call is to go, `go` sends it there. */
  pump(order: number, find: (pending: Pending) => Heading, go: (pending: Pending, heading: Heading) => void): void {
    const lane = this.#lanes.get(order);
    if (lane === undefined || lane.isPumping) return;
    lane.isPumping = true;
    for (;;) {
      const next = lane.waiting[0];
      if (next === undefined) break;
      const heading = find(next);
      if (heading === 'none yet') break;
      const cell = heading === 'many cells' ? '' : heading.cell;
      // Who goes to many cells goes alone.
      if (lane.open > 0 && (cell === '' || cell !== lane.cell)) break;
      lane.cell = cell;
      lane.open++;
      lane.waiting.shift();
      go(next, heading);
    }
    lane.isPumping = false;
    if (lane.open === 0 && lane.waiting.length === 0) this.#lanes.delete(order);
  }

  /** A call that was let go is over. True where others waited for it. */
  leave(order: number): boolean {
    const lane = this.#lanes.get(order);
    if (lane === undefined) return false;
    lane.open--;
    if (lane.open > 0 || lane.isPumping) return false;
    if (lane.waiting.length > 0) return true;
    this.#lanes.delete(order);
    return false;
  }

  /** The orders of which calls wait. */
  get waiting(): readonly number[] {
    return [...this.#lanes].filter(([, { waiting }]) => waiting.length > 0).map(([order]) => order);
  }

  /** Takes out the calls whose patience is over. */
  expire(nowMs: number): readonly Pending[] {
    const late: Pending[] = [];
    for (const [order, lane] of this.#lanes) {
      for (let i = lane.waiting.length - 1; i >= 0; i--) {
        if (lane.waiting[i]!.deadlineMs <= nowMs) late.unshift(...lane.waiting.splice(i, 1));
      }
      if (lane.open === 0 && lane.waiting.length === 0) this.#lanes.delete(order);
    }
    return late;
  }
}
