import type { PeerId } from '../overlay/index.ts';
import type { Address } from '../world/index.ts';
import type { Acceptor } from './acceptor.ts';
import { noBallot, sameBallot } from './ballot.ts';
import { isMember } from './cellConfig.ts';
import type { Beat } from './cellMessages.ts';
import type { Copy } from './copy.ts';
import type { Election } from './election.ts';
import { Freshness } from './freshness.ts';
import type { Leadership } from './leadership.ts';
import type { LeaseGranter, Moment } from './lease.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** The parts of a replica as they are now: some change with the epoch. */
export interface HeartbeatHost {
  readonly election: Election | undefined;
  readonly leadership: Leadership | undefined;
  readonly granter: LeaseGranter;
}

/** What a replica says and hears in heartbeats: ballots for the election, leases, and how far the log is chosen. */
export class Heartbeat {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #copy: Copy;
  readonly #host: HeartbeatHost;
  /** Of what is applied here, as the leader vouches for it. */
  readonly freshness: Freshness;

  constructor(context: ReplicaContext, acceptor: Acceptor, copy: Copy, host: HeartbeatHost) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#copy = copy;
    this.#host = host;
    this.freshness = new Freshness(context.world.clock);
  }

  /** What is said when a round begins: a leader asks for its lease. */
  ping(): Beat {
    const { leadership } = this.#host;
    const wants = this.#context.policy.reads === 'lease' && leadership?.isLeading === true;
    return this.#beat(wants && leadership.stopSign === undefined);
  }

  onPing(from: Address, peer: PeerId, beat: Beat): Beat {
    this.#notice(from, beat);
    const isLeaders = beat.epoch === this.#acceptor.epoch && beat.promise.member === peer;
    if (!isLeaders || this.#copy.mayVote === 'no') return this.#beat(this.#vouches());
    if (sameBallot(beat.promise, this.#acceptor.accepted)) {
      this.#copy.choose(Math.min(beat.chosen, this.#acceptor.log.end));
    }
    const grants = beat.lease && this.#mayGrant(beat);
    if (grants) this.#host.granter.grant(peer);
    return this.#beat(grants);
  }

  /** `askedAt` is the moment before the ping left that this answers. */
  onPong(from: Address, peer: PeerId, beat: Beat, askedAt: Moment): void {
    this.#notice(from, beat);
    const { election, leadership } = this.#host;
    if (beat.epoch !== this.#acceptor.epoch || !isMember(this.#acceptor.config, peer)) return;
    election?.hear(peer, beat.ballot, beat.hasQuorum, this.#context.world.clock.monotonicMs());
    if (leadership === undefined) {
      if (beat.lease && beat.promise.member === peer) this.freshness.vouched(askedAt, beat.chosen);
      return;
    }
    leadership.hearClock(peer, beat.wallMs);
    if (beat.lease && sameBallot(beat.promise, leadership.ballot)) leadership.lease.granted(peer, askedAt);
  }

  /** A lease goes to the holder of the promise alone, and only while that promise stands and is synced. */
  #mayGrant(beat: Beat): boolean {
    if (beat.epoch !== this.#acceptor.epoch || this.#copy.mayVote !== 'yes') return false;
    return this.#acceptor.isPromiseDurable && sameBallot(beat.promise, this.#acceptor.promise);
  }

  /** Whether this replica leads now, and knows all as chosen that anybody was told has happened (TX-18). */
  #vouches(): boolean {
    const { leadership } = this.#host;
    if (leadership?.isLeading !== true || leadership.stopSign !== undefined) return false;
    return this.#copy.chosen >= leadership.adoptedEnd && leadership.lease.isValid();
  }

  /** Whoever is in a later epoch knows what this replica lacks. */
  #notice(from: Address, beat: Beat): void {
    if (beat.epoch > this.#acceptor.epoch) this.#copy.catchUp.fetch(from);
  }

  #beat(lease: boolean): Beat {
    const { epoch, promise } = this.#acceptor;
    const { ballot, hasQuorum } = this.#host.election ?? { ballot: noBallot, hasQuorum: false };
    const wallMs = this.#context.world.clock.wallMs();
    const { cell, chosen } = this.#copy;
    return { cell, epoch, ballot, hasQuorum, promise, chosen, wallMs, lease };
  }
}
