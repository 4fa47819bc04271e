import type { Key } from '../base/index.ts';
import { type Contact, isBetween } from '../ring/index.ts';
import { nearestAgeMax, nearestPeersMax } from './limits.ts';
import type { Acquaintance } from './messages.ts';

/** The peers that stand nearest to one place of the ring, on both sides of it, as far as one peer has heard. */
export class Nearest {
  readonly #self: Contact;
  /** Clockwise from this peer on, without it. */
  #all: readonly Acquaintance[] = [];

  constructor(self: Contact) {
    this.#self = self;
  }

  /** Those behind this peer, the nearest first. */
  get behind(): readonly Contact[] {
    return this.#all.slice(0, nearestPeersMax).map(({ contact }) => contact);
  }

  /** Those before it, the nearest first. */
  get before(): readonly Contact[] {
    return this.#all
      .slice(-nearestPeersMax)
      .reverse()
      .map(({ contact }) => contact);
  }

  /** One round passed: who was not heard of for too many of them is dropped. */
  grow(): void {
    this.#all = this.#all
      .map(({ contact, age }) => ({ contact, age: age + 1 }))
      .filter(({ age }) => age < nearestAgeMax);
  }

  forget({ address }: Pick<Contact, 'address'>): void {
    this.#all = this.#all.filter(({ contact }) => contact.address !== address);
  }

  /** Takes in who was heard of; true where somebody came near who was not known. */
  learn(some: readonly Acquaintance[]): boolean {
    const before = new Set(this.#all.map(({ contact }) => contact.id));
    const all = new Map(this.#all.map((one) => [one.contact.id, one]));
    for (const one of some) {
      const known = all.get(one.contact.id);
      if (one.contact.id !== this.#self.id && (known === undefined || one.age < known.age))
        all.set(one.contact.id, one);
    }
    this.#all = nearTo(this.#self.id, [...all.values()]);
    return this.#all.some(({ contact }) => !before.has(contact.id));
  }

  /** Those of them, this peer among them, that stand nearest to a place; not whoever stands there itself. */
  around(place: Key, others: readonly Acquaintance[]): readonly Acquaintance[] {
    const all = [{ contact: this.#self, age: 0 }, ...this.#all, ...others];
    const one = new Map(all.filter(({ contact }) => contact.id !== place).map((each) => [each.contact.id, each]));
    return nearTo(place, [...one.values()]);
  }
}

/** So many on each side of a place, clockwise from it on. */
function nearTo(place: Key, all: readonly Acquaintance[]): readonly Acquaintance[] {
  const order = [...all].sort((a, b) => (isBetween(place, a.contact.id, b.contact.id) ? -1 : 1));
  if (order.length <= 2 * nearestPeersMax) return order;
  return [...order.slice(0, nearestPeersMax), ...order.slice(-nearestPeersMax)];
}
