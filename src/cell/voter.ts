import { assert } from '../base/index.ts';
import type { PeerId } from '../overlay/index.ts';
import type { Address } from '../world/index.ts';
import type { Acceptor } from './acceptor.ts';
import { type Ballot, compareBallots, sameBallot } from './ballot.ts';
import type { MessageOf } from './cellMessages.ts';
import { type Entry, keptEntry, timeOfEntry } from './entry.ts';
import type { LeaseGranter } from './lease.ts';
import { skewMaxMs, syncBytesMax } from './limits.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** What a voter needs of its replica. */
export interface VoterHost {
  /** 'no' while the state or the promise is not there; 'afresh' where only a leader's whole log may be accepted. */
  readonly mayVote: 'yes' | 'afresh' | 'no';
  /** A higher ballot is about to be promised: who leads or stands with a lower one does so no more. */
  giveWay(ballot: Ballot): void;
  fetch(from: Address): void;
  /** More of the log may be chosen by now. */
  advance(): void;
  /** The whole log of a ballot is synced here. */
  synced(): void;
}

interface Ack {
  readonly to: Address;
  readonly ballot: Ballot;
  readonly upTo: number;
}

/** The member's part of Sequence Paxos: it promises, accepts, and says so when it is synced, and never before. */
export class Voter {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #host: VoterHost;
  readonly #granter: () => LeaseGranter;
  #ack: Ack | undefined;
  /** Log times that were too far ahead of the clock here. */
  skewRefusals = 0;
  leaseRefusals = 0;

  constructor(context: ReplicaContext, acceptor: Acceptor, granter: () => LeaseGranter, host: VoterHost) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#granter = granter;
    this.#host = host;
  }

  onPrepare(to: Address, message: MessageOf<'prepare'>): void {
    const { ballot } = message;
    if (this.#host.mayVote === 'no') return;
    const order = compareBallots(ballot, this.#acceptor.promise);
    if (order < 0) return this.#refuse(to);
    if (order === 0) {
      if (this.#acceptor.isPromiseDurable) this.#answer(to, message);
      return;
    }
    // A lease that was granted to another binds until it ends; the candidate asks again (CELL-6).
    if (this.#granter().blocks(ballot.member)) {
      this.leaseRefusals++;
      return;
    }
    this.#host.giveWay(ballot);
    this.#acceptor.promiseTo(ballot, () => this.#answer(to, message));
  }

  onSync(to: Address, message: MessageOf<'sync'>): void {
    const { ballot, first, chosen, entries } = message;
    if (!this.#isCurrent(to, ballot)) return;
    if (sameBallot(this.#acceptor.accepted, ballot)) return this.#extend(to, message);
    if (first > this.#acceptor.chosen + 1) return this.#host.fetch(to);
    if (this.#isTooEarly(first, chosen, entries)) return;
    this.#acceptor.sync(ballot, first, entries, (end) => {
      this.#acknowledge(to, ballot, end);
      this.#host.synced();
    });
    this.#choose(chosen);
  }

  onAccept(to: Address, message: MessageOf<'accept'>): void {
    if (!this.#isCurrent(to, message.ballot)) return;
    if (!sameBallot(this.#acceptor.accepted, message.ballot)) return this.#host.fetch(to);
    this.#extend(to, message);
  }

  onConfirm(to: Address, { ballot, round }: MessageOf<'confirm'>): void {
    if (this.#host.mayVote !== 'yes' || !this.#isCurrent(to, ballot) || !this.#acceptor.isPromiseDurable) return;
    this.#context.reply(to, { ...this.#header(), kind: 'confirmed', ballot, round });
  }

  /** At the end of a turn: one acknowledgement for all that became durable in it. */
  flush(): void {
    const ack = this.#ack;
    if (ack === undefined) return;
    this.#ack = undefined;
    if (!sameBallot(ack.ballot, this.#acceptor.accepted)) return;
    assert(ack.upTo <= this.#acceptor.durableEnd, 'CELL-1: entries are acknowledged before they are synced');
    this.#context.reply(ack.to, { ...this.#header(), kind: 'accepted', ballot: ack.ballot, upTo: ack.upTo });
  }

  /** What was acknowledged in an epoch that is over concerns nobody. */
  forget(): void {
    this.#ack = undefined;
  }

  #extend(to: Address, { ballot, first, chosen, entries }: MessageOf<'accept' | 'sync'>): void {
    const { log } = this.#acceptor;
    // A gap: something was lost on the way. Appending over it would make a log that no leader has (CELL-3).
    if (first > log.end + 1) return this.#host.fetch(to);
    const known = log.end + 1 - first;
    if (known < entries.length) {
      const fresh = entries.slice(known).map(keptEntry);
      if (this.#isTooEarly(log.end + 1, chosen, fresh)) return;
      this.#acceptor.accept(fresh, (end) => this.#acknowledge(to, ballot, end));
    } else if (entries.length > 0 && this.#acceptor.durableEnd > 0) {
      // Sent again because the acknowledgement was lost, perhaps.
      this.#acknowledge(to, ballot, this.#acceptor.durableEnd);
    }
    this.#choose(chosen);
  }

  /** Whether the ballot is the one that was promised here; who comes with an older one is told. */
  #isCurrent(to: Address, ballot: Ballot): boolean {
    if (this.#host.mayVote === 'no') return false;
    const order = compareBallots(ballot, this.#acceptor.promise);
    if (order < 0) this.#refuse(to);
    return order === 0;
  }

  #choose(chosen: number): void {
    const upTo = Math.min(chosen, this.#acceptor.log.end);
    if (upTo <= this.#acceptor.chosen) return;
    this.#acceptor.choose(upTo);
    this.#host.advance();
  }

  /** Log time may not run ahead of the members' clocks; what is chosen already is past that question (CELL-12). */
  #isTooEarly(first: number, chosen: number, entries: readonly Entry[]): boolean {
    const latestMs = this.#context.world.clock.wallMs() + skewMaxMs;
    const isEarly = entries.some((entry, i) => first + i > chosen && timeOfEntry(entry) > latestMs);
    if (isEarly) this.skewRefusals++;
    return isEarly;
  }

  #answer(to: Address, { ballot, accepted: theirs, end: theirEnd, chosen: theirChosen }: MessageOf<'prepare'>): void {
    const { accepted, chosen, log } = this.#acceptor;
    assert(this.#acceptor.isPromiseDurable, 'CELL-1: a promise is given before it is synced');
    const first = theirChosen + 1;
    const order = compareBallots(accepted, theirs);
    const isAhead = order > 0 || (order === 0 && log.end > theirEnd);
    // The candidate can append what begins behind its chosen part. If it lacks too much it fetches that first.
    const fits = isAhead && first >= log.first && log.bytesFrom(first, syncBytesMax) <= syncBytesMax;
    const entries = fits ? log.slice(first, log.end, Number.POSITIVE_INFINITY) : [];
    this.#context.reply(to, {
      ...this.#header(),
      kind: 'promise',
      ballot,
      isWhole: this.#host.mayVote === 'yes',
      accepted,
      end: log.end,
      chosen,
      first: fits ? first : 0,
      entries,
    });
  }

  #acknowledge(to: Address, ballot: Ballot, upTo: number): void {
    if (this.#ack === undefined) this.#context.flushLater();
    this.#ack = { to, ballot, upTo };
  }

  #refuse(to: Address): void {
    this.#context.reply(to, { ...this.#header(), kind: 'refused', promise: this.#acceptor.promise });
  }

  #header(): { cell: string; epoch: number; from: PeerId } {
    const { cell, epoch } = this.#acceptor.config;
    return { cell, epoch, from: this.#context.self };
  }
}
