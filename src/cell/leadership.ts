import { assert } from '../base/index.ts';
import type { PeerId } from '../overlay/index.ts';
import type { Acceptor } from './acceptor.ts';
import { type Ballot, compareBallots } from './ballot.ts';
import { type Member, majorityOf, othersOf } from './cellConfig.ts';
import type { MessageOf, ReplicaMessage } from './cellMessages.ts';
import { type Entry, endsEpoch, keptEntry, timeOfEntry } from './entry.ts';
import { Follower, type Promised } from './follower.ts';
import { LeaseHolder } from './lease.ts';
import { chunkBytesMax, prepareMs, resendMs, skewMaxMs, syncBytesMax } from './limits.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** What a leadership needs of its replica. */
export interface LeadershipHost {
  /** A majority holds all up to there in this ballot. */
  choose(upTo: number): void;
  /** The leader lacks what that member knows as chosen. */
  fetchFrom(member: Member): void;
  /** The follower needs more than the log holds: send it chosen entries or a snapshot. */
  feed(follower: Member, chosen: number): void;
  /** The ballot leads now: its log is complete, though not all of it is chosen yet. */
  leads(): void;
}

/**
 * The leader's part of Sequence Paxos, for one ballot: it collects promises from a majority, takes over the most
 * recent log among them, brings the followers to it, and then appends.
 */
export class Leadership {
  readonly ballot: Ballot;
  readonly lease: LeaseHolder;
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #host: LeadershipHost;
  readonly #followers = new Map<PeerId, Follower>();
  readonly #majority: number;
  #isLeading = false;
  #selfAcked = 0;
  /** The end of the log that was taken over: reads wait until it is applied (CELL-8). */
  #adoptedEnd = 0;
  #stopSign: number | undefined;
  #lastTimeMs = 0;
  #isOver = false;

  constructor(context: ReplicaContext, acceptor: Acceptor, ballot: Ballot, host: LeadershipHost) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#host = host;
    this.ballot = ballot;
    this.#majority = majorityOf(acceptor.config);
    this.lease = new LeaseHolder(context.world.clock, this.#majority);
    for (const member of othersOf(acceptor.config, context.self)) this.#followers.set(member.id, new Follower(member));
  }

  get isLeading(): boolean {
    return this.#isLeading;
  }

  /**
   * The time for the next entry, in milliseconds since 1970: this clock's, but not more ahead of those of a majority
   * than they accept, so that a clock that jumped does not stop the cell (CELL-12).
   */
  get clockMs(): number {
    const wallMs = this.#context.world.clock.wallMs();
    const ahead = [0];
    for (const { clockAheadMs } of this.#followers.values()) ahead.push(clockAheadMs);
    ahead.sort((a, b) => b - a);
    return Math.min(wallMs, wallMs + ahead[this.#majority - 1]! + skewMaxMs / 2);
  }

  /** A follower told its time: it was `wallMs` there not long ago. */
  hearClock(from: PeerId, wallMs: number): void {
    const follower = this.#followers.get(from);
    if (follower !== undefined) follower.clockAheadMs = wallMs - this.#context.world.clock.wallMs();
  }

  get majority(): number {
    return this.#majority;
  }

  get adoptedEnd(): number {
    return this.#adoptedEnd;
  }

  /** The index of the stop-sign that stands in the log: nothing may follow it. */
  get stopSign(): number | undefined {
    return this.#stopSign;
  }

  /** The log time of the last entry. */
  get lastTimeMs(): number {
    return this.#lastTimeMs;
  }

  get followers(): Iterable<Follower> {
    return this.#followers.values();
  }

  /** Members beside this one that have synced the log of this ballot. */
  get synced(): readonly Follower[] {
    return [...this.#followers.values()].filter(({ acked }) => acked > 0 || this.#acceptor.log.end === 0);
  }

  /** Another leads, or the epoch is over: what arrives late finds nobody. */
  end(): void {
    this.#isOver = true;
    this.#isLeading = false;
    this.lease.giveUp();
  }

  /** The leader's own promise is synced: the others may be asked, and it counts itself (CELL-1). */
  prepare(): void {
    for (const follower of this.#followers.values()) this.#prepare(follower);
    this.#tryLead();
  }

  onPromise(message: MessageOf<'promise'>): void {
    const follower = this.#followers.get(message.from);
    if (follower === undefined || this.#isOver || compareBallots(message.ballot, this.ballot) !== 0) return;
    const { isWhole, accepted, end, chosen, first, entries } = message;
    // The message is a view: what waits for a majority is kept as a copy.
    follower.promised = { isWhole, accepted, end, chosen, first, entries: entries.map(keptEntry) };
    follower.chosen = chosen;
    if (!this.#isLeading) this.#tryLead();
    else if (!follower.isSynced) this.sync(follower);
  }

  onAccepted(message: MessageOf<'accepted'>): void {
    const follower = this.#followers.get(message.from);
    if (follower === undefined || !this.#isLeading || compareBallots(message.ballot, this.ballot) !== 0) return;
    assert(message.upTo <= this.#acceptor.log.end, 'CELL-3: a follower accepted what its leader does not have');
    if (message.upTo <= follower.acked) return;
    follower.acked = message.upTo;
    follower.progressMs = this.#now();
    this.#count();
  }

  /** A member asks for what it lacks. */
  onFetch(from: PeerId, chosen: number): void {
    const follower = this.#followers.get(from);
    if (follower === undefined || !this.#acceptor.isPromiseDurable) return;
    follower.chosen = chosen;
    if (follower.promised === undefined) this.#prepare(follower);
    else if (this.#isLeading) this.sync(follower);
  }

  isFollower(peer: PeerId): boolean {
    return this.#followers.has(peer);
  }

  /** Appends an entry and sends it. The caller has seen that there is room, and no stop-sign. */
  propose(entry: Entry): number {
    assert(this.#isLeading && this.#stopSign === undefined, 'CELL-9: an entry is proposed behind a stop-sign');
    const first = this.#acceptor.log.end + 1;
    if (endsEpoch(entry)) {
      this.lease.giveUp();
      this.#stopSign = first;
    } else {
      assert(timeOfEntry(entry) >= this.#lastTimeMs, 'CELL-12: log time goes back');
      this.#lastTimeMs = timeOfEntry(entry);
    }
    this.#send(first, [entry]);
    // The followers' copies are on their way before this disk begins to sync.
    this.#acceptor.accept([entry], (end) => this.#onOwnDurable(end));
    return first;
  }

  /** Tells the followers how far the log is chosen, where no entry will. */
  announce(): void {
    this.#send(this.#acceptor.log.end + 1, []);
  }

  /** Sends again what was lost. */
  tick(): void {
    if (!this.#acceptor.isPromiseDurable) return;
    const now = this.#now();
    for (const follower of this.#followers.values()) {
      if (follower.promised === undefined || (this.#isLeading && !follower.isSynced)) {
        // A candidate is in a hurry: what holds a promise back is a lease that ends soon.
        if (now - follower.progressMs >= (this.#isLeading ? resendMs : prepareMs)) this.#prepare(follower);
      } else if (this.#isLeading && follower.acked < this.#acceptor.log.end && now - follower.progressMs >= resendMs) {
        this.#resend(follower);
      }
    }
  }

  #prepare(follower: Follower): void {
    const { accepted, chosen, log } = this.#acceptor;
    follower.progressMs = this.#now();
    this.#tell(follower, { ...this.#header(), kind: 'prepare', ballot: this.ballot, accepted, end: log.end, chosen });
  }

  #tryLead(): void {
    const acceptor = this.#acceptor;
    if (this.#isOver || !acceptor.isPromiseDurable || compareBallots(acceptor.promise, this.ballot) !== 0) return;
    const promised = [...this.#followers.values()].filter(({ promised }) => promised?.isWhole);
    if (promised.length + 1 < this.#majority) return;
    let best: Follower | undefined;
    for (const follower of promised) if (this.#isAhead(follower, best)) best = follower;
    if (best?.promised === undefined) this.#lead(acceptor.log.end + 1, []);
    else if (best.promised.first > 0 && best.promised.first <= acceptor.chosen + 1) {
      this.#lead(best.promised.first, best.promised.entries);
    } else {
      // Its log goes on behind what this leader does not know as chosen yet: fetch that first, then ask it again.
      best.promised = undefined;
      this.#host.fetchFrom(best.member);
    }
  }

  /** Whether the follower's log is more recent than the best one so far, or than the leader's own. */
  #isAhead(follower: Follower, best: Follower | undefined): boolean {
    const { accepted, end } = follower.promised!;
    const { accepted: thanBallot, end: thanEnd } = best?.promised ?? this.#ownLog();
    const order = compareBallots(accepted, thanBallot);
    return order > 0 || (order === 0 && end > thanEnd);
  }

  #ownLog(): Pick<Promised, 'accepted' | 'end'> {
    return { accepted: this.#acceptor.accepted, end: this.#acceptor.log.end };
  }

  /** Takes over the log: its own, or its own up to `first` and the entries of the most recent one behind. */
  #lead(first: number, entries: readonly Entry[]): void {
    const { log, chosen } = this.#acceptor;
    const kept = first > chosen + 1 ? log.slice(chosen + 1, log.end, Number.POSITIVE_INFINITY) : entries;
    this.#isLeading = true;
    this.#acceptor.sync(this.ballot, Math.min(first, chosen + 1), kept, (end) => this.#onOwnDurable(end));
    this.#adoptedEnd = log.end;
    for (const follower of this.#followers.values()) {
      const known = follower.promised;
      assert(
        known === undefined || known.chosen <= log.end,
        'CELL-4: a leader took over a log that lacks chosen entries',
      );
    }
    this.#inspect();
    for (const follower of this.#followers.values()) if (follower.promised !== undefined) this.sync(follower);
    this.#host.leads();
  }

  /** Finds the log time of what was taken over, and the stop-sign if one is in it. */
  #inspect(): void {
    const { log, chosen } = this.#acceptor;
    for (let index = chosen + 1; index <= log.end; index++) {
      const entry = log.get(index);
      this.#lastTimeMs = Math.max(this.#lastTimeMs, timeOfEntry(entry));
      if (!endsEpoch(entry)) continue;
      assert(index === log.end, 'CELL-9: an entry stands behind a stop-sign');
      this.#stopSign = index;
      this.lease.giveUp();
    }
  }

  /** Brings a follower to the log of this ballot: in one message if it fits, after chosen entries or a snapshot if not. */
  sync(follower: Follower): void {
    const { log, chosen } = this.#acceptor;
    const first = follower.chosen + 1;
    follower.progressMs = this.#now();
    if (first < log.first || (first <= chosen && log.bytesFrom(first, syncBytesMax) > syncBytesMax)) {
      follower.isSynced = false;
      this.#host.feed(follower.member, follower.chosen);
      return;
    }
    follower.isSynced = true;
    const entries = log.slice(first, log.end, Number.POSITIVE_INFINITY);
    this.#tell(follower, { ...this.#header(), kind: 'sync', ballot: this.ballot, first, chosen, entries });
  }

  #resend(follower: Follower): void {
    const { log, chosen } = this.#acceptor;
    follower.progressMs = this.#now();
    if (follower.acked === 0 || follower.acked + 1 < log.first) {
      follower.isSynced = false;
      this.#prepare(follower);
      return;
    }
    const first = follower.acked + 1;
    const entries = log.slice(first, log.end, chunkBytesMax);
    this.#tell(follower, { ...this.#header(), kind: 'accept', ballot: this.ballot, first, chosen, entries });
  }

  #send(first: number, entries: readonly Entry[]): void {
    const { chosen } = this.#acceptor;
    const message = { ...this.#header(), kind: 'accept', ballot: this.ballot, first, chosen, entries } as const;
    const now = this.#now();
    for (const follower of this.#followers.values()) {
      if (!follower.isSynced) continue;
      // A follower that had everything makes progress by being given more: its silence counts from now.
      if (follower.acked >= first - 1) follower.progressMs = now;
      this.#tell(follower, message);
    }
  }

  #onOwnDurable(end: number): void {
    if (this.#isOver) return;
    this.#selfAcked = end;
    this.#count();
  }

  /** Chosen is what a majority has synced in this ballot. */
  #count(): void {
    const acked = [this.#selfAcked];
    for (const follower of this.#followers.values()) acked.push(follower.acked);
    acked.sort((a, b) => b - a);
    const upTo = acked[this.#majority - 1]!;
    if (upTo > this.#acceptor.chosen) this.#host.choose(upTo);
  }

  #tell(follower: Follower, message: ReplicaMessage): void {
    this.#context.send(follower.member, message);
  }

  #header(): { cell: string; epoch: number; from: PeerId } {
    const { cell, epoch } = this.#acceptor.config;
    return { cell, epoch, from: this.#context.self };
  }

  #now(): number {
    return this.#context.world.clock.monotonicMs();
  }
}
