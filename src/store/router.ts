import { AssertionError, assert, type Bytes, encode, must, parse, type Range, unreachable } from '../base/index.ts';
import { type Context, component } from '../component/index.ts';
import { type Hint, Membership } from '../overlay/index.ts';
import type { World } from '../world/index.ts';
import { Access, type Call, type Reply } from './access.ts';
import { type AccessMessage, accessProtocol } from './accessMessages.ts';
import { piecesOf } from './accessPieces.ts';
import { type OperationResult, operationResult } from './answer.ts';
import { cellHint, cellTopicPrefix } from './cellHint.ts';
import { command, isRead, rangeOf } from './command.ts';
import {
  callsBytesMax,
  callsMax,
  carriedBytesPerMs,
  leaderSilenceMs,
  routerTickMs,
  sessionRenewMs,
  silenceDoublingsMax,
} from './limits.ts';
import { type Pending, Route } from './route.ts';

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

const fullDisk = 'the disk of the peer that leads its cell is full: make room there';

class Calls {
  readonly #context: Context<typeof ports.provides, typeof ports.requires>;
  readonly #world: World;
  /** Sorted by range. */
  readonly #routes: Route[] = [];
  #homeless: Pending[] = [];
  #fresh = new Map<Route, { writes: number[]; reads: number[] }>();
  #waiting = 0;
  #waitingBytes = 0;
  #isTicking = false;

  constructor(context: Context<typeof ports.provides, typeof ports.requires>, world: World) {
    this.#context = context;
    this.#world = world;
    context.provides.access.on.call((call) => this.#take(call));
    context.requires.membership.on.hint((hint) => this.#learn(hint));
    context.requires.network.on.received(({ from, message }) => this.#receive(from, message));
  }

  #take(call: Call): void {
    const encoded = encode(command, call.command);
    if (this.#waiting >= callsMax || this.#waitingBytes + encoded.length > callsBytesMax) {
      refuse(call, 'this peer has too many calls waiting: try again');
      return;
    }
    this.#dispatch(this.#admit(call, encoded));
    this.#keepTicking();
  }

  #admit(call: Call, encoded: Bytes): Pending {
    this.#waiting++;
    this.#waitingBytes += encoded.length;
    const deadlineMs = this.#world.clock.monotonicMs() + call.patienceMs;
    return { call, command: encoded, isRead: isRead(call.command), deadlineMs, after: 0, sends: 0, sentMs: 0 };
  }

  #dispatch(pending: Pending): void {
    const range = rangeOf(pending.call.command);
    const route = this.#routeOf(range);
    if (route === 'none yet') return void this.#homeless.push(pending);
    if (route === 'many cells') return this.#refuse(pending, 'its keys lie in more than one cell');
    // Reads go on, and what was sent already may still happen.
    if (route.hint.isFull && !pending.isRead) return this.#refuse(pending, fullDisk);
    this.#enqueue(route, pending);
  }

  /** For what was never sent. */
  #refuse(pending: Pending, reason: string): void {
    this.#release(pending);
    refuse(pending.call, reason);
  }

  #routeOf(range: Range | undefined): Route | 'none yet' | 'many cells' {
    if (range === undefined) return this.#routes[0] ?? 'none yet';
    for (const route of this.#routes) {
      const { from, to } = route.hint;
      if (range.from >= from && (to === undefined || range.from < to)) return route.holds(range) ? route : 'many cells';
    }
    return 'none yet';
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
      route.renew(this.#world.entropy.hex(16));
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
    else assert(route.renew(this.#world.entropy.hex(16)).length === 0, 'TX-2: a write was sent before its session');
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

  #learn(hint: Hint): void {
    if (!hint.topic.startsWith(cellTopicPrefix)) return;
    const parsed = parse(cellHint, hint.bytes);
    if (!parsed.ok) return;
    const known = this.#routes.find((route) => route.hint.cell === parsed.value.cell);
    if (known === undefined) {
      this.#routes.push(new Route(parsed.value, hint.version, this.#world.entropy.hex(16)));
      this.#routes.sort((a, b) => (a.hint.from < b.hint.from ? -1 : 1));
    } else if (hint.version > known.version) {
      const before = known.target;
      known.learn(parsed.value, hint.version);
      if (known.target !== before) this.#resendAll(known);
    }
    const homeless = this.#homeless;
    this.#homeless = [];
    for (const pending of homeless) this.#dispatch(pending);
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
      case 'forward':
      case 'read':
        return; // For the replicas of this peer, which hear the same port.
      default:
        unreachable(message);
    }
  }

  #written(message: AccessMessage & { kind: 'results' }): void {
    const route = this.#routeTo(message.cell);
    if (route === undefined || message.session !== route.session) return;
    const early = new Set<number>();
    for (const { sequence, result } of message.results) {
      const pending = route.writes.get(sequence);
      if (pending === undefined) continue;
      const decoded = decode(result);
      if (decoded.kind === 'unknownSession') return this.#sessionLost(route);
      if (decoded.kind === 'early') {
        for (const one of route.chain(sequence)) early.add(one);
        continue;
      }
      this.#settle(route, sequence, pending);
      pending.call.reply.tell(replyFor(pending.call, decoded, { session: route.session, sequence }));
    }
    // What these had to follow was lost on its way, or comes behind them: together they come in their order.
    if (early.size > 0) this.#send(route, [...early].sort(ascending), []);
  }

  #answered(message: AccessMessage & { kind: 'answers' }): void {
    const route = this.#routeTo(message.cell);
    if (route === undefined || message.reader !== route.reader) return;
    for (const { id, result } of message.answers) {
      const pending = route.reads.get(id);
      if (pending === undefined) continue;
      if (route.orders.overtakes(pending.call.order, id)) continue;
      this.#settle(route, id, pending);
      pending.call.reply.tell(replyFor(pending.call, decode(result), { session: route.session, sequence: id }));
    }
  }

  /** The cell has forgotten our session, and with it what became of the writes under way. */
  #sessionLost(route: Route): void {
    const { session } = route;
    for (const [sequence, pending] of route.renew(this.#world.entropy.hex(16))) {
      this.#release(pending);
      tellUnknown(pending.call, session, sequence);
    }
  }

  #redirected(from: string, message: AccessMessage & { kind: 'elsewhere' }): void {
    const route = this.#routeTo(message.cell);
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
    const route = this.#routeTo(message.cell);
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
    this.#homeless = this.#expireUnsent(this.#homeless, now, 'no cell is known for its key yet');
    this.#keepTicking();
  }

  #expire(route: Route, now: number): void {
    for (const [id, pending] of route.reads) {
      if (pending.deadlineMs > now) continue;
      this.#settle(route, id, pending);
      refuse(pending.call, 'no leader of its cell answered in time');
    }
    for (const [sequence, pending] of route.writes) {
      if (pending.deadlineMs > now) continue;
      this.#settle(route, sequence, pending);
      route.keepUnknown(sequence, now);
      tellUnknown(pending.call, route.session, sequence);
    }
    route.unopened = this.#expireUnsent(route.unopened, now, 'no leader of its cell answered in time');
  }

  #expireUnsent(waiting: readonly Pending[], now: number, reason: string): Pending[] {
    return waiting.filter((pending) => {
      if (pending.deadlineMs > now) return true;
      this.#refuse(pending, reason);
      return false;
    });
  }

  #nudge(route: Route, now: number): void {
    const overdue = ([, pending]: [number, Pending]): boolean => now - pending.sentMs >= silenceMs(pending);
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

  #routeTo(cell: string): Route | undefined {
    return this.#routes.find(({ hint }) => hint.cell === cell);
  }

  #settle(route: Route, id: number, pending: Pending): void {
    (pending.isRead ? route.reads : route.writes).delete(id);
    this.#release(pending);
    const again = route.orders.end(pending.call.order, id, pending.isRead);
    for (const read of again) this.#sendAtTurnEnd(route, read, true);
  }

  #release(pending: Pending): void {
    this.#waiting--;
    this.#waitingBytes -= pending.command.length;
  }
}

function ascending(a: number, b: number): number {
  return a - b;
}

function decode(bytes: Bytes): OperationResult {
  const parsed = parse(operationResult, bytes);
  return must(parsed.ok ? parsed.value : undefined, 'a leader answered with a result that cannot be read');
}

function replyFor(call: Call, result: OperationResult, operation: { session: string; sequence: number }): Reply {
  const { tag } = call;
  switch (result.kind) {
    case 'done':
      return { kind: 'done', tag, answer: result.answer };
    case 'barred':
      return { kind: 'refused', tag, reason: 'it was resolved as never executed' };
    case 'unknownSession':
    case 'forgotten':
      return { kind: 'unknown', tag, operation };
    case 'early':
      throw new AssertionError('TX-8: an operation that came early was taken as answered');
    default:
      return unreachable(result);
  }
}

function refuse(call: Call, reason: string): void {
  call.reply.tell({ kind: 'refused', tag: call.tag, reason });
}

function tellUnknown(call: Call, session: string, sequence: number): void {
  call.reply.tell({ kind: 'unknown', tag: call.tag, operation: { session, sequence } });
}

/** A leader that is slow gets no faster by copies: each next one waits longer, and so does what takes long to carry. */
function silenceMs({ sends, command: { length } }: Pending): number {
  return leaderSilenceMs * 2 ** Math.min(sends - 1, silenceDoublingsMax) + length / carriedBytesPerMs;
}

/** A copy came back unused: the call is overdue, and there is one copy less that somebody may be slow with. */
function returned(pending: Pending | undefined): void {
  if (pending === undefined) return;
  pending.sentMs = Number.NEGATIVE_INFINITY;
  pending.sends = Math.max(0, pending.sends - 1);
}
