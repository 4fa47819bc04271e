import type { PeerId } from '../overlay/index.ts';
import type { Clock } from '../world/index.ts';
import type { Ballot } from './ballot.ts';
import { leaseDriftMs, leaseMs } from './limits.ts';

/** A moment on both clocks: time that stood still on one of them shows on the other. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export function momentOf(clock: Clock): Moment {
  return { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() };
}

/** The right of a leader to answer reads alone, as long as a majority has granted it and nobody else can be promised. */
export class LeaseHolder {
  readonly #clock: Clock;
  readonly #majority: number;
  readonly #grants = new Map<PeerId, Moment>();
  #isGivenUp = false;

  constructor(clock: Clock, majority: number) {
    this.#clock = clock;
    this.#majority = majority;
  }

  /** A member granted what was asked for at that moment, which is before the request left (CELL-6). */
  granted(by: PeerId, askedAt: Moment): void {
    const last = this.#grants.get(by);
    if (last === undefined || askedAt.monotonicMs > last.monotonicMs) this.#grants.set(by, askedAt);
  }

  /** From now on the next epoch may decide without this leader. */
  giveUp(): void {
    this.#isGivenUp = true;
  }

  /** Whether a majority, this leader included, promises nobody else now. */
  isValid(): boolean {
    if (this.#isGivenUp) return false;
    let holders = 1;
    const now = momentOf(this.#clock);
    for (const askedAt of this.#grants.values()) if (isWithin(askedAt, now)) holders++;
    return holders >= this.#majority;
  }
}

function isWithin(askedAt: Moment, now: Moment): boolean {
  // A suspended machine shows as a wall clock that ran ahead: the greater of the two spans counts.
  const elapsedMs = Math.max(now.monotonicMs - askedAt.monotonicMs, now.wallMs - askedAt.wallMs);
  return elapsedMs < leaseMs - leaseDriftMs;
}

/** The other side: whom this member may not betray by a promise to another, and until when. */
export class LeaseGranter {
  readonly #clock: Clock;
  #holder: PeerId;
  #untilMs: number;
  /** Promises that a lease put off. */
  refusals = 0;

  /** After a start nobody remembers what was granted: the one who was promised last may hold a lease (CELL-7). */
  constructor(clock: Clock, promised: Ballot) {
    this.#clock = clock;
    this.#holder = promised.member;
    this.#untilMs = promised.member === '' ? 0 : clock.monotonicMs() + leaseMs;
  }

  grant(holder: PeerId): void {
    this.#holder = holder;
    this.#untilMs = this.#clock.monotonicMs() + leaseMs;
  }

  /** Whether a promise to the candidate would break a lease. */
  blocks(candidate: PeerId): boolean {
    return candidate !== this.#holder && this.#clock.monotonicMs() < this.#untilMs;
  }
}
