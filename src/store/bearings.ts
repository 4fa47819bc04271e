import type { AccessMessage } from '../command/index.ts';
import type { Address } from '../world/index.ts';
import type { Outbox } from './outbox.ts';
import { returned } from './pending.ts';
import type { Route } from './route.ts';
import type { Routes } from './routes.ts';

/** Whom the calls of each cell are sent to: its leader, as long as one is heard of, else one member after the other. */
export class Bearings {
  readonly #routes: Routes;
  readonly #outbox: Outbox;

  constructor(routes: Routes, outbox: Outbox) {
    this.#routes = routes;
    this.#outbox = outbox;
  }

  /** Whom we ask does not lead, and may know who does. */
  redirected(from: Address, message: AccessMessage & { kind: 'elsewhere' }): void {
    const { cell, session, leader } = message;
    const isMeant = (one: Route): boolean => session === '' || session === one.session;
    const route = this.#routes.find(cell, isMeant) ?? this.#routes.get(cell);
    if (route === undefined || from !== route.target) return;
    route.hasAnswered = true;
    for (const sequence of message.sequences) returned(route.writes.get(sequence));
    for (const id of message.ids) returned(route.reads.get(id));
    // Where nobody leads the next tick asks another member, which gives an election the time that it needs.
    if (leader !== '' && leader !== from) this.#turnTo(route, leader);
  }

  /** Whom we ask leads no more: all that it left open is asked again, of its successor if one is known. */
  resigned(from: Address, message: AccessMessage & { kind: 'resigned' }): void {
    const { cell, leader } = message;
    for (const route of this.#routes) {
      if (route.hint.cell !== cell || from !== route.target) continue;
      route.hasAnswered = true;
      for (const pending of route.writes.values()) returned(pending);
      if (leader !== '') this.#turnTo(route, leader);
    }
  }

  /** Asks another member for what takes longer than a leader does that is alive. */
  nudge(route: Route, nowMs: number): void {
    const { writes, reads } = route.overdue(nowMs);
    if (writes.length === 0 && reads.length === 0) return;
    route.tryAnother();
    this.#outbox.send(route, writes, reads);
  }

  #turnTo(route: Route, leader: Address): void {
    route.target = leader;
    this.#outbox.sendAll(route);
  }
}
