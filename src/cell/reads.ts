import { assert, type Bytes, copyBytes } from '../base/index.ts';
import type { PeerId } from '../overlay/index.ts';
import type { CellState } from '../state/index.ts';
import type { Address } from '../world/index.ts';
import { resendMs, waitingReadsMax } from './limits.ts';
import type { ReplicaContext } from './replicaContext.ts';
import type { Granted } from './wishes.ts';

/** Who asked: the peer, and which of its lives. */
export interface Reader {
  readonly address: Address;
  readonly reader: string;
}

interface Read {
  readonly id: number;
  readonly command: Bytes;
  readonly from: Reader;
  readonly sinceMs: number;
}

/** What reads need of the replica that they wait at. */
export interface ReadsHost {
  /** Asks the members whether this replica leads still. */
  confirm(round: number): void;
  /** Has log time move on: the index of the entry that does it, or undefined where none can be proposed now. */
  moveTime(): number | undefined;
  /** Sees to what an encoded command wants of the leader. */
  grant(command: Bytes): Granted;
  /** Who asked waits for the next change. */
  watch(id: number, command: Bytes, from: Reader): void;
  /** A row is damaged: this replica can answer nothing any more. */
  damaged(): void;
}

/**
 * Reads that wait at a leader: for a round in which a majority confirms that it leads, or for log time to move. All
 * that wait share a round, and a read joins the next one, never the one under way (CELL-5).
 */
export class Reads {
  readonly #context: ReplicaContext;
  readonly #host: ReadsHost;
  readonly #cell: string;
  #next: Read[] = [];
  #inRound: Read[] = [];
  #round = 0;
  #isUnderWay = false;
  #confirmedBy = new Set<PeerId>();
  /** When the round began, and when it was last asked for. */
  #beganMs = 0;
  #askedMs = 0;
  /** Reads that wait until an index is applied. */
  #late: { readonly index: number; readonly read: Read }[] = [];
  byLease = 0;
  byQuorum = 0;

  constructor(context: ReplicaContext, cell: string, host: ReadsHost) {
    this.#context = context;
    this.#cell = cell;
    this.#host = host;
  }

  get #count(): number {
    return this.#next.length + this.#inRound.length + this.#late.length;
  }

  /** Queues reads for the next round; false where too many wait. */
  take(reads: readonly { readonly id: number; readonly command: Bytes }[], from: Reader): boolean {
    if (this.#count + reads.length > waitingReadsMax) return false;
    const sinceMs = this.#context.world.clock.monotonicMs();
    for (const { id, command } of reads) this.#next.push({ id, command: copyBytes(command), from, sinceMs });
    return true;
  }

  /** Answers all that wait without a round: the caller holds a lease, and checks it again before `send`. */
  readNow(
    reads: readonly { readonly id: number; readonly command: Bytes }[],
    from: Reader,
    state: CellState,
    isStillValid: () => boolean,
  ): void {
    const nowMs = this.#context.world.clock.wallMs();
    const answers: { id: number; result: Bytes }[] = [];
    const postponed: { id: number; command: Bytes }[] = [];
    const waiting: { id: number; command: Bytes }[] = [];
    for (const read of reads) {
      const result = state.read(read.command, nowMs);
      if (result === 'damaged') return this.#host.damaged();
      if (result === 'needs leader') {
        // A stop-sign that is proposed for it gives up the lease, and so all of these wait anew. Who hears nothing asks again.
        const granted = this.#host.grant(read.command);
        if (typeof granted !== 'string') answers.push({ id: read.id, result: granted });
      } else if (result === 'needs change') waiting.push(read);
      else if (result === 'needs time') postponed.push(read);
      else answers.push({ id: read.id, result });
    }
    // The state was read first: if the lease holds now, it held then (CELL-6).
    if (!isStillValid()) {
      this.take(reads, from);
      return;
    }
    this.byLease += answers.length + waiting.length;
    for (const { id, command } of waiting) this.#host.watch(id, command, from);
    if (answers.length > 0) this.#answer(from, answers);
    const sinceMs = this.#context.world.clock.monotonicMs();
    for (const { id, command } of postponed) this.#postpone({ id, command: copyBytes(command), from, sinceMs });
  }

  /** Begins a round if reads wait and none is under way. `others` is how many members must confirm. */
  beginRound(others: number, state: CellState): void {
    if (this.#isUnderWay || this.#next.length === 0) return;
    this.#inRound = this.#next;
    this.#next = [];
    this.#round++;
    this.#confirmedBy.clear();
    this.#beganMs = this.#context.world.clock.monotonicMs();
    this.#askedMs = this.#beganMs;
    this.#isUnderWay = true;
    if (others === 0) this.#finish(state);
    else this.#host.confirm(this.#round);
  }

  onConfirmed(from: PeerId, round: number, others: number, state: CellState): void {
    if (!this.#isUnderWay || round !== this.#round) return;
    this.#confirmedBy.add(from);
    if (this.#confirmedBy.size < others) return;
    this.#finish(state);
    this.beginRound(others, state);
  }

  /** An entry was applied: what waited for its time can be answered, by the time of the log. */
  applied(index: number, state: CellState): void {
    if (this.#late.length === 0 || this.#late[0]!.index > index) return;
    const due = this.#late.filter((late) => late.index <= index);
    this.#late = this.#late.filter((late) => late.index > index);
    for (const { read } of due) this.#serve(read, state, state.timeMs);
  }

  /** The ballot that all this waited for is over: if this replica leads again, it asks anew. */
  startOver(): void {
    this.#next = [...this.#inRound, ...this.#late.map(({ read }) => read), ...this.#next];
    this.#inRound = [];
    this.#late = [];
    this.#isUnderWay = false;
  }

  /** Asks again where confirmations were lost. */
  tick(): void {
    const now = this.#context.world.clock.monotonicMs();
    if (!this.#isUnderWay || now - this.#askedMs < resendMs) return;
    this.#askedMs = now;
    this.#host.confirm(this.#round);
  }

  /** Sends away those who have waited since before the given moment: they were not read. */
  sendAway(leader: Address, beforeMs: number): void {
    if (this.#count === 0) return;
    const ids = new Map<Address, number[]>();
    const isEarly = (read: Read): boolean => {
      if (read.sinceMs > beforeMs) return true;
      const { address } = read.from;
      const known = ids.get(address);
      if (known === undefined) ids.set(address, [read.id]);
      else known.push(read.id);
      return false;
    };
    this.#next = this.#next.filter(isEarly);
    this.#inRound = this.#inRound.filter(isEarly);
    this.#late = this.#late.filter(({ read }) => isEarly(read));
    if (this.#inRound.length === 0) this.#isUnderWay = false;
    for (const [from, list] of ids) {
      const { answer } = this.#context;
      answer(from, { kind: 'elsewhere', cell: this.#cell, leader, session: '', sequences: [], ids: list });
    }
  }

  #finish(state: CellState): void {
    this.#isUnderWay = false;
    const reads = this.#inRound;
    this.#inRound = [];
    const nowMs = this.#context.world.clock.wallMs();
    for (const read of reads) {
      assert(read.sinceMs <= this.#beganMs, 'CELL-5: a read is answered by a round that began before it came');
      this.#serve(read, state, nowMs);
    }
  }

  #serve(read: Read, state: CellState, nowMs: number): void {
    const result = state.read(read.command, nowMs);
    if (result === 'damaged') return this.#host.damaged();
    if (result === 'needs time') return this.#postpone(read);
    if (result === 'needs change') return this.#host.watch(read.id, read.command, read.from);
    const answer = result === 'needs leader' ? this.#host.grant(read.command) : result;
    if (answer === 'under way') return void this.#next.push(read);
    // Who has no answer asks again.
    if (answer === 'ask again') return;
    this.byQuorum++;
    this.#answer(read.from, [{ id: read.id, result: answer }]);
  }

  #answer({ address, reader }: Reader, answers: readonly { id: number; result: Bytes }[]): void {
    this.#context.answer(address, { kind: 'answers', cell: this.#cell, reader, answers });
  }

  #postpone(read: Read): void {
    const last = this.#late.at(-1);
    const index = this.#host.moveTime() ?? last?.index;
    if (index === undefined) this.#next.push(read);
    else this.#late.push({ index, read });
  }
}
