import { everything, must, type Range } from '../base/index.ts';
import { type Command, cellOfSession, movedAnswer, rangeOf } from '../command/index.ts';
import type { Reply } from './access.ts';
import { type Heading, Lanes } from './lanes.ts';
import { OutcomeSearch } from './outcomeSearch.ts';
import type { Pending, Shunned } from './pending.ts';
import type { Route } from './route.ts';
import type { Routes } from './routes.ts';
import { isSpread, Spread, type SpreadCommand } from './spread.ts';

/** What a dispatcher needs of the router. */
export interface DispatcherHost {
  /** The call goes to that cell. */
  send(route: Route, pending: Pending): void;
  /** It goes nowhere, and its caller is told why. */
  refuse(pending: Pending, reason: string): void;
  /** It has its reply. */
  done(pending: Pending, reply: Reply): void;
  /** Takes a call of the dispatcher's own, which is a part of another. */
  askPart(whole: Pending, part: Command, then: (reply: Reply) => void): void;
  /** It is a transaction over several cells. */
  transact(pending: Pending): void;
}

const unknownCell = 'no cell is known for its key yet';
const lateBefore = 'the calls before it were not done in time';
const fullDisk = 'the disk of the peer that leads its cell is full: make room there';

/** Finds the cell of each call, and keeps those that cannot go to theirs yet. */
export class Dispatcher {
  readonly #routes: Routes;
  readonly #host: DispatcherHost;
  /** Of no order, for keys whose cell is not known yet. */
  #homeless: Pending[] = [];
  readonly #lanes = new Lanes();
  /** Made once, for they are handed on with every call. */
  readonly #find = (pending: Pending): Heading => this.#headingOf(pending);
  readonly #send = (pending: Pending, heading: Heading): void => this.#go(pending, heading);

  constructor(routes: Routes, host: DispatcherHost) {
    this.#routes = routes;
    this.#host = host;
  }

  dispatch(pending: Pending): void {
    const { order } = pending.call;
    if (order === 0) return this.#go(pending, this.#headingOf(pending));
    this.#lanes.add(pending);
    this.#pump(order);
  }

  /** More is known of who holds what: those that wait may go. */
  learned(): void {
    const homeless = this.#homeless;
    this.#homeless = [];
    for (const pending of homeless) this.dispatch(pending);
    for (const order of this.#lanes.waiting) this.#pump(order);
  }

  /** A call that went is over: those of its order that are for another cell may go. */
  over({ call: { order } }: Pending): void {
    if (order !== 0 && this.#lanes.leave(order)) this.#pump(order);
  }

  /** Takes out those that waited here for too long; `drop` is told why each did. */
  expire(nowMs: number, drop: (pending: Pending, reason: string) => void): void {
    const late = this.#homeless.filter(({ deadlineMs }) => deadlineMs <= nowMs);
    this.#homeless = this.#homeless.filter(({ deadlineMs }) => deadlineMs > nowMs);
    for (const pending of [...late, ...this.#lanes.expire(nowMs)]) {
      drop(pending, this.#headingOf(pending) === 'none yet' ? unknownCell : lateBefore);
    }
  }

  #pump(order: number): void {
    this.#lanes.pump(order, this.#find, this.#send);
  }

  #headingOf({ call: { command: asked }, shunned }: Pending): Heading {
    if (asked.kind === 'resolve') {
      const heir = this.#routes.heirOf(cellOfSession(asked.session));
      if (heir !== undefined) return isTurnedAway(shunned, heir) ? 'none yet' : heir.hint;
      return this.#routes.spans(everything) === undefined ? 'none yet' : 'many cells';
    }
    const route = this.#routes.locate(rangeOf(asked));
    if (route === 'many cells' && isSpread(asked)) return this.#isDivided(asked) ? route : 'none yet';
    if (typeof route === 'string') return route;
    return isTurnedAway(shunned, route) ? 'none yet' : route.hint;
  }

  /** Whether the cell is known that a command over many cells begins with. */
  #isDivided(asked: SpreadCommand): boolean {
    const whole = rangeOf(asked) ?? everything;
    const { from, to } = this.#routes.firstPart(whole, asked.kind === 'range' && asked.isDown);
    return from !== whole.from || to !== whole.to;
  }

  #go(pending: Pending, heading: Heading): void {
    if (heading === 'none yet') return void this.#homeless.push(pending);
    if (heading === 'many cells') return this.#spread(pending);
    const route = must(this.#routes.get(heading.cell), 'a call is for a cell to which there is no way');
    // Reads go on, and what was sent already may still happen.
    if (route.hint.isFull && !pending.isRead) return this.#host.refuse(pending, fullDisk);
    this.#host.send(route, pending);
  }

  /** Asks one cell after the other, where the command allows it. */
  #spread(pending: Pending): void {
    const { call } = pending;
    if (pending.isPart) return this.#host.done(pending, { kind: 'done', tag: call.tag, answer: movedAnswer });
    const ask = (part: Command, then: (reply: Reply) => void): void => this.#host.askPart(pending, part, then);
    const done = (reply: Reply): void => this.#host.done(pending, reply);
    if (call.command.kind === 'resolve') {
      const cells = (this.#routes.spans(everything) ?? []).map(({ from }) => from);
      return new OutcomeSearch(call.command, cells, { ask }, done).proceed();
    }
    if (!isSpread(call.command)) return this.#host.transact(pending);
    const host = { firstPart: (range: Range, isDown: boolean) => this.#routes.firstPart(range, isDown), ask };
    new Spread(call, call.command, rangeOf(call.command) ?? everything, host, done).proceed();
  }
}

/** Whether the cell has answered already that the call is none of its business, and nothing newer is known of it: else it would be asked again at once. */
function isTurnedAway(shunned: Shunned | undefined, { hint, version }: Route): boolean {
  return shunned !== undefined && shunned.cell === hint.cell && shunned.version >= version;
}
