import { must } from '../base/index.ts';
import type { Command } from '../command/index.ts';
import type { Reply } from './access.ts';
import { bar, type Obstacle, reasonOf } from './barring.ts';
import { isTold, type Pending, refuse, tellUnknown } from './pending.ts';
import type { Route } from './route.ts';

/** What `Patience` needs of the router. */
export interface PatienceHost {
  /** Takes a call off its route: its reply is said next. */
  settle(route: Route, id: number, pending: Pending): void;
  ask(command: Command, deadlineMs: number, then: (reply: Reply) => void): void;
}

/** Why what was never done is refused at the end of its caller's patience. */
export const tooLate = 'no leader of its cell answered in time';

/** Gives up calls whose callers wait no longer, and says what is known of each. */
export class Patience {
  readonly #host: PatienceHost;

  constructor(host: PatienceHost) {
    this.#host = host;
  }

  /** Looks through the calls that were sent on a route. */
  expire(route: Route, nowMs: number): void {
    for (const [id, pending] of route.reads) {
      if (pending.deadlineMs > nowMs || pending.isAway) continue;
      this.#host.settle(route, id, pending);
      pending.call.reply.tell(refusalOf(pending));
    }
    for (const [sequence, pending] of route.writes) {
      if (pending.deadlineMs > nowMs || pending.isAway) continue;
      const obstacle = obstacleOf(route, sequence);
      if (obstacle === undefined) this.#giveUp(route, sequence, pending, nowMs);
      else this.#bar(route, sequence, obstacle, nowMs);
    }
  }

  #giveUp(route: Route, sequence: number, pending: Pending, nowMs: number): void {
    const { call, isMoved } = pending;
    this.#host.settle(route, sequence, pending);
    if (isMoved) return refuse(call, tooLate);
    if (!isTold(call.command)) route.keepUnknown(sequence, nowMs);
    tellUnknown(call, route.session, sequence);
  }

  /** It keeps its place until that is known, like what another cell does. */
  #bar(route: Route, sequence: number, obstacle: Obstacle, nowMs: number): void {
    const pending = must(route.writes.get(sequence), 'a write is given up that is none');
    pending.isMoved = true;
    pending.isAway = true;
    const { session } = route;
    bar({ nowMs, ask: this.#host.ask }, { call: pending.call, obstacle }, { session, sequence }, (reply) => {
      const isOpen = route.writes.get(sequence) === pending;
      if (isOpen && reply.kind === 'unknown') route.keepUnknown(sequence, nowMs);
      if (isOpen) this.#host.settle(route, sequence, pending);
      pending.call.reply.tell(reply);
    });
  }
}

function refusalOf({ call, obstacle }: Pending): Reply {
  const { tag } = call;
  if (obstacle === undefined) return { kind: 'refused', tag, reason: tooLate };
  return { kind: 'refused', tag, reason: reasonOf(obstacle), because: obstacle.kind };
}

/** What keeps a write from its keys, or one that it must follow. */
function obstacleOf(route: Route, sequence: number): Obstacle | undefined {
  for (const one of route.chain(sequence)) {
    const { obstacle } = route.writes.get(one)!;
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}
