import { healthMax, healthTrusted } from './limits.ts';

/**
 * How well this peer itself hears (Lifeguard's local health multiplier): who is slow waits longer before it accuses, and
 * whoever is accused takes it for a sign.
 */
export class LocalHealth {
  #score = 0;

  /** By how much everything is waited for longer. */
  get multiplier(): number {
    return 1 + this.#score;
  }

  /** Whether losses that this peer measures can be those of others. */
  get isGood(): boolean {
    return this.#score <= healthTrusted;
  }

  improve(): void {
    this.#score = Math.max(0, this.#score - 1);
  }

  worsen(by = 1): void {
    this.#score = Math.min(healthMax, this.#score + by);
  }
}
