import type { Clock } from '../world/index.ts';
import { type Moment, momentOf } from './lease.ts';
import { leaseDriftMs, leaseMs, vouchesMax } from './limits.ts';

/** All that anybody was told before that moment of this peer's clocks lies at or below the index. */
interface Vouch {
  readonly askedAt: Moment;
  readonly index: number;
}

/**
 * How old at most is what a member has applied. It knows from its own heartbeats: a leader that answered one under a valid lease
 * named an index below which everything lies that was answered before the question left. So the age is a span of this peer's own
 * clocks, and those of others do not matter (TX-18).
 */
export class Freshness {
  readonly #clock: Clock;
  /** What is not applied yet, in its order. */
  #waiting: Vouch[] = [];
  #reached: Vouch | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The leader answered a heartbeat that left behind that moment. */
  vouched(askedAt: Moment, index: number): void {
    const last = this.#waiting.at(-1) ?? this.#reached;
    if (last !== undefined && askedAt.monotonicMs <= last.askedAt.monotonicMs) return;
    if (this.#waiting.length < vouchesMax) this.#waiting.push({ askedAt, index });
  }

  /** Whether all that was answered until so many milliseconds ago is in what is applied up to the index. */
  isWithin(ageMaxMs: number, applied: number): boolean {
    while (this.#waiting[0] !== undefined && this.#waiting[0].index <= applied) this.#reached = this.#waiting.shift();
    // A state that was fetched again may be an older one.
    if (this.#reached === undefined || this.#reached.index > applied) return false;
    return oldestMs(this.#reached.askedAt, momentOf(this.#clock)) <= ageMaxMs;
  }
}

/** How long ago it may be: by whichever clock ran further, and a clock may run slow by the share that leases allow. */
function oldestMs(then: Moment, now: Moment): number {
  const elapsedMs = Math.max(now.monotonicMs - then.monotonicMs, now.wallMs - then.wallMs);
  return elapsedMs * (1 + leaseDriftMs / leaseMs);
}
