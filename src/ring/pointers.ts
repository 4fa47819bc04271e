import type { Key } from '../base/index.ts';
import { type Contact, isBetween } from './contact.ts';
import { arity, pointersMax } from './limits.ts';

/** Whom to ask for a pointer: the peer behind another pointer, for its first pointer of a level. */
export interface Question {
  readonly whom: Contact;
  readonly level: number;
}

/**
 * Pointers to peers that are 1, 2, 3, 4, 8, 12, 16, 32 ... places away on the ring: distances count peers and not keys
 * (Chord#, Schuett, Schintke and Reinefeld), by fours as in DKS. Each is made of two shorter ones: who is 8 away is 4 away
 * from who is 4 away. So one question and one answer are its whole price, wherever the keys lie.
 */
export class Pointers {
  readonly #self: Contact;
  /** A hole stands where a peer that is gone stood: the others keep their distances. */
  readonly #list: (Contact | undefined)[] = [];

  constructor(self: Contact) {
    this.#self = self;
  }

  /** The nearest first; without the successor, which stands for distance 1. */
  get known(): readonly Contact[] {
    return this.#list.filter((one) => one !== undefined);
  }

  /** The first pointer of a level: `arity`^level places away. Level 0 is the successor, which others know. */
  ofLevel(level: number): Contact | undefined {
    return level === 0 ? undefined : this.#list[level * (arity - 1) - 1];
  }

  /** What to ask for the pointer at an index, where those before it are known; undefined at the end of the ring. */
  question(index: number, successor: Contact): Question | undefined {
    const before = index === 0 ? successor : this.#list[index - 1];
    if (before === undefined || index >= pointersMax || before.id === this.#self.id) return undefined;
    // The first of a level stands as far behind the last of the level below as the first of that level does behind us.
    const slot = index + 1;
    const level = Math.floor(slot / (arity - 1));
    return { whom: before, level: slot % (arity - 1) === 0 ? level - 1 : level };
  }

  /** Puts the answer in its place. False where the ring ends here: it would lead past this peer, or nowhere. */
  learn(index: number, found: Contact | undefined, successor: Contact): boolean {
    const before = index === 0 ? successor : this.#list[index - 1];
    if (before === undefined) return false;
    if (found === undefined || !isBetween(before.id, found.id, this.#self.id)) {
      this.#list.length = Math.min(this.#list.length, index);
      return false;
    }
    this.#list[index] = found;
    return true;
  }

  /** The pointer before an index was asked and does not answer: the one before that stands in for it. */
  passOver(index: number): void {
    if (index > 0) this.#list[index - 1] = index > 1 ? this.#list[index - 2] : undefined;
  }

  /** Forgets a peer that is gone. */
  forget({ id }: Contact): void {
    for (const [i, one] of this.#list.entries()) if (one?.id === id) this.#list[i] = undefined;
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
