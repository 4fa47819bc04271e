import type { Address } from '../world/index.ts';
import type { Contact } from './contact.ts';
import { suspectMs, suspectsMax } from './limits.ts';

/**
 * Peers that did not answer lately. A suspicion ends by itself, and as soon as the peer is heard again. Nobody suspects itself; but whoever
 * stood at its own address before it is gone, and would have it talk to itself.
 */
export class Suspects {
  readonly #self: Contact;
  readonly #nowMs: () => number;
  readonly #untilMs = new Map<Address, number>();

  constructor(self: Contact, nowMs: () => number) {
    this.#self = self;
    this.#nowMs = nowMs;
  }

  has({ id, address }: Pick<Contact, 'address'> & Partial<Contact>): boolean {
    if (address === this.#self.address) return id !== this.#self.id;
    const untilMs = this.#untilMs.get(address);
    return untilMs !== undefined && this.#nowMs() < untilMs;
  }

  add({ address }: Pick<Contact, 'address'>): void {
    if (address === this.#self.address) return;
    this.#untilMs.delete(address);
    this.#untilMs.set(address, this.#nowMs() + suspectMs);
    if (this.#untilMs.size > suspectsMax) this.#untilMs.delete(this.#untilMs.keys().next().value!);
  }

  heard(address: Address): void {
    if (this.#untilMs.size > 0) this.#untilMs.delete(address);
  }
}
