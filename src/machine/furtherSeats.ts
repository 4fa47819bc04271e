import { FurtherSeat } from './furtherSeat.ts';
import type { CheckedOptions } from './options.ts';

/** The seats of this program beside its first, each in a thread of its own. */
export class FurtherSeats {
  /** Settles when all serve; where one cannot `failed` says so. */
  readonly ready: Promise<unknown>;
  /** Settles when one could not start or has failed, with a sentence. One that left is none of them any more. */
  readonly failed: Promise<string>;
  readonly #seats: readonly FurtherSeat[];

  constructor(plan: readonly CheckedOptions[], progress: (text: string) => void) {
    this.#seats = plan.map((options) => new FurtherSeat(options, progress));
    this.ready = Promise.all(this.#seats.map(({ ready }) => ready));
    this.failed = new Promise((resolve) => {
      for (const { name, ended } of this.#seats) {
        void ended.then((end) => {
          if (end.kind === 'left') progress(`Seat ${name} has left the system; its folder may be removed.`);
          else resolve(`Seat ${name} has failed, and its program stops: ${end.reason}`);
        });
      }
    });
  }

  /** Has all leave at once, so that none of them takes over what another one hands over. */
  async leave(): Promise<'left' | 'not yet'> {
    const outcomes = await Promise.all(this.#seats.map((seat) => seat.leave()));
    return outcomes.every((outcome) => outcome === 'left') ? 'left' : 'not yet';
  }

  async stop(): Promise<void> {
    await Promise.all(this.#seats.map((seat) => seat.stop()));
  }
}
