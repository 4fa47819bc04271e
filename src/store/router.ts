import { assert, type Bytes, encode, parse, unreachable } from '../base/index.ts';
import { type Context, component } from '../component/index.ts';
import { Membership } from '../overlay/index.ts';
import type { World } from '../world/index.ts';
import { Access, type Call, type Reply } from './access.ts';
import { type AccessMessage, accessProtocol } from './accessMessages.ts';
import { piecesOf } from './accessPieces.ts';
import { cellHint, cellTopicPrefix } from './cellHint.ts';
import { command, isRead } from './command.ts';
import { Dispatcher } from './dispatcher.ts';
import { callsBytesMax, callsMax, leaderSilenceMs, routerTickMs, sessionRenewMs } from './limits.ts';
import {
  decodeResult,
  hasMoved,
  type Pending,
  pendingOf,
  refuse,
  replyFor,
  returned,
  type Shunned,
  silenceMs,
  tellUnknown,
} from './pending.ts';
import type { Route } from './route.ts';
import { Routes } from './routes.ts';
import { sessionNameOf } from './sessionName.ts';

const ports = {
  provides: { access: Access },
  requires: { network: accessProtocol.port, membership: Membership },
} as const;

export interface RouterInit {
  readonly world: World;
}

/**
 * Takes calls to the leaders of their cells and answers back: gathers those of a turn, follows the leader when it
 * changes, and gives every write a name of its own, so that however often it is sent it happens at most once.
 */
export const Router = component('router', {
  ...ports,
  setup: (context, { world }: RouterInit) => void new Calls(context, world),
});

const tooLate = 'no leader of its cell answered in time';

class Calls {
  readonly #context: Context<typeof ports.provides, typeof ports.requires>;
  readonly #world: World;
  readonly #routes = new Routes();
  readonly #dispatcher: Dispatcher;
  #fresh = new Map<Route, { writes: number[]; reads: number[] }>();
  #waiting = 0;
  #waitingBytes = 0;
  #isTicking = false;

  constructor(context: Context<typeof ports.provides, typeof ports.requires>, world: World) {
    this.#context = context;
    this.#world = world;
    this.#dispatcher = new Dispatcher(this.#routes, {
      send: (route, pending) => this.#enqueue(route, pending),
      refuse: (pending, reason) => this.#refuse(pending, reason),
      done: (pending, reply) => this.#reply(pending, reply),
      askPart: (whole, part, then) => this.#ask({ ...whole.call, command: part }, whole.deadlineMs, then),
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
    this.#dispatcher.dispatch(this.#admit(call, encoded));
    this.#keepTicking();
  }

  #admit(call: Call, encoded: Bytes, shunned?: Shunned): Pending {
    this.#waiting++;
    this.#waitingBytes += encoded.length;
    const deadlineMs = this.#world.clock.monotonicMs() + call.patienceMs;
    return pendingOf(call, encoded, isRead(call.command), deadlineMs, shunned);
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
    if (!pending.isRead && !this.#isReady(route)) {
      route.unopened.push(pending);
      return;
    }
    this.#sendAtTurnEnd(route, route.number(pending), pending.isRead);
  }

  #sendAtTurnEnd(route: Route, sequence: number, read: boolean): void {
    if (this.#fresh.size === 0) this.#context.atTurnEnd(() => this.#sendFresh());
    let fresh = this.#fresh.get(route);
    if (fresh === undefined) {
      fresh = { writes: [], reads: [] };
      this.#fresh.set(route, fresh);
    }
    (read ? fresh.reads : fresh.writes).push(sequence);
  }

  /** True while the session is open; else sees to it that it will be. */
  #isReady(route: Route): boolean {
    const now = this.#world.clock.monotonicMs();
    if (route.isOpen && route.writes.size === 0 && now - route.lastUsedMs > sessionRenewMs) {
      route.renew(this.#sessionOf(route.hint.cell));
    }
    route.lastUsedMs = now;
    if (!route.isOpen && !route.isOpening) this.#open(route);
    return route.isOpen;
  }

  #open(route: Route): void {
    route.isOpening = true;
    const reply = this.#context.ref<Reply>((answer) => this.#opened(route, answer));
    const opening = { kind: 'openSession', openedMs: this.#world.clock.wallMs() } as const;
    const call: Call = { command: opening, patienceMs: leaderSilenceMs * 4, reply, tag: 0, order: 0 };
    this.#sendAtTurnEnd(route, route.number(this.#admit(call, encode(command, opening))), false);
    this.#keepTicking();
  }

  #opened(route: Route, reply: Reply): void {
    const waiting = route.unopened;
    route.unopened = [];
    route.isOpening = false;
    if (reply.kind === 'done' && reply.answer.kind === 'ok') route.isOpen = true;
    else
      assert(route.renew(this.#sessionOf(route.hint.cell)).length === 0, 'TX-2: a write was sent before its session');
    for (const pending of waiting) this.#enqueue(route, pending);
  }

  #sendFresh(): void {
    const fresh = this.#fresh;
    this.#fresh = new Map();
    for (const [route, { writes, reads }] of fresh) this.#send(route, writes, reads);
  }

  #send(route: Route, writes: Iterable<number>, reads: Iterable<number>): void {
    const now = this.#world.clock.monotonicMs();
    const { send } = this.#context.requires.network.emit;
    for (const message of route.forwards(writes, now)) send({ to: route.target, message });
    const message = route.readMessage(reads, now);
    if (message === undefined) return;
    for (const piece of piecesOf(message)) send({ to: route.target, message: piece });
  }

  #resendAll(route: Route): void {
    this.#send(route, [...route.writes.keys()], [...route.reads.keys()]);
  }

  #learn(version: number, bytes: Bytes): void {
    const parsed = parse(cellHint, bytes);
    if (!parsed.ok) return;
    const { cell } = parsed.value;
    const known = this.#routes.get(cell);
    if (known === undefined) {
      this.#routes.add(parsed.value, version, this.#sessionOf(cell));
    } else if (version > known.version) {
      const before = known.target;
      known.learn(parsed.value, version);
      this.#routes.sort();
      if (known.target !== before) this.#resendAll(known);
    }
    this.#dispatcher.learned();
  }

  #sessionOf(cell: string): string {
    return sessionNameOf(cell, this.#world.entropy.hex(16));
  }

  #receive(from: string, message: AccessMessage): void {
    switch (message.kind) {
      case 'results':
        return this.#written(message);
      case 'answers':
        return this.#answered(message);
      case 'elsewhere':
        return this.#redirected(from, message);
      case 'resigned':
        return this.#resigned(from, message);
      case 'cells':
        for (const { version, bytes } of message.hints) this.#learn(version, bytes);
        return;
      case 'forward':
      case 'read':
        return; // For the replicas of this peer, which hear the same port.
      default:
        unreachable(message);
    }
  }

  #written(message: AccessMessage & { kind: 'results' }): void {
    const route = this.#routes.get(message.cell);
    if (route === undefined || message.session !== route.session) return;
    const early = new Set<number>();
    for (const { sequence, result } of message.results) {
      const pending = route.writes.get(sequence);
      if (pending === undefined) continue;
      const decoded = decodeResult(result);
      if (decoded.kind === 'unknownSession') return this.#sessionLost(route);
      if (decoded.kind === 'early') {
        // What another cell does first will have this one sent again when it is done.
        if (!route.followsMoved(sequence)) for (const one of route.chain(sequence)) early.add(one);
        continue;
      }
      if (hasMoved(decoded)) {
        this.#detour(route, sequence, pending);
        continue;
      }
      this.#settle(route, sequence, pending);
      pending.call.reply.tell(replyFor(pending.call, decoded, { session: route.session, sequence }));
    }
    // What these had to follow was lost on its way, or comes behind them: together they come in their order.
    if (early.size > 0) this.#send(route, [...early].sort(ascending), []);
  }

  #answered(message: AccessMessage & { kind: 'answers' }): void {
    const route = this.#routes.get(message.cell);
    if (route === undefined || message.reader !== route.reader) return;
    for (const { id, result } of message.answers) {
      const pending = route.reads.get(id);
      if (pending === undefined) continue;
      if (pending.isMoved || route.orders.overtakes(pending.call.order, id)) continue;
      const decoded = decodeResult(result);
      if (hasMoved(decoded)) {
        this.#detour(route, id, pending);
        continue;
      }
      this.#settle(route, id, pending);
      pending.call.reply.tell(replyFor(pending.call, decoded, { session: route.session, sequence: id }));
    }
  }

  /**
   * Has the cell that holds the keys do what this one never will, under another name (CELL-15). The call keeps its place
   * here until then: what must follow it waits, and so does what the cell may forget.
   */
  #detour(route: Route, sequence: number, pending: Pending): void {
    const { call, isRead: read, deadlineMs, version } = pending;
    pending.isMoved = true;
    if (pending.isAway) return;
    if (!read && route.writes.has(pending.after)) return void route.moved.add(sequence);
    pending.isAway = true;
    route.moved.delete(sequence);
    const then = (reply: Reply): void => {
      if ((read ? route.reads : route.writes).get(sequence) === pending) this.#settle(route, sequence, pending);
      call.reply.tell({ ...reply, tag: call.tag });
    };
    this.#ask(call, deadlineMs, then, { cell: route.hint.cell, version });
  }

  /** Takes a call of this router's own, in the place of one that it took before. */
  #ask(call: Call, deadlineMs: number, then: (reply: Reply) => void, shunned?: Shunned): void {
    const patienceMs = deadlineMs - this.#world.clock.monotonicMs();
    const own = { ...call, patienceMs, reply: this.#context.ref(then), tag: 0, order: 0 };
    this.#dispatcher.dispatch(this.#admit(own, encode(command, call.command), shunned));
    this.#keepTicking();
  }

  /** The cell has forgotten our session, and with it what became of the writes under way. */
  #sessionLost(route: Route): void {
    const { session } = route;
    for (const [sequence, pending] of route.renew(this.#sessionOf(route.hint.cell))) {
      this.#release(pending);
      if (pending.isAway) continue;
      if (pending.isMoved) refuse(pending.call, tooLate);
      else tellUnknown(pending.call, session, sequence);
    }
  }

  #redirected(from: string, message: AccessMessage & { kind: 'elsewhere' }): void {
    const route = this.#routes.get(message.cell);
    if (route === undefined || from !== route.target) return;
    route.hasAnswered = true;
    for (const sequence of message.sequences) returned(route.writes.get(sequence));
    for (const id of message.ids) returned(route.reads.get(id));
    if (message.leader === '' || message.leader === from) {
      // Nobody leads: the next tick asks another member, which gives an election the time that it needs.
      return;
    }
    route.target = message.leader;
    this.#resendAll(route);
  }

  /** Whom we ask leads no more: all that it left open is asked again, of its successor if one is known. */
  #resigned(from: string, message: AccessMessage & { kind: 'resigned' }): void {
    const route = this.#routes.get(message.cell);
    if (route === undefined || from !== route.target) return;
    route.hasAnswered = true;
    for (const pending of route.writes.values()) returned(pending);
    if (message.leader === '') return;
    route.target = message.leader;
    this.#resendAll(route);
  }

  /** Runs while calls wait: gives up those whose patience is over, asks again where an answer is overdue. */
  #tick(): void {
    this.#isTicking = false;
    const now = this.#world.clock.monotonicMs();
    for (const route of this.#routes) {
      this.#expire(route, now);
      this.#nudge(route, now);
    }
    this.#dispatcher.expire(now, (pending, reason) => {
      this.#uncount(pending);
      refuse(pending.call, reason);
    });
    this.#keepTicking();
  }

  #expire(route: Route, now: number): void {
    for (const [id, pending] of route.reads) {
      if (pending.deadlineMs > now || pending.isAway) continue;
      this.#settle(route, id, pending);
      refuse(pending.call, tooLate);
    }
    for (const [sequence, pending] of route.writes) {
      if (pending.deadlineMs > now || pending.isAway) continue;
      this.#settle(route, sequence, pending);
      if (pending.isMoved) {
        refuse(pending.call, tooLate);
        continue;
      }
      route.keepUnknown(sequence, now);
      tellUnknown(pending.call, route.session, sequence);
    }
    route.unopened = this.#expireUnsent(route.unopened, now, tooLate);
  }

  #expireUnsent(waiting: readonly Pending[], now: number, reason: string): Pending[] {
    return waiting.filter((pending) => {
      if (pending.deadlineMs > now) return true;
      this.#refuse(pending, reason);
      return false;
    });
  }

  #nudge(route: Route, now: number): void {
    const overdue = ([, pending]: [number, Pending]): boolean =>
      !pending.isMoved && now - pending.sentMs >= silenceMs(pending);
    const writes = [...route.writes].filter(overdue).map(([sequence]) => sequence);
    const reads = [...route.reads].filter(overdue).map(([id]) => id);
    if (writes.length === 0 && reads.length === 0) return;
    route.tryAnother();
    this.#send(route, writes, reads);
  }

  #keepTicking(): void {
    if (this.#isTicking || this.#waiting === 0) return;
    this.#isTicking = true;
    const tick = this.#context.ref(() => this.#tick());
    this.#world.timer.after(routerTickMs, tick);
  }

  #settle(route: Route, id: number, pending: Pending): void {
    (pending.isRead ? route.reads : route.writes).delete(id);
    this.#release(pending);
    const again = route.orders.end(pending.call.order, id, pending.isRead);
    for (const read of again) this.#sendAtTurnEnd(route, read, true);
    if (!pending.isRead) this.#afterWrite(route, id, pending);
  }

  /** What another cell must do may have waited for a write, and what this cell must do for one that another did. */
  #afterWrite(route: Route, sequence: number, { call, isMoved }: Pending): void {
    route.moved.delete(sequence);
    for (const one of [...route.moved]) this.#detour(route, one, route.writes.get(one)!);
    if (isMoved) this.#send(route, route.writesOf(call.order), []);
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

function ascending(a: number, b: number): number {
  return a - b;
}
