import { assert, type Bytes, parse, unreachable } from '../base/index.ts';
import { type AccessMessage, command, coordinatorOf, movedResult, type TransactionName } from '../command/index.ts';
import type { AppliedGroup, CellState } from '../state/index.ts';
import type { Address } from '../world/index.ts';
import type { Acceptor } from './acceptor.ts';
import type { Leadership } from './leadership.ts';
import { overdueLookMs, waitingMs } from './limits.ts';
import { NearReads, type NearReadsHost } from './nearReads.ts';
import { type Reader, Reads } from './reads.ts';
import { elsewhere } from './redirect.ts';
import type { ReplicaContext } from './replicaContext.ts';
import { Watchers } from './watchers.ts';
import type { Granted } from './wishes.ts';
import { Writes } from './writes.ts';

type ForwardMessage = Extract<AccessMessage, { kind: 'forward' }>;
type ReadMessage = Extract<AccessMessage, { kind: 'read' }>;

/** What serving needs of the replica. */
export interface ServiceHost extends Pick<NearReadsHost, 'copy' | 'heartbeat' | 'damaged'> {
  readonly leadership: Leadership | undefined;
  /** Where the leader is, empty where none is known. */
  readonly leader: Address;
  /** Whether this replica leads, stands for election, or is about to after a change of epoch. */
  readonly expectsToLead: boolean;
  /** Whether a majority answered this leader lately. */
  readonly hearsMajority: boolean;
  /** Sees to what an encoded command wants of the leader. */
  grant(command: Bytes): Granted;
  /** The log is over: all is answered that nothing more happens here. */
  readonly isSealed: boolean;
}

/** The side of a replica that faces the callers: it takes groups and reads while it leads, and sends away otherwise. */
export class Service {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #state: CellState;
  readonly #host: ServiceHost;
  readonly writes: Writes;
  readonly reads: Reads;
  readonly near: NearReads;
  readonly #watchers: Watchers;
  /** When it was looked for transactions that are overdue. */
  #lookedMs = 0;

  constructor(context: ReplicaContext, acceptor: Acceptor, state: CellState, host: ServiceHost) {
    const { cell } = acceptor.config;
    this.#context = context;
    this.#acceptor = acceptor;
    this.#state = state;
    this.#host = host;
    this.writes = new Writes(context, cell);
    this.#watchers = new Watchers(({ address, reader }, id, result) =>
      context.answer(address, { kind: 'answers', cell, reader, answers: [{ id, result }] }),
    );
    this.near = new NearReads(context, state, {
      copy: host.copy,
      heartbeat: host.heartbeat,
      isLeading: () => this.#mayReadNow(host.leadership),
      damaged: () => host.damaged(),
    });
    this.reads = new Reads(context, cell, {
      confirm: (round) => this.#confirm(round),
      moveTime: () => this.#moveTime(),
      grant: (wish) => host.grant(wish),
      watch: (id, asked, from) => this.#watch(id, asked, from),
      damaged: () => host.damaged(),
    });
  }

  receive(from: Address, message: AccessMessage): void {
    if (this.#host.isSealed && (message.kind === 'forward' || message.kind === 'read'))
      return this.#close(from, message);
    switch (message.kind) {
      case 'forward':
        return this.#forward(message, from);
      case 'read':
        return this.#read(message, from);
      case 'readNear':
        return this.near.read(message, from);
      case 'results':
      case 'answers':
      case 'nearAnswers':
      case 'elsewhere':
      case 'resigned':
      case 'cells':
      case 'overdue':
        return; // For the router of this peer, which hears the same port.
      default:
        unreachable(message);
    }
  }

  /** At the end of a turn: what it gathered is proposed, and reads that wait begin their round. */
  flush(): void {
    const { leadership } = this.#host;
    const room = this.#context.isDiskFull ? undefined : leadership;
    this.writes.flush(room, this.#acceptor, this.#state.timeMs);
    if (leadership !== undefined && this.#canRead(leadership)) {
      this.reads.beginRound(leadership.majority - 1, this.#state);
    }
  }

  onConfirmed(from: string, round: number): void {
    const { leadership } = this.#host;
    if (leadership === undefined || !this.#canRead(leadership)) return;
    this.reads.onConfirmed(from, round, leadership.majority - 1, this.#state);
  }

  applied(index: number, groups: readonly AppliedGroup[]): void {
    this.writes.applied(index, groups);
    this.reads.applied(index, this.#state);
    this.#watchers.moved(this.#state);
  }

  tick(): void {
    const { leadership, leader, expectsToLead } = this.#host;
    const now = this.#context.world.clock.monotonicMs();
    const beforeMs = expectsToLead ? now - waitingMs : now;
    this.#watchers.tick(this.#state, now);
    this.writes.sendAway(leader, beforeMs);
    this.reads.sendAway(leader, beforeMs);
    if (leadership === undefined || !this.#canRead(leadership)) return;
    this.reads.tick();
    this.#reportOverdue(now, leadership.clockMs);
    const expiryMs = this.#state.nextExpiryMs();
    const isDue = expiryMs !== undefined && expiryMs <= leadership.clockMs;
    if (isDue && this.#acceptor.log.end === this.#acceptor.chosen && !this.#context.isDiskFull) this.#moveTime();
  }

  /** Transactions that are undecided here for long keep others waiting: the router of this peer has them finished, or the only peer that may. */
  #reportOverdue(now: number, clockMs: number): void {
    if (now - this.#lookedMs < overdueLookMs) return;
    this.#lookedMs = now;
    const names = this.#state.overdue(clockMs);
    const { address } = this.#context;
    const { cell } = this.#acceptor.config;
    const byPeer = new Map<Address, TransactionName[]>();
    for (const name of names) {
      const to = coordinatorOf(name) ?? address;
      byPeer.set(to, [...(byPeer.get(to) ?? []), name]);
    }
    for (const [to, own] of byPeer) this.#context.answer(to, { kind: 'overdue', cell, names: own });
  }

  /** This replica leads no more, but perhaps the given one does. */
  lost(leader: Address): void {
    this.writes.resign(leader);
    this.reads.startOver();
    this.#watchers.release(this.#state);
  }

  /** What the cell held is held by the one below, or is about to be: whoever comes here is told so (CELL-19). */
  #close(from: Address, message: Extract<AccessMessage, { kind: 'forward' | 'read' }>): void {
    const { cell } = message;
    if (message.kind === 'read') {
      const answers = message.reads.map(({ id }) => ({ id, result: movedResult }));
      return this.#context.answer(from, { kind: 'answers', cell, reader: message.reader, answers });
    }
    const closing = this.#state.closing(message.group);
    if (closing !== undefined) this.#context.answer(from, { kind: 'results', cell, ...closing });
  }

  #watch(id: number, bytes: Bytes, from: Reader): void {
    const asked = parse(command, bytes);
    assert(asked.ok && asked.value.kind === 'changes', 'who waits for a change asked for something else');
    this.#watchers.add(asked.value, from, id, this.#state, this.#context.world.clock.monotonicMs());
  }

  #forward({ group, patienceMs }: ForwardMessage, from: Address): void {
    const { expectsToLead, leader } = this.#host;
    if (!expectsToLead) return this.writes.redirect(group, from, leader);
    const isStuck = this.#context.isDiskFull || !this.#host.hearsMajority;
    if (isStuck || !this.writes.take(group, from, patienceMs)) return this.writes.redirect(group, from, '');
    this.#context.flushLater();
  }

  #read(message: ReadMessage, address: Address): void {
    const { reads, reader } = message;
    const from: Reader = { address, reader };
    const { leadership, expectsToLead, leader } = this.#host;
    if (!expectsToLead) return this.#redirectReads(message, address, leader);
    if (leadership !== undefined && this.#mayReadNow(leadership)) {
      this.reads.readNow(reads, from, this.#state, () => leadership.lease.isValid());
      this.#context.flushLater();
      return;
    }
    if (!this.#host.hearsMajority || !this.reads.take(reads, from)) return this.#redirectReads(message, address, '');
    this.#context.flushLater();
  }

  #redirectReads(read: ReadMessage, from: Address, leader: Address): void {
    const message = elsewhere(read, leader);
    if (message !== undefined) this.#context.answer(from, message);
  }

  /** Whether a leader answers without asking anybody. */
  #mayReadNow(leadership: Leadership | undefined): boolean {
    if (leadership === undefined || this.#context.policy.reads !== 'lease') return false;
    return this.#canRead(leadership) && leadership.lease.isValid();
  }

  /**
   * A leader answers from its state only when all that it took over is applied, and not while a stop-sign stands in its
   * log: it may be chosen without this leader's knowledge, and then the next epoch decides (CELL-8).
   */
  #canRead(leadership: Leadership): boolean {
    const { isLeading, stopSign, adoptedEnd } = leadership;
    return isLeading && stopSign === undefined && this.#state.applied.index >= adoptedEnd;
  }

  #confirm(round: number): void {
    const { leadership } = this.#host;
    if (leadership === undefined) return;
    const { cell, epoch } = this.#acceptor.config;
    const message = { cell, epoch, from: this.#context.self, ballot: leadership.ballot, round } as const;
    for (const { member } of leadership.followers) this.#context.send(member, { kind: 'confirm', ...message });
  }

  /** An entry that is under way will do: it was not chosen when the read came. */
  #moveTime(): number | undefined {
    const { leadership } = this.#host;
    if (leadership === undefined || !this.#canRead(leadership)) return undefined;
    const { log, chosen } = this.#acceptor;
    return log.end > chosen ? log.end : this.writes.proposeTime(leadership, this.#state.timeMs);
  }
}
