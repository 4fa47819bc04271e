import type { Address } from '../world/index.ts';
import type { Contact } from './contact.ts';
import { suspectMs, suspectsMax } from './limits.ts';

/** Peers that did not answer lately. A suspicion ends by itself, and as soon as the peer is heard again. */
export class Suspects {
  readonly #nowMs: () => number;
  readonly #untilMs = new Map<Address, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  has({ address }: Pick<Contact, 'address'>): boolean {
    const untilMs = this.#untilMs.get(address);
    return untilMs !== undefined && this.#nowMs() < untilMs;
  }

  add({ address }: Pick<Contact, 'address'>): void {
    this.#untilMs.delete(address);
    this.#untilMs.set(address, this.#nowMs() + suspectMs);
    if (this.#untilMs.size > suspectsMax) this.#untilMs.delete(this.#untilMs.keys().next().value!);
  }

  heard(address: Address): void {
    if (this.#untilMs.size > 0) this.#untilMs.delete(address);
  }
}
