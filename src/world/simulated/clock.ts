import type { Random } from '../../base/index.ts';
import type { Clock } from '../index.ts';

/** Wall time at the beginning of a universe. */
const epochMs = 1_700_000_000_000;

/** The clocks of a host: they drift, the wall clock jumps, and the monotonic one stands still while the host sleeps. */
export class SimulatedClock implements Clock {
  readonly #nowMs: () => number;
  readonly #random: Random;
  #sinceMs = 0;
  #wallAtMs = epochMs;
  #monotonicAtMs: number;
  #rate = 1;
  #isAsleep = false;

  constructor(nowMs: () => number, random: Random) {
    this.#nowMs = nowMs;
    this.#random = random;
    this.#monotonicAtMs = this.#origin();
  }

  wallMs(): number {
    return Math.floor(this.#wallAtMs + (this.#nowMs() - this.#sinceMs) * this.#rate);
  }

  monotonicMs(): number {
    return this.#monotonicAtMs + (this.#isAsleep ? 0 : (this.#nowMs() - this.#sinceMs) * this.#rate);
  }

  /** How long to wait in true time for `durationMs` of this clock. */
  trueMs(durationMs: number): number {
    return durationMs / this.#rate;
  }

  /** From now on it gains this many milliseconds a second (loses them where negative). */
  setDrift(msPerSecond: number): void {
    this.#rebase();
    this.#rate = 1 + msPerSecond / 1000;
  }

  /** The wall clock is set forward, or back where negative. */
  jump(byMs: number): void {
    this.#rebase();
    this.#wallAtMs += byMs;
  }

  setAsleep(isAsleep: boolean): void {
    this.#rebase();
    this.#isAsleep = isAsleep;
  }

  /** A new process counts monotonic time from another moment. */
  restart(): void {
    this.#rebase();
    this.#isAsleep = false;
    this.#monotonicAtMs = this.#origin();
  }

  #origin(): number {
    return this.#random.below(1_000_000);
  }

  #rebase(): void {
    const monotonicMs = this.monotonicMs();
    const now = this.#nowMs();
    this.#wallAtMs += (now - this.#sinceMs) * this.#rate;
    this.#monotonicAtMs = monotonicMs;
    this.#sinceMs = now;
  }
}
