import type { Contact } from '../ring/index.ts';
import type { Entropy } from '../world/index.ts';
import { samplePeersMax, shuffledPeersMax } from './limits.ts';
import type { Acquaintance } from './messages.ts';

/** The peers that one peer knows by chance: a part of the system that is always a little another one (Cyclon's cache). */
export class Sample {
  readonly #self: Contact;
  readonly #entropy: Entropy;
  #all: readonly Acquaintance[] = [];

  constructor(self: Contact, entropy: Entropy) {
    this.#self = self;
    this.#entropy = entropy;
  }

  get contacts(): readonly Contact[] {
    return this.#all.map(({ contact }) => contact);
  }

  /** All are a round older. The oldest is taken out, to be asked: it will know this one instead, or it is dead and gone. */
  takeOldest(): Contact | undefined {
    this.#all = this.#all.map(({ contact, age }) => ({ contact, age: age + 1 }));
    const oldest = this.#all.reduce<Acquaintance | undefined>(
      (one, other) => (one !== undefined && one.age >= other.age ? one : other),
      undefined,
    );
    // The last one stays: better one that may be dead than nobody to ask.
    if (oldest !== undefined && this.#all.length > 1) this.forget(oldest.contact);
    return oldest?.contact;
  }

  forget({ address }: Contact): void {
    this.#all = this.#all.filter(({ contact }) => contact.address !== address);
  }

  /** Some of them for another peer, never that peer itself. `isOwn`: with this one among them, as young as can be. */
  some(other: Contact['address'], isOwn: boolean): readonly Acquaintance[] {
    const rest = this.#all.filter(({ contact }) => contact.address !== other);
    const some: Acquaintance[] = isOwn ? [{ contact: this.#self, age: 0 }] : [];
    while (some.length < shuffledPeersMax && rest.length > 0) {
      const [drawn] = rest.splice(Math.floor(this.#entropy.fraction() * rest.length), 1);
      some.push(drawn!);
    }
    return some;
  }

  /** Takes a peer that was heard just now, if there is a free place. */
  fill(contact: Contact): void {
    if (this.#all.length < samplePeersMax) this.merge([{ contact, age: 0 }], []);
  }

  /** Takes in what another peer gave: in free places first, then in those of what it was given in exchange. */
  merge(given: readonly Acquaintance[], inExchange: readonly Acquaintance[]): void {
    const all = new Map(this.#all.map((one) => [one.contact.address, one]));
    const yielding = inExchange.map(({ contact }) => contact.address).filter((address) => all.has(address));
    for (const one of given) {
      const { address } = one.contact;
      const known = all.get(address);
      if (address === this.#self.address || (known !== undefined && known.age <= one.age)) continue;
      if (known === undefined && all.size >= samplePeersMax) {
        const place = yielding.pop();
        if (place === undefined) continue;
        all.delete(place);
      }
      all.set(address, one);
    }
    this.#all = [...all.values()];
  }
}
