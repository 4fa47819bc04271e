import type { Key } from '../base/index.ts';
import { type Contact, isBetween } from './contact.ts';
import { branchMax } from './limits.ts';

/** What a peer that takes this one for its successor said last of who stands before it, and when. */
interface Claim {
  readonly of: Contact;
  readonly predecessor: Key | undefined;
  readonly atMs: number;
}

/** What those say of themselves that take one peer, their root, for their successor. */
export class Claims {
  readonly #root: Contact;
  readonly #claims = new Map<Key, Claim>();

  constructor(root: Contact) {
    this.#root = root;
  }

  note(of: Contact, predecessor: Key | undefined, atMs: number): void {
    this.#claims.set(of.id, { of, predecessor, atMs });
    if (this.#claims.size > branchMax) this.#claims.delete(this.#claims.keys().next().value!);
  }

  forget(id: Key): void {
    this.#claims.delete(id);
  }

  has(id: Key): boolean {
    return this.#claims.has(id);
  }

  /** Takes those out of a branch that were not heard since a time. */
  prune(branch: Map<Key, Contact>, sinceMs: number): void {
    for (const id of branch.keys()) {
      if ((this.#claims.get(id)?.atMs ?? Number.NEGATIVE_INFINITY) < sinceMs) branch.delete(id);
    }
  }

  /** The next one behind a peer that was heard since a time, if it says that it holds what that peer holds too. */
  contradicting(peer: Contact, sinceMs: number): Contact | undefined {
    let next: Claim | undefined;
    for (const claim of this.#claims.values()) {
      const { of, atMs } = claim;
      if (atMs < sinceMs || !isBetween(peer.id, of.id, this.#root.id)) continue;
      if (next === undefined || isBetween(peer.id, of.id, next.of.id)) next = claim;
    }
    if (next?.predecessor === undefined) return undefined;
    return isBetween(next.predecessor, peer.id, next.of.id) ? next.of : undefined;
  }
}
