import { type AccessMessage, piecesOf } from '../command/index.ts';
import type { Address, World } from '../world/index.ts';
import type { Route } from './route.ts';

/** What an outbox needs of the router. */
export interface OutboxHost {
  send(to: Address, message: AccessMessage): void;
  atTurnEnd(run: () => void): void;
}

/** Calls that go to their cells together at the end of a turn. */
export class Outbox {
  readonly #world: World;
  readonly #host: OutboxHost;
  #fresh = new Map<Route, { writes: number[]; reads: number[] }>();

  constructor(world: World, host: OutboxHost) {
    this.#world = world;
    this.#host = host;
  }

  add(route: Route, sequence: number, isRead: boolean): void {
    if (this.#fresh.size === 0) this.#host.atTurnEnd(() => this.#flush());
    let fresh = this.#fresh.get(route);
    if (fresh === undefined) {
      fresh = { writes: [], reads: [] };
      this.#fresh.set(route, fresh);
    }
    (isRead ? fresh.reads : fresh.writes).push(sequence);
  }

  /** Sends at once. */
  send(route: Route, writes: Iterable<number>, reads: Iterable<number>): void {
    const now = this.#world.clock.monotonicMs();
    for (const message of route.forwards(writes, now)) this.#host.send(route.target, message);
    const message = route.readMessage(reads, now);
    if (message === undefined) return;
    for (const piece of piecesOf(message)) this.#host.send(route.target, piece);
  }

  sendAll(route: Route): void {
    this.send(route, [...route.writes.keys()], [...route.reads.keys()]);
  }

  #flush(): void {
    const fresh = this.#fresh;
    this.#fresh = new Map();
    for (const [route, { writes, reads }] of fresh) this.send(route, writes, reads);
  }
}
