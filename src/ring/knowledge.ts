import type { Key } from '../base/index.ts';
import type { Address } from '../world/index.ts';
import type { Contact } from './contact.ts';
import { knownMax } from './limits.ts';

/**
 * Peers that were heard once: through them a peer comes back that lost everybody, and two rings find each other that were
 * one. Those that were lost are remembered apart, and asked now and then whether they are back.
 */
export class Knowledge {
  readonly #known = new Map<Key, Contact>();
  readonly #lost = new Map<Key, Contact>();

  /** A peer was heard. True where it had been lost: it is back. */
  heard(one: Contact): boolean {
    this.#known.set(one.id, one);
    if (this.#known.size > knownMax) this.#known.delete(this.#known.keys().next().value!);
    return this.#lost.delete(one.id);
  }

  knows({ id }: Contact): boolean {
    return this.#known.has(id);
  }

  lose(one: Contact): void {
    this.#known.delete(one.id);
    this.#lost.set(one.id, one);
    if (this.#lost.size > knownMax) this.#lost.delete(this.#lost.keys().next().value!);
  }

  /** A peer said goodbye, or another lives at its address: it does not come back. */
  forget(id: Key): void {
    this.#known.delete(id);
    this.#lost.delete(id);
  }

  /** An address is that of one peer alone: those that were known under it before are gone for good. */
  settle({ id, address }: Contact): void {
    for (const kept of [this.#known, this.#lost]) {
      for (const one of kept.values()) if (one.address === address && one.id !== id) kept.delete(one.id);
    }
  }

  lostAt(address: Address): Contact | undefined {
    if (this.#lost.size === 0) return undefined;
    for (const one of this.#lost.values()) if (one.address === address) return one;
    return undefined;
  }

  /** One after the other of those that were lost. */
  nextLost(): Contact | undefined {
    const [next] = this.#lost.values();
    if (next === undefined) return undefined;
    this.#lost.delete(next.id);
    this.#lost.set(next.id, next);
    return next;
  }

  /** Those that are not lost. */
  get known(): readonly Contact[] {
    return [...this.#known.values()];
  }
}
