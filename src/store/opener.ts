import { assert } from '../base/index.ts';
import { type Command, sessionNameOf } from '../command/index.ts';
import type { World } from '../world/index.ts';
import type { Reply } from './access.ts';
import { leaderSilenceMs, sessionRenewMs } from './limits.ts';
import type { Pending } from './pending.ts';
import type { Route } from './route.ts';

/** What an opener needs of the router. */
export interface OpenerHost {
  /** Sends a write that no other must have preceded. */
  ask(route: Route, asked: Command, patienceMs: number, then: (reply: Reply) => void): void;
  enqueue(route: Route, pending: Pending): void;
}

/** Opens the sessions of the ways to cells: no other write is sent before one is open, or the outcome is known (TX-2). */
export class Opener {
  readonly #world: World;
  readonly #host: OpenerHost;

  constructor(world: World, host: OpenerHost) {
    this.#world = world;
    this.#host = host;
  }

  /** True while the session is open; else sees to it that it will be. */
  isReady(route: Route): boolean {
    const now = this.#world.clock.monotonicMs();
    if (route.isOpen && route.writes.size === 0 && now - route.lastUsedMs > sessionRenewMs) {
      route.renew(this.nameFor(route.hint.cell));
    }
    route.lastUsedMs = now;
    if (!route.isOpen && !route.isOpening) this.#open(route);
    return route.isOpen;
  }

  /** The name of a new session of a cell's. */
  nameFor(cell: string): string {
    return sessionNameOf(cell, this.#world.entropy.hex(16));
  }

  #open(route: Route): void {
    route.isOpening = true;
    const opening = { kind: 'openSession', openedMs: this.#world.clock.wallMs() } as const;
    this.#host.ask(route, opening, leaderSilenceMs * 4, (reply) => this.#opened(route, reply));
  }

  #opened(route: Route, reply: Reply): void {
    const waiting = route.unopened;
    route.unopened = [];
    route.isOpening = false;
    if (reply.kind === 'done' && reply.answer.kind === 'ok') route.isOpen = true;
    else assert(route.renew(this.nameFor(route.hint.cell)).length === 0, 'TX-2: a write was sent before its session');
    for (const pending of waiting) this.#host.enqueue(route, pending);
  }
}
