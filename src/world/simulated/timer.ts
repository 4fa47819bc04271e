import type { Ref } from '../../component/index.ts';
import type { Timeout, Timer } from '../index.ts';
import type { SimulatedClock } from './clock.ts';

/** The least wait of a timer that woke early because its clock had been slowed or stood still. */
const wakeAgainMs = 1;

/** Timers of one run of a peer: they follow its monotonic clock and die with it. */
export class SimulatedTimer implements Timer {
  readonly #clock: SimulatedClock;
  readonly #schedule: (delayMs: number, run: () => void) => void;

  constructor(clock: SimulatedClock, schedule: (delayMs: number, run: () => void) => void) {
    this.#clock = clock;
    this.#schedule = schedule;
  }

  after(delayMs: number, notify: Ref<void>): Timeout {
    const dueMs = this.#clock.monotonicMs() + delayMs;
    let isWanted = true;
    const wake = (): void => {
      if (!isWanted) return;
      // A float of virtual time may fall short of the moment by its last digits.
      const earlyMs = dueMs - this.#clock.monotonicMs();
      if (earlyMs > 1e-6) this.#schedule(Math.max(wakeAgainMs, this.#clock.trueMs(earlyMs)), wake);
      else notify.tellIf(undefined, () => isWanted);
    };
    this.#schedule(this.#clock.trueMs(delayMs), wake);
    return {
      cancel: () => {
        isWanted = false;
      },
    };
  }
}
