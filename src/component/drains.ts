import type { Drain } from './drain.ts';

/** Changes that wait for components to come to rest. */
export class Drains {
  readonly #waiting = new Map<Drain, () => void>();

  add(drain: Drain, change: () => void): void {
    this.#waiting.set(drain, change);
  }

  /** Makes the changes whose components came to rest, or took too long. */
  endDue(): void {
    for (const [drain, change] of this.#waiting) {
      if (!drain.isDrained && !drain.isLate) continue;
      this.#waiting.delete(drain);
      change();
    }
  }
}
