import { type Bytes, encode, NumberedMap, type Range } from '../base/index.ts';
import type { CellHint } from '../cell/index.ts';
import { type AccessMessage, groupBytesMax, type Operation, operationGroup } from '../command/index.ts';
import type { Address } from '../world/index.ts';
import { CallOrders } from './callOrders.ts';
import { groupOperationsMax, unknownKeepMs, unknownsMax } from './limits.ts';
import { type Pending, silenceMs } from './pending.ts';

/**
 * The way to one cell: whom to ask, and what waits for an answer. Writes are numbered within a session, which is opened
 * before any of them is sent: a cell that does not know the session then has forgotten it, and never meets it first.
 * The mark below which results may be forgotten follows the lowest number that is still open.
 */
export class Route {
  hint: CellHint;
  version: number;
  /** Whom we ask now: the leader as last heard, or a member to try. */
  target: Address;
  session: string;
  /** Who reads: one name for as long as this route lives. */
  readonly reader: string;
  isOpen = false;
  /** Its opening is under way: one at a time, because one that fails ends the session. */
  isOpening = false;
  lastUsedMs = 0;
  /** Writes that wait for the session to be open. */
  unopened: Pending[] = [];
  readonly writes = new NumberedMap<Pending>();
  readonly reads = new NumberedMap<Pending>();
  readonly orders = new CallOrders();
  /** Writes that another cell is to do, once those that they follow are done. */
  readonly moved = new Set<number>();
  #unknown: { sequence: number; untilMs: number }[] = [];
  #nextMember = 0;
  /** Whether whom we ask now has said anything since we ask it. */
  hasAnswered = false;
  /** The last that said nothing: it is not asked again while others may know better. */
  #silent: Address = '';
  #next = 1;

  constructor(hint: CellHint, version: number, session: string) {
    this.hint = hint;
    this.version = version;
    this.target = hint.leaderAddress;
    this.session = session;
    this.reader = session;
  }

  /** Puts a call under the next number of the session. */
  number(pending: Pending): number {
    const sequence = this.#next++;
    pending.after = this.orders.begin(pending.call.order, sequence, pending.isRead);
    (pending.isRead ? this.reads : this.writes).set(sequence, pending);
    return sequence;
  }

  /** Goes on under another session: those that were under way in the old one are returned, with their numbers. */
  renew(session: string): [number, Pending][] {
    const underWay = [...this.writes];
    for (const [sequence, { call }] of underWay) this.orders.end(call.order, sequence, false);
    this.writes.clear();
    this.moved.clear();
    this.#unknown = [];
    this.session = session;
    this.isOpen = false;
    return underWay;
  }

  holds(range: Range): boolean {
    const { from, to } = this.hint;
    return range.from >= from && (to === undefined || (range.to !== undefined && range.to <= to));
  }

  /** Its cell has gone into another one: that knows what became of the writes that are open here, by their names. */
  redirect(hint: CellHint, version: number): void {
    this.learn(hint, version);
    this.isOpen = false;
    for (const pending of this.writes.values()) pending.sentMs = Number.NEGATIVE_INFINITY;
  }

  learn(hint: CellHint, version: number): void {
    this.hint = hint;
    this.version = version;
    this.target = hint.leaderAddress;
    this.#silent = '';
    this.hasAnswered = false;
  }

  /** The leader does not answer: another member may be it by now, or know it. */
  tryAnother(): void {
    if (!this.hasAnswered) this.#silent = this.target;
    const members = this.hint.members.filter(({ address }) => address !== this.#silent);
    if (members.length === 0) return;
    this.#nextMember = (this.#nextMember + 1) % members.length;
    this.target = members[this.#nextMember]!.address;
    this.hasAnswered = false;
  }

  /** A write and those that it must follow, as far as they are open. */
  *chain(sequence: number): Iterable<number> {
    for (let at = sequence; at > 0; ) {
      const pending = this.writes.get(at);
      if (pending === undefined) return;
      yield at;
      at = pending.after;
    }
  }

  /** Whether it, or a write that it must follow, is done by another cell and not done yet, or waits for a transaction. */
  isKept(sequence: number): boolean {
    for (const one of this.chain(sequence)) {
      const { isMoved, isHeld } = this.writes.get(one)!;
      if (isMoved || isHeld) return true;
    }
    return false;
  }

  /** The open writes of an order, in their order. */
  writesOf(order: number): number[] {
    const own = order === 0 ? [] : [...this.writes].filter(([, { call }]) => call.order === order);
    return own.map(([sequence]) => sequence);
  }

  /** Takes out those whose patience ended before the session was open. */
  takeUnopened(nowMs: number): readonly Pending[] {
    const late = this.unopened.filter(({ deadlineMs }) => deadlineMs <= nowMs);
    this.unopened = this.unopened.filter(({ deadlineMs }) => deadlineMs > nowMs);
    return late;
  }

  /** The numbers of calls whose answer takes longer than a leader does that is alive. */
  overdue(nowMs: number): { readonly writes: readonly number[]; readonly reads: readonly number[] } {
    const isOverdue = ([, pending]: [number, Pending]): boolean =>
      !pending.isMoved && !pending.isHeld && nowMs - pending.sentMs >= silenceMs(pending);
    const of = (calls: NumberedMap<Pending>): number[] => [...calls].filter(isOverdue).map(([id]) => id);
    return { writes: of(this.writes), reads: of(this.reads) };
  }

  /** An operation whose outcome the client may still ask for: its result must be kept. */
  keepUnknown(sequence: number, nowMs: number): void {
    this.#unknown.push({ sequence, untilMs: nowMs + unknownKeepMs });
    if (this.#unknown.length > unknownsMax) this.#unknown.shift();
  }

  /** Writes as groups that fit a message. */
  forwards(sequences: Iterable<number>, nowMs: number): AccessMessage[] {
    const acknowledgedBelow = this.#acknowledgedBelow(nowMs);
    const messages: AccessMessage[] = [];
    let operations: Operation[] = [];
    let size = 0;
    let untilMs = 0;
    const flush = (): void => {
      if (operations.length === 0) return;
      const group = encode(operationGroup, { session: this.session, acknowledgedBelow, operations });
      const patienceMs = Math.max(0, Math.ceil(untilMs - nowMs));
      messages.push({ kind: 'forward', cell: this.hint.cell, patienceMs, group });
      operations = [];
      size = 0;
      untilMs = 0;
    };
    for (const sequence of sequences) {
      const pending = this.writes.get(sequence);
      if (pending === undefined || pending.isMoved) continue;
      if (size + pending.command.length > groupBytesMax || operations.length >= groupOperationsMax) flush();
      // What was given up may still happen, but nothing waits for it any more.
      if (!this.writes.has(pending.after)) pending.after = 0;
      operations.push({ sequence, after: pending.after, command: pending.command });
      size += pending.command.length;
      untilMs = Math.max(untilMs, pending.deadlineMs);
      pending.sends++;
      pending.sentMs = nowMs;
      pending.version = this.version;
    }
    flush();
    return messages;
  }

  readMessage(ids: Iterable<number>, nowMs: number): AccessMessage | undefined {
    const reads: { id: number; command: Bytes }[] = [];
    for (const id of ids) {
      const pending = this.reads.get(id);
      if (pending === undefined || pending.isMoved) continue;
      reads.push({ id, command: pending.command });
      pending.sends++;
      pending.sentMs = nowMs;
      pending.version = this.version;
    }
    return reads.length === 0 ? undefined : { kind: 'read', cell: this.hint.cell, reader: this.reader, reads };
  }

  #acknowledgedBelow(nowMs: number): number {
    this.#unknown = this.#unknown.filter(({ untilMs }) => untilMs > nowMs);
    // Numbers only grow: the first open write is the lowest.
    let lowest = this.#next;
    for (const sequence of this.writes.keys()) {
      lowest = sequence;
      break;
    }
    for (const { sequence } of this.#unknown) lowest = Math.min(lowest, sequence);
    return lowest;
  }
}
