import { type Bytes, encode, parse, unreachable } from '../base/index.ts';
import { type CellHint, cellHint, cellTopicPrefix } from '../cell/index.ts';
import {
  type AccessMessage,
  accessProtocol,
  type Command,
  cellOfSession,
  command,
  isRead,
  type OperationResult,
  rangeOf,
} from '../command/index.ts';
import { type Context, component } from '../component/index.ts';
import { Membership } from '../overlay/index.ts';
import type { Address, World } from '../world/index.ts';
import { Access, type Call, type Reply } from './access.ts';
import { Backlog } from './backlog.ts';
import { Bearings } from './bearings.ts';
import { Dispatcher } from './dispatcher.ts';
import type { EventualFigures } from './eventualFigures.ts';
import { Holds } from './holds.ts';
import { callsBytesMax, callsMax, routerTickMs } from './limits.ts';
import { NearReads } from './nearReads.ts';
import { Opener } from './opener.ts';
import { Outbox } from './outbox.ts';
import { Patience, tooLate } from './patience.ts';
import { decodeResult, hasMoved, type Pending, pendingOf, refuse, replyFor, tellUnknown } from './pending.ts';
import type { TransactionsHost } from './round.ts';
import type { Route } from './route.ts';
import { Routes } from './routes.ts';
import { Transactions } from './transactions.ts';
import { transactionsHostOf } from './transactionsHost.ts';

const ports = {
  provides: { access: Access },
  requires: { network: accessProtocol.port, membership: Membership },
} as const;
type Ports = Context<typeof ports.provides, typeof ports.requires>;

export interface RouterInit {
  readonly world: World;
  /** Where this peer listens. */
  readonly address: Address;
  /** Counted by the router, read by whoever wants to know. */
  readonly eventual: EventualFigures;
}

/**
 * Takes calls to the leaders of their cells and answers back: gathers those of a turn, follows the leader when it
 * changes, and gives every write a name of its own, so that however often it is sent it happens at most once.
 */
export const Router = component('router', {
  ...ports,
  setup: (context, init: RouterInit) => void new Calls(context, init),
});

/** Of a call that the router makes itself. */
type Own = Parameters<typeof pendingOf>[4] & Pick<Call, 'staleMs'>;

const ascending = (a: number, b: number): number => a - b;
const lateBehind = 'the eventual writes before it were not done in time';

class Calls {
  readonly #context: Ports;
  readonly #world: World;
  readonly #routes = new Routes();
  readonly #dispatcher: Dispatcher;
  readonly #outbox: Outbox;
  readonly #bearings: Bearings;
  readonly #backlog: Backlog;
  readonly #holds: Holds;
  readonly #near: NearReads;
  readonly #patience: Patience;
  readonly #opener: Opener;
  readonly #transactions: Transactions;
  #waiting = 0;
  #waitingBytes = 0;
  #isTicking = false;

  constructor(context: Ports, { world, address, eventual }: RouterInit) {
    this.#context = context;
    this.#world = world;
    const send = (to: Address, message: AccessMessage): void => context.requires.network.emit.send({ to, message });
    const atTurnEnd = (run: () => void): void => context.atTurnEnd(run);
    this.#outbox = new Outbox(world, { send, atTurnEnd });
    this.#bearings = new Bearings(this.#routes, this.#outbox);
    this.#near = new NearReads(world, address, {
      send,
      atTurnEnd,
      done: (pending, reply) => this.#reply(pending, reply),
      decline: (pending) => this.#dispatcher.dispatch(pending),
    });
    const after = (delayMs: number, run: () => void): void => void world.timer.after(delayMs, context.ref(run));
    this.#holds = new Holds(this.#outbox, after);
    this.#patience = new Patience({
      settle: (route, id, pending) => this.#settle(route, id, pending),
      ask: (asked, deadlineMs, then) => this.#ask(asked, deadlineMs, then),
    });
    this.#opener = new Opener(world, {
      ask: (route, asked, patienceMs, then) => this.#askFirst(route, asked, patienceMs, then),
      enqueue: (route, pending) => this.#enqueue(route, pending),
    });
    const ask: TransactionsHost['ask'] = (asked, deadlineMs, then) =>
      this.#ask(asked, deadlineMs, then, { isPart: true });
    this.#transactions = new Transactions(transactionsHostOf(world, this.#routes, { address, after, ask }));
    this.#dispatcher = new Dispatcher(this.#routes, {
      send: (route, pending) => this.#enqueue(route, pending),
      refuse: (pending, reason) => this.#refuse(pending, reason),
      done: (pending, reply) => this.#reply(pending, reply),
      askPart: (whole, part, then) => this.#ask(part, whole.deadlineMs, then, whole.call),
      transact: (pending) => this.#transactions.begin(pending, (reply) => this.#reply(pending, reply)),
    });
    this.#backlog = new Backlog(eventual, {
      replies: context.ref<Reply>((reply) => this.#backlog.over(reply)),
      isFull: (asked) => this.#routes.isFull(rangeOf(asked)),
      dispatch: (pending) => this.#dispatcher.dispatch(pending),
      atTurnEnd,
      note: (text) => world.log.note('warn', 'store', text),
    });
    context.provides.access.on.call((call) => this.#take(call));
    context.requires.membership.on.hint(({ topic, version, bytes }) => {
      if (topic.startsWith(cellTopicPrefix)) this.#learn(version, bytes);
    });
    context.requires.network.on.received(({ from, message }) => this.#receive(from, message));
  }

  #take(call: Call): void {
    const encoded = encode(command, call.command);
    if (this.#waiting >= callsMax || this.#waitingBytes + encoded.length > callsBytesMax) {
      refuse(call, 'this peer has too many calls waiting: try again');
      return;
    }
    const pending = this.#admit(this.#backlog.take(call, encoded.length), encoded);
    if (!this.#backlog.keeps(pending)) this.#dispatcher.dispatch(pending);
    this.#keepTicking();
  }

  #admit(call: Call, encoded: Bytes, own?: Own): Pending {
    this.#waiting++;
    this.#waitingBytes += encoded.length;
    const deadlineMs = this.#world.clock.monotonicMs() + call.patienceMs;
    return pendingOf(call, encoded, isRead(call.command), deadlineMs, own);
  }

  /** For what was never sent. */
  #refuse(pending: Pending, reason: string): void {
    this.#reply(pending, { kind: 'refused', tag: 0, reason });
  }

  #reply(pending: Pending, reply: Reply): void {
    this.#release(pending);
    pending.call.reply.tell({ ...reply, tag: pending.call.tag });
  }

  #enqueue(route: Route, pending: Pending): void {
    if (this.#near.take(route, pending)) return;
    if (!pending.isRead && !this.#opener.isReady(route)) {
      route.unopened.push(pending);
      return;
    }
    this.#outbox.add(route, route.number(pending), pending.isRead);
  }

  /** Goes first in its session, which it opens. */
  #askFirst(route: Route, asked: Command, patienceMs: number, then: (reply: Reply) => void): void {
    const call: Call = { command: asked, patienceMs, reply: this.#context.ref(then), tag: 0, order: 0 };
    this.#outbox.add(route, route.number(this.#admit(call, encode(command, asked))), false);
    this.#keepTicking();
  }

  #learn(version: number, bytes: Bytes): void {
    const parsed = parse(cellHint, bytes);
    if (!parsed.ok) return;
    const { cell } = parsed.value;
    const known = this.#routes.get(cell);
    if (known === undefined) {
      this.#routes.add(parsed.value, version, this.#opener.nameFor(cell));
    } else if (version > known.version) {
      const before = known.target;
      known.learn(parsed.value, version);
      this.#routes.sort();
      if (known.target !== before) this.#outbox.sendAll(known);
    }
    for (const route of this.#routes.retire(parsed.value, version)) this.#leave(route, parsed.value, version);
    this.#dispatcher.learned();
  }

  /** The cell has gone into another one, which is asked what became of the writes; the rest is asked of it anew. */
  #leave(route: Route, hint: CellHint, version: number): void {
    const unsent = route.unopened.splice(0);
    for (const [id, pending] of [...route.reads]) this.#detour(route, id, pending);
    route.redirect(hint, version);
    this.#outbox.send(route, [...route.writes.keys()], []);
    for (const pending of unsent) this.#dispatcher.dispatch(pending);
  }

  #receive(from: string, message: AccessMessage): void {
    switch (message.kind) {
      case 'results':
        return this.#written(message);
      case 'answers':
        return this.#answered(message);
      case 'elsewhere':
        return this.#bearings.redirected(from, message);
      case 'resigned':
        return this.#bearings.resigned(from, message);
      case 'cells':
        for (const { version, bytes } of message.hints) this.#learn(version, bytes);
        return;
      case 'nearAnswers':
        return this.#near.answered(from, message);
      case 'overdue':
        return this.#transactions.overdue(message.names);
      case 'forward':
      case 'read':
      case 'readNear':
        return; // For the replicas of this peer, which hear the same port.
      default:
        unreachable(message);
    }
  }

  #written(message: AccessMessage & { kind: 'results' }): void {
    const route = this.#routes.find(message.cell, ({ session }) => session === message.session);
    if (route === undefined) return;
    const early = new Set<number>();
    for (const { sequence, result } of message.results) {
      const pending = route.writes.get(sequence);
      if (pending === undefined) continue;
      const decoded = decodeResult(result);
      if (decoded.kind === 'unknownSession') return this.#sessionLost(route);
      if (decoded.kind === 'early') {
        // What another cell does first, or a transaction keeps, will have this one sent again when it is done.
        if (!route.isKept(sequence)) for (const one of route.chain(sequence)) early.add(one);
        continue;
      }
      if (pending.isAway || this.#isPutOff(route, sequence, pending, decoded)) continue;
      this.#settle(route, sequence, pending);
      const { call } = pending;
      const reply = replyFor(call, decoded, route.session, sequence);
      this.#transactions.resolve(reply, (known) => call.reply.tell(known));
    }
    // What these had to follow was lost on its way, or comes behind them: together they come in their order.
    if (early.size > 0) this.#outbox.send(route, [...early].sort(ascending), []);
  }

  #answered(message: AccessMessage & { kind: 'answers' }): void {
    const route = this.#routes.find(message.cell, ({ reader }) => reader === message.reader);
    if (route === undefined) return;
    for (const { id, result } of message.answers) {
      const pending = route.reads.get(id);
      if (pending === undefined) continue;
      if (pending.isMoved || route.orders.overtakes(pending.call.order, id)) continue;
      const decoded = decodeResult(result);
      if (this.#isPutOff(route, id, pending, decoded)) continue;
      this.#settle(route, id, pending);
      pending.call.reply.tell(replyFor(pending.call, decoded, route.session, id));
    }
  }

  /** Whether nothing has happened yet: another cell is to do it, or it is sent again in a moment. */
  #isPutOff(route: Route, id: number, pending: Pending, result: OperationResult): boolean {
    if (hasMoved(result)) this.#detour(route, id, pending);
    else if (result.kind === 'locked' || result.kind === 'reserved') {
      pending.obstacle = result;
      this.#holds.add(route, id, pending);
    } else return false;
    return true;
  }

  /**
   * Has the cell that holds the keys do what this one never will, under another name (CELL-15). The call keeps its place
   * here until then: what must follow it waits, and so does what the cell may forget.
   */
  #detour(route: Route, sequence: number, pending: Pending): void {
    const { call, isRead: read, deadlineMs, version, isPart } = pending;
    pending.isMoved = true;
    if (pending.isAway) return;
    if (!read && route.writes.has(pending.after)) return void route.moved.add(sequence);
    pending.isAway = true;
    route.moved.delete(sequence);
    const then = (reply: Reply): void => {
      if ((read ? route.reads : route.writes).get(sequence) === pending) this.#settle(route, sequence, pending);
      call.reply.tell({ ...reply, tag: call.tag });
    };
    // The cell of the session answered so. The one that it has gone into says the same for it, and may hold the keys.
    const shunned = { cell: cellOfSession(route.session), version };
    this.#ask(call.command, deadlineMs, then, { shunned, isPart });
  }

  /** Takes a call of this router's own, in the place of one that it took before. */
  #ask(asked: Command, deadlineMs: number, then: (reply: Reply) => void, own?: Own): void {
    const patienceMs = deadlineMs - this.#world.clock.monotonicMs();
    const reply = this.#context.ref(then);
    const call = { command: asked, patienceMs, reply, tag: 0, order: 0, staleMs: own?.staleMs };
    this.#dispatcher.dispatch(this.#admit(call, encode(command, asked), own));
    this.#keepTicking();
  }

  /** The cell has forgotten our session, and with it what became of the writes under way. */
  #sessionLost(route: Route): void {
    const { session } = route;
    for (const [sequence, pending] of route.renew(this.#opener.nameFor(route.hint.cell))) {
      this.#release(pending);
      if (pending.isAway) continue;
      if (pending.isMoved) refuse(pending.call, tooLate);
      else tellUnknown(pending.call, session, sequence);
    }
  }

  /** Runs while calls wait: gives up those whose patience is over, asks again where an answer is overdue. */
  #tick(): void {
    this.#isTicking = false;
    const now = this.#world.clock.monotonicMs();
    this.#near.tick(now);
    for (const route of this.#routes) {
      this.#patience.expire(route, now);
      for (const pending of route.takeUnopened(now)) this.#refuse(pending, tooLate);
      this.#bearings.nudge(route, now);
    }
    for (const pending of this.#backlog.expire(now)) {
      this.#uncount(pending);
      refuse(pending.call, lateBehind);
    }
    this.#dispatcher.expire(now, (pending, reason) => {
      this.#uncount(pending);
      refuse(pending.call, reason);
    });
    this.#keepTicking();
  }

  #keepTicking(): void {
    if (this.#isTicking || this.#waiting === 0) return;
    this.#isTicking = true;
    this.#world.timer.after(
      routerTickMs,
      this.#context.ref(() => this.#tick()),
    );
  }

  #settle(route: Route, id: number, pending: Pending): void {
    (pending.isRead ? route.reads : route.writes).delete(id);
    this.#release(pending);
    const again = route.orders.end(pending.call.order, id, pending.isRead);
    for (const read of again) this.#outbox.add(route, read, true);
    if (!pending.isRead) this.#afterWrite(route, id, pending);
  }

  /** What another cell must do may have waited for a write, and what this cell must do for one that another did. */
  #afterWrite(route: Route, sequence: number, { call, isMoved }: Pending): void {
    route.moved.delete(sequence);
    for (const one of [...route.moved]) this.#detour(route, one, route.writes.get(one)!);
    if (isMoved) this.#outbox.send(route, route.writesOf(call.order), []);
  }

  #release(pending: Pending): void {
    this.#uncount(pending);
    this.#dispatcher.over(pending);
  }

  #uncount(pending: Pending): void {
    this.#waiting--;
    this.#waitingBytes -= pending.command.length;
  }
}
