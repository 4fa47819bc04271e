import type { Random } from '../base/index.ts';
import { ringSeatsEveryMs, ringSeatsMax } from './limits.ts';
import type { RingSubject } from './ringSubject.ts';

/** Peers of a ring that take seats and give them up while they run. */
export class SeatTraffic {
  readonly #subject: RingSubject;
  readonly #random: Random;
  #isGoing = false;

  /** `random` says who takes one, and who gives one up. */
  constructor(subject: RingSubject, random: Random) {
    this.#subject = subject;
    this.#random = random;
  }

  start(): void {
    this.#isGoing = true;
    const { universe } = this.#subject;
    const move = (): void => {
      if (!this.#isGoing) return;
      this.#move();
      universe.after(this.#random.fraction() * 2 * ringSeatsEveryMs, move);
    };
    move();
  }

  stop(): void {
    this.#isGoing = false;
  }

  #move(): void {
    const { residents } = this.#subject;
    if (residents.length === 0) return;
    const seat = this.#random.pick(residents);
    const others = this.#subject.seatsOf(seat.host);
    const mayGoOn = others.length < ringSeatsMax && residents.some(({ view }) => view.predecessor !== undefined);
    if (others.length > 1 && this.#random.chance(0.5)) this.#subject.giveUpSeat(seat);
    else if (mayGoOn) this.#subject.takeSeat(seat.host, this.#random);
  }
}
