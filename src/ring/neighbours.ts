import type { Key } from '../base/index.ts';
import { type Contact, firstFrom, isBetween, isWithin } from './contact.ts';
import { besideMax, branchMax, successorsMax } from './limits.ts';

/** Whom to ask next for a key. */
export interface Stop {
  readonly to: Contact;
  readonly isLast: boolean;
}

/** What one peer knows of those around it. It holds the keys behind its predecessor, up to its own place (RING-1). */
export class Neighbours {
  readonly self: Contact;
  #predecessor: Contact | undefined;
  #successor: Contact | undefined;
  #successors: readonly Contact[] = [];
  /** Whether the successors were the same when they were heard last. */
  #isSettled = false;
  /** Who may still take this peer for its successor, though others stand between: the branch that hangs on it. */
  readonly branch = new Map<Key, Contact>();

  constructor(self: Contact) {
    this.self = self;
  }

  get predecessor(): Contact | undefined {
    return this.#predecessor;
  }

  get successor(): Contact | undefined {
    return this.#successor;
  }

  /** The successor and those behind it, as it said last. */
  get successors(): readonly Contact[] {
    return this.#successors;
  }

  /** Those right beside this peer: through them others reach its surroundings that cannot reach it. */
  get beside(): readonly Contact[] {
    const behind = this.#successors.slice(0, besideMax);
    return this.#predecessor === undefined ? behind : [this.#predecessor, ...behind];
  }

  get isAlone(): boolean {
    return this.#successor?.id === this.self.id;
  }

  /** The only peer of a ring: predecessor and successor of itself. */
  beAlone(): void {
    this.#predecessor = this.self;
    this.follow(this.self, []);
  }

  /** No place at all: it holds nothing. */
  beNowhere(): void {
    this.#predecessor = undefined;
    this.#successor = undefined;
    this.#successors = [];
    this.branch.clear();
  }

  holds(key: Key): boolean {
    return this.#predecessor !== undefined && isWithin(this.#predecessor.id, key, this.self.id);
  }

  /** Whether a peer stands nearer before this one than its predecessor does. */
  isNearer(other: Contact): boolean {
    return this.#predecessor === undefined || isBetween(this.#predecessor.id, other.id, this.self.id);
  }

  /** Takes a peer for the predecessor. The former may still take this one for its successor: it joins the branch. */
  takePredecessor(nearer: Contact): Contact | undefined {
    const former = this.#predecessor;
    this.#predecessor = nearer;
    this.branch.delete(nearer.id);
    if (former !== undefined && former.id !== nearer.id) this.hang(former);
    return former;
  }

  /** A peer takes this one for its successor. */
  hang(other: Contact): void {
    if (other.id === this.self.id || other.id === this.#predecessor?.id) return;
    this.branch.set(other.id, other);
    if (this.branch.size > branchMax) this.branch.delete(this.branch.keys().next().value!);
  }

  /** Takes a peer for the successor, and keeps those that it says stand behind it. */
  follow(successor: Contact, behind: readonly Contact[]): void {
    this.#successor = successor;
    const list = [successor];
    for (const one of behind) {
      if (list.length >= successorsMax) break;
      if (one.id === successor.id) continue;
      // A list may lead past this peer, where those who made it do not know it: what follows is out of order (RING-9).
      if (!isBetween(list.at(-1)!.id, one.id, this.self.id)) break;
      list.push(one);
    }
    const next = successor.id === this.self.id ? [] : list;
    const former = this.#successors;
    this.#isSettled = next.length === former.length && next.every(({ id }, i) => id === former[i]!.id);
    this.#successors = next;
  }

  /** Forgets a peer that is gone. The next one behind it is the candidate for its place, if it was the successor. */
  forget({ id }: Contact): void {
    this.branch.delete(id);
    this.#successors = this.#successors.filter((one) => one.id !== id);
    if (this.#successor?.id === id) this.#successor = undefined;
  }

  /**
   * Which of those behind holds a key, as far as this peer knows: the successor, or a later one while nobody comes or goes
   * there. Where it is wrong that one knows better.
   */
  holderBehind(key: Key, isSuspected: (one: Contact) => boolean): Contact | undefined {
    let before = this.self.id;
    for (const one of this.#isSettled ? this.#successors : this.#successors.slice(0, 1)) {
      if (isWithin(before, key, one.id)) return isSuspected(one) ? undefined : one;
      before = one.id;
    }
    return undefined;
  }

  /**
   * Where in the branch a key belongs: the first peer at or behind it that is not skipped. Where none is left the branch
   * hangs, with this peer, on its successor, which may reach them.
   */
  backward(key: Key, isSkipped: (one: Contact) => boolean): Contact | undefined {
    let first = this.inBranch(key);
    while (first !== undefined && isSkipped(first)) {
      const { id } = first;
      first = firstFrom(
        this.#hanging.filter((one) => isBetween(id, one.id, this.self.id)),
        id,
      );
    }
    return first;
  }

  /** Who of the branch stands right behind a peer that is in it, or before it; undefined where that peer stands elsewhere. */
  behindInBranch({ id }: Contact, isSkipped: (one: Contact) => boolean): Contact | undefined {
    if (this.#successor === undefined || isBetween(this.self.id, id, this.#successor.id)) return undefined;
    const next = this.backward(id, isSkipped);
    return next?.id === id ? undefined : next;
  }

  /** Where in the branch a key that lies before the predecessor belongs: the first peer at or behind it. */
  inBranch(key: Key): Contact | undefined {
    return firstFrom(this.#hanging, key);
  }

  /** All who stand right before this peer, as far as it knows. */
  get #hanging(): readonly Contact[] {
    const { branch } = this;
    return this.#predecessor === undefined ? [...branch.values()] : [...branch.values(), this.#predecessor];
  }
}
