import type { Clock } from './clock.ts';
import type { Entropy } from './entropy.ts';
import type { Log } from './log.ts';
import type { Storage } from './storage.ts';
import type { Timer } from './timer.ts';

/** The capabilities of a world: synchronous calls that are handed over at set-up, repeatable in simulation. */
export interface World {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly entropy: Entropy;
  readonly storage: Storage;
  readonly log: Log;
}
