import type { Key } from '../base/index.ts';
import type { Address } from '../world/index.ts';
import { type Contact, isBetween, isWithin } from './contact.ts';
import { pointersMax } from './limits.ts';

/** How many pointers lie between one distance and its `arity`-fold. Powers of two, so that peers of different arity go together. */
export type Arity = 2 | 4 | 8 | 16;

/** Whom to ask for a pointer: the peer behind another pointer, for the peer that is 2^`doublings` places away from it. */
export interface Question {
  readonly whom: Contact;
  readonly doublings: number;
}

/**
 * Pointers to peers that are, with arity 4, 1, 2, 3, 4, 8, 12, 16, 32 ... places away on the ring: distances count peers and
 * not keys (Chord#, Schuett, Schintke and Reinefeld), in k-ary steps as in DKS. Each is made of two shorter ones: who is 8
 * away is 4 away from who is 4 away. So one question and one answer are its whole price, wherever the keys lie. Whatever the
 * arity, 2^n places away is among the distances, and nothing else is ever asked of others: so each peer may have its own.
 */
export class Pointers {
  readonly #self: Contact;
  /** A hole stands where a peer that is gone stood: the others keep their distances. */
  #list: (Contact | undefined)[] = [];
  #arity: Arity;
  /** Who stands right before a peer that is pointed to, as that one said when it was asked for the next pointer. */
  readonly #before = new Map<Key, Key>();

  constructor(self: Contact, arity: Arity) {
    this.#self = self;
    this.#arity = arity;
  }

  /** The nearest first; without the successor, which stands for distance 1. */
  get known(): readonly Contact[] {
    return this.#list.filter((one) => one !== undefined);
  }

  get arity(): Arity {
    return this.#arity;
  }

  /** Takes another arity. What is known of its distances stays in use; the next refresh finds the others. */
  setArity(arity: Arity): void {
    const former = new Map(this.#list.map((one, index) => [distanceAt(index, this.#arity), one]));
    const last = this.#list.length === 0 ? 0 : distanceAt(this.#list.length - 1, this.#arity);
    this.#arity = arity;
    this.#list = [];
    for (let i = 0; i < pointersMax && distanceAt(i, arity) <= last; i++)
      this.#list.push(former.get(distanceAt(i, arity)));
  }

  /** The pointer to who is 2^`doublings` places away. 0 is the successor, which others know. */
  atDoublings(doublings: number): Contact | undefined {
    const doublingsALevel = Math.log2(this.#arity);
    const level = Math.floor(doublings / doublingsALevel);
    return this.#list[level * (this.#arity - 1) + 2 ** (doublings % doublingsALevel) - 2];
  }

  /** What to ask for the pointer at an index, where those before it are known; undefined at the end of the ring. */
  question(index: number, successor: Contact): Question | undefined {
    const before = index === 0 ? successor : this.#list[index - 1];
    if (before === undefined || index >= pointersMax || before.id === this.#self.id) return undefined;
    // All distances of a level lie as far apart as its first one is away, which is as far as the level below reaches.
    const level = Math.floor(index / (this.#arity - 1));
    return { whom: before, doublings: level * Math.log2(this.#arity) };
  }

  /** Puts the answer in its place. False where the ring ends here: it would lead past this peer, or nowhere. */
  learn(index: number, found: Contact | undefined, successor: Contact): boolean {
    const before = index === 0 ? successor : this.#list[index - 1];
    if (before === undefined) return false;
    if (found === undefined || !isBetween(before.id, found.id, this.#self.id)) {
      this.#list.length = Math.min(this.#list.length, index);
      return false;
    }
    const former = this.#list[index];
    if (former !== undefined && former.id !== found.id) this.#before.delete(former.id);
    this.#list[index] = found;
    return true;
  }

  /**
   * The peer at this address holds the keys behind `before`, as it says. Where that takes in the place of this peer it speaks of a
   * ring in which this peer is not yet, and so of many keys that others hold (RING-25).
   */
  learnBefore(address: Address, before: Key): void {
    const one = this.#list.find((other) => other?.address === address);
    if (one === undefined) return;
    if (isWithin(before, this.#self.id, one.id)) this.#before.delete(one.id);
    else this.#before.set(one.id, before);
  }

  /** What this one said that it holds is not so any more. */
  doubt(address: Address): void {
    for (const one of this.#list) if (one?.address === address) this.#before.delete(one.id);
  }

  /** The peer that holds a key, if it is one of those pointed to: it said so itself when it was asked last. */
  holderOf(key: Key): Contact | undefined {
    for (let i = this.#list.length - 1; i >= 0; i--) {
      const one = this.#list[i];
      const before = one && this.#before.get(one.id);
      if (before !== undefined && isWithin(before, key, one!.id)) return one;
    }
    return undefined;
  }

  /** The pointer before an index was asked and does not answer: the one before that stands in for it. */
  passOver(index: number): void {
    if (index > 0) this.#list[index - 1] = index > 1 ? this.#list[index - 2] : undefined;
  }

  /** Forgets a peer that is gone. */
  forget({ id }: Contact): void {
    for (const [i, one] of this.#list.entries()) if (one?.id === id) this.#list[i] = undefined;
    this.#before.delete(id);
  }

  /** Another peer listens at this address than was thought. */
  correct({ id, address }: Contact): void {
    for (const [i, one] of this.#list.entries()) {
      if (one?.address === address && one.id !== id) this.#list[i] = undefined;
    }
  }

  /** The farthest pointer that does not lead past a key, where it is not suspected. */
  before(key: Key, isSuspected: (one: Contact) => boolean): Contact | undefined {
    for (let i = this.#list.length - 1; i >= 0; i--) {
      const one = this.#list[i];
      if (one !== undefined && isBetween(this.#self.id, one.id, key) && !isSuspected(one)) return one;
    }
    return undefined;
  }
}

/** How many places away the pointer at an index leads. */
function distanceAt(index: number, arity: Arity): number {
  const slot = index + 1;
  return (1 + (slot % (arity - 1))) * arity ** Math.floor(slot / (arity - 1));
}
