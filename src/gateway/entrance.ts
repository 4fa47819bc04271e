import type { Admission } from './admission.ts';

/** Who can wait to be let in. */
export interface Guest {
  /** Goes on with what waits: lets in what it may, and gives up what has waited for too long. */
  proceed(): void;
}

/**
 * Where commands go in to the store, or wait. Clients take turns, a command each, so one that sends much does not keep out one
 * that sends little.
 */
export class Entrance {
  readonly #admission: Admission;
  readonly #waiting = new Set<Guest>();
  #turn: Guest | undefined;

  constructor(admission: Admission) {
    this.#admission = admission;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Whether a command of a guest may go in now. If not, the guest is called when it may. */
  admits(guest: Guest, nowMs: number): boolean {
    const isFree = this.#waiting.size === 0 && this.#admission.hasRoom;
    if (isFree || this.#turn === guest) {
      this.#turn = undefined;
      return true;
    }
    if (this.#waiting.size === 0) this.#admission.begins(nowMs);
    this.#waiting.add(guest);
    return false;
  }

  /** Lets in as many as there is room for. */
  serve(): void {
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined || !this.#admission.hasRoom) return;
      this.#waiting.delete(next);
      this.#turn = next;
      next.proceed();
      this.#turn = undefined;
    }
  }

  /** Has all who wait look whether they have waited for too long. */
  review(): void {
    for (const guest of [...this.#waiting]) guest.proceed();
    this.serve();
  }

  forget(guest: Guest): void {
    this.#waiting.delete(guest);
  }
}
