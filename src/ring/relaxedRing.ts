import type { Key } from '../base/index.ts';
import type { Address } from '../world/index.ts';
import { Claims } from './claims.ts';
import { type Contact, firstFrom, isBetween } from './contact.ts';
import { branchStaleSilences, vouchedHopsMax } from './limits.ts';
import type { RingMessage, RingMessageOf } from './messages.ts';
import { Neighbours, type Stop } from './neighbours.ts';
import type { Signs } from './phase.ts';
import type { RingEffects } from './ringEffects.ts';
import type { Suspects } from './suspects.ts';

type Handlers = { readonly [K in PlaceKind]: (message: RingMessageOf<K>, from: Address) => void };
type PlaceKind =
  | 'join'
  | 'joinOk'
  | 'newSuccessor'
  | 'goodbye'
  | 'hint'
  | 'adopt'
  | 'adopted'
  | 'stabilise'
  | 'neighbours'
  | 'leaving';

/**
 * The relaxed ring: every step is an agreement of two peers over the one link between them, so that a ring forms and
 * heals where not everybody can talk to everybody. Whoever cannot reach its predecessor hangs beside the ring on a
 * branch. A peer is adopted when it was heard itself, never on the word of a third (Zave's rule, RING-2).
 */
export class RelaxedRing {
  readonly neighbours: Neighbours;
  readonly #effects: RingEffects;
  readonly #suspects: Suspects;
  /** From whom the predecessor took its place: told again to a joiner that did not hear it. */
  #formerPredecessor: Contact | undefined;
  /** When there was a sign of the predecessor last: it was heard, or somebody vouched for it. */
  #predecessorSignMs = 0;
  /** Whether the predecessor says itself that this peer stands behind it. On a branch others must vouch for it. */
  #isPredecessorHeard = false;
  #between: Contact | undefined;
  /** Who sent what is handled now. */
  #from: Address | undefined;
  /** Whether the successor has another before it. */
  #isOnBranch = false;
  readonly #claims: Claims;
  readonly #handlers: Handlers = {
    join: (message) => this.#join(message.self),
    joinOk: (message) => this.#joinOk(message),
    newSuccessor: (message) => this.#newSuccessor(message),
    goodbye: (message) => this.#goodbye(message),
    hint: (message) => this.#hint(message.nearer),
    adopt: (message) => this.#adopt(message.self),
    adopted: (message) => this.#follow(message.self, message.successors),
    stabilise: (message) => this.#stabilise(message),
    neighbours: (message) => this.#learn(message),
    leaving: (message) => this.#part(message),
  };

  constructor(self: Contact, suspects: Suspects, effects: RingEffects) {
    this.neighbours = new Neighbours(self);
    this.#claims = new Claims(self);
    this.#suspects = suspects;
    this.#effects = effects;
  }

  get #self(): Contact {
    return this.neighbours.self;
  }

  /** Handles a message about places; false for what is none. */
  receive(message: RingMessage, from: Address): boolean {
    this.#from = from;
    const handle = this.#handlers[message.kind as PlaceKind] as ((one: RingMessage, from: Address) => void) | undefined;
    handle?.(message, from);
    return handle !== undefined;
  }

  /** Asks a peer for the place before it. */
  askForPlace(to: Contact): void {
    this.#effects.send(to.address, { kind: 'join', self: this.#self });
  }

  /** Asks a peer to be the successor, whoever stands between: to be in a ring again is what matters first. */
  askToFollow(to: Contact): void {
    this.#effects.send(to.address, { kind: 'adopt', self: this.#self });
  }

  /** Asks the successor how things are. Returns whom it asked. */
  stabilise(): Contact | undefined {
    this.#prune();
    const { successor, predecessor, isAlone } = this.neighbours;
    if (successor === undefined || isAlone) return undefined;
    this.#effects.send(successor.address, { kind: 'stabilise', self: this.#self, predecessor });
    return successor;
  }

  /** Whoever hung on this peer and is not heard any more does not lead anybody anywhere. */
  #prune(): void {
    const staleMs = branchStaleSilences * this.#effects.silentMs;
    this.#claims.prune(this.neighbours.branch, this.#effects.nowMs() - staleMs);
  }

  /** A peer does not answer. Who lost its successor follows the next one behind. */
  lose(gone: Contact): void {
    const { neighbours } = this;
    const wasSuccessor = neighbours.successor?.id === gone.id;
    neighbours.forget(gone);
    this.#claims.forget(gone.id);
    if (!wasSuccessor) return;
    this.#effects.moved();
    const [candidate] = neighbours.successors;
    if (candidate !== undefined) this.askToFollow(candidate);
  }

  /** Nobody is left: a ring by itself, until others are found again. */
  beAlone(): void {
    this.neighbours.beAlone();
    this.#effects.moved();
  }

  /** The predecessor, where there was no sign of it for so long that others should be asked whether they hear it. */
  get silentPredecessor(): Contact | undefined {
    const { predecessor, isAlone } = this.neighbours;
    return isAlone || this.#sinceSignMs < this.#effects.silentMs / 2 ? undefined : predecessor;
  }

  /** What its phase is seen from, but for what only time tells of the successor. */
  get signs(): Omit<Signs, 'isSuccessorLate'> {
    const { isAlone, successor, branch } = this.neighbours;
    return {
      isAlone,
      hasSuccessor: successor !== undefined,
      isPredecessorThere: this.#isPredecessorThere(),
      isPredecessorHeard: this.#isPredecessorHeard,
      isInBranch: this.#isOnBranch || branch.size > 0,
    };
  }

  /** Whether this peer does not stand between two others that both hear it: somebody may hold the same keys. */
  get isAdrift(): boolean {
    return this.#isOnBranch || !this.#isPredecessorHeard || !this.#isPredecessorThere();
  }

  /** Gives the place up: those on either side get to know each other, so that nobody has to find out. */
  leave(): void {
    const { self, predecessor, successor, successors, branch } = this.neighbours;
    const known = new Map([...branch.values(), predecessor, successor].flatMap((one) => (one ? [[one.id, one]] : [])));
    known.delete(self.id);
    for (const { address } of known.values()) {
      this.#effects.send(address, { kind: 'leaving', self, predecessor, successors });
    }
    this.neighbours.beNowhere();
    this.#effects.moved();
  }

  #part({ self: leaver, predecessor, successors }: RingMessageOf<'leaving'>): void {
    const { neighbours } = this;
    const isBefore = neighbours.predecessor?.id === leaver.id;
    const isBehind = neighbours.successor?.id === leaver.id;
    this.#claims.forget(leaver.id);
    neighbours.forget(leaver);
    const next = successors.find(({ id }) => id !== this.#self.id);
    if (isBefore && predecessor !== undefined && predecessor.id !== this.#self.id) {
      this.#takePredecessor(predecessor, false);
      neighbours.branch.delete(leaver.id);
    }
    if (isBehind && next === undefined) return this.beAlone();
    if (isBehind) this.#effects.moved();
    if (isBehind && next !== undefined) this.askToFollow(next);
  }

  /** A peer is gone for good: another lives at its address. */
  bury(gone: Contact): void {
    if (this.neighbours.predecessor?.id === gone.id) this.#predecessorSignMs = Number.NEGATIVE_INFINITY;
    this.lose(gone);
  }

  get #sinceSignMs(): number {
    return this.#effects.nowMs() - this.#predecessorSignMs;
  }

  /**
   * Whether the predecessor keeps its place against those that stand farther. One that was heard does until it is silent;
   * one that was never heard, or that others still hear, for longer: it may live, and hold what lies before it (RING-3).
   */
  #isPredecessorThere(): boolean {
    const { predecessor } = this.neighbours;
    if (predecessor === undefined) return false;
    if (!this.#isPredecessorHeard) return this.#sinceSignMs < this.#effects.unheardMs;
    return !this.#suspects.has(predecessor) && this.#sinceSignMs < this.#effects.silentMs;
  }

  /** Who stands between this peer and its successor, and does not answer. */
  get beyondReach(): Contact | undefined {
    return this.#between !== undefined && this.#suspects.has(this.#between) ? this.#between : undefined;
  }

  /**
   * Somebody heard a peer that this one does not: where it stands nearer than the predecessor it holds what lies before it.
   * One that stands nearer than the successor cannot be followed, but perhaps one beside it can.
   */
  vouch({ whom, beside, hops }: Omit<RingMessageOf<'vouched'>, 'kind'>): void {
    const { neighbours } = this;
    if (neighbours.successor === undefined || neighbours.isAlone) return;
    const nearer = beside.filter(
      (one) => isBetween(this.#self.id, one.id, neighbours.successor!.id) && !this.#suspects.has(one),
    );
    const nearest = firstFrom(nearer, this.#self.id);
    if (nearest !== undefined) this.askToFollow(nearest);
    if (isBetween(this.#self.id, whom.id, neighbours.successor.id)) this.askToFollow(whom);
    if (neighbours.predecessor?.id === whom.id) {
      this.#predecessorSignMs = this.#effects.nowMs();
      if (this.#suspects.has(whom)) this.#isPredecessorHeard = false;
    } else if (neighbours.isNearer(whom) || !this.#isPredecessorThere()) {
      this.#takePredecessor(whom, false);
    } else if (hops < vouchedHopsMax) {
      // The place of that one is farther back, where somebody of the branch may not know of it.
      const next = neighbours.behindInBranch(whom, (one) => this.#suspects.has(one));
      if (next !== undefined) this.#effects.send(next.address, { kind: 'vouched', whom, beside, hops: hops + 1 });
    }
  }

  #join(joiner: Contact): void {
    const { neighbours } = this;
    if (joiner.id === this.#self.id) return;
    if (neighbours.successor === undefined) return this.#effects.send(joiner.address, { kind: 'tryLater' });
    const isKnown = neighbours.predecessor?.id === joiner.id;
    if (isKnown || neighbours.isAlone || neighbours.isNearer(joiner) || !this.#isPredecessorThere()) {
      return this.#admit(joiner);
    }
    const elsewhere = isBetween(this.#self.id, joiner.id, neighbours.successor.id)
      ? neighbours.successor
      : neighbours.inBranch(joiner.id);
    if (elsewhere !== undefined) this.#effects.send(joiner.address, { kind: 'goTo', to: elsewhere });
  }

  #admit(joiner: Contact): void {
    const { neighbours } = this;
    this.#takePredecessor(joiner);
    const { self, successors } = neighbours;
    const predecessor = this.#formerPredecessor ?? self;
    this.#effects.send(joiner.address, { kind: 'joinOk', self, predecessor, successors });
    // The only peer of a ring has its first neighbour now: each stands before and behind the other.
    if (neighbours.isAlone) this.#follow(joiner, []);
  }

  /** Those that hang on the branch are told that somebody stands nearer to them: so branches stay short. */
  #takePredecessor(nearer: Contact, isHeard = true): void {
    const { branch } = this.neighbours;
    for (const one of branch.values()) {
      if (one.id !== nearer.id) this.#effects.send(one.address, { kind: 'hint', nearer });
    }
    this.#predecessorSignMs = this.#effects.nowMs();
    this.#isPredecessorHeard = isHeard;
    const former = this.neighbours.takePredecessor(nearer);
    if (former?.id !== nearer.id) this.#formerPredecessor = former;
    this.#effects.moved();
  }

  #joinOk({ self: successor, predecessor, successors }: RingMessageOf<'joinOk'>): void {
    const { neighbours } = this;
    const { successor: present } = neighbours;
    const isWanted = present === undefined || isBetween(this.#self.id, successor.id, present.id);
    if (!isWanted && present.id !== successor.id) {
      return this.#effects.send(successor.address, { kind: 'goodbye', self: this.#self, nearer: present });
    }
    const isNew = neighbours.predecessor === undefined;
    neighbours.follow(successor, successors);
    // Its key alone is needed: what lies behind it is ours from now on.
    if (isNew) this.#takePredecessor(predecessor, false);
    this.#effects.moved();
    if (isNew) {
      const message = { kind: 'newSuccessor', self: this.#self, former: successor, successors: neighbours.successors };
      this.#effects.send(predecessor.address, message as RingMessage);
    }
  }

  #newSuccessor({ self: nearer, former, successors }: RingMessageOf<'newSuccessor'>): void {
    const { successor, isAlone } = this.neighbours;
    const isReplaced = successor?.id === former.id || successor === undefined || isAlone;
    if (isReplaced || isBetween(this.#self.id, nearer.id, successor.id)) this.#follow(nearer, successors);
  }

  /** Takes a peer that was heard for the successor, where it stands nearer than the present one, which is told. */
  #follow(nearer: Contact, behind: readonly Contact[]): void {
    const { neighbours } = this;
    const { successor, predecessor, isAlone } = neighbours;
    // Whoever has no place yet gets it from the holder alone, so that nobody else holds what it holds (RING-4).
    if (predecessor === undefined) return;
    if (successor?.id === nearer.id) return neighbours.follow(nearer, behind);
    if (successor !== undefined && !isAlone && !isBetween(this.#self.id, nearer.id, successor.id)) return;
    neighbours.follow(nearer, behind);
    if (successor !== undefined && !isAlone) {
      this.#effects.send(successor.address, { kind: 'goodbye', self: this.#self, nearer });
    }
    this.#effects.moved();
  }

  /** Whoever stands nearer to one that goes stands between the two: its word counts where nobody else was heard. */
  #goodbye({ self, nearer }: RingMessageOf<'goodbye'>): void {
    const { neighbours } = this;
    neighbours.branch.delete(self.id);
    this.#claims.forget(self.id);
    if (nearer !== undefined && neighbours.predecessor?.id === self.id)
      this.vouch({ whom: nearer, beside: [], hops: 0 });
  }

  /** A peer of another ring was heard that would stand before this one. */
  meetBefore(other: Contact): void {
    const { successor, predecessor } = this.neighbours;
    if (successor === undefined || predecessor === undefined) return;
    if (this.neighbours.isNearer(other)) this.#takePredecessor(other);
    else this.#adopt(other);
  }

  /** A peer of another ring was heard that would stand behind this one. A joiner that has no ring yet asks it for its place. */
  meetBehind(other: Contact, behind: readonly Contact[]): void {
    if (this.neighbours.predecessor === undefined) this.askForPlace(other);
    else this.#follow(other, behind);
  }

  #hint(nearer: Contact): void {
    const { successor } = this.neighbours;
    if (successor === undefined || !isBetween(this.#self.id, nearer.id, successor.id)) return;
    if (!this.#suspects.has(nearer)) this.#effects.send(nearer.address, { kind: 'adopt', self: this.#self });
  }

  #adopt(other: Contact): void {
    const { neighbours } = this;
    if (other.id === this.#self.id || neighbours.successor === undefined) return;
    this.#hear(other);
    const { self, successors } = neighbours;
    this.#effects.send(other.address, { kind: 'adopted', self, successors });
  }

  #stabilise({ self: other, predecessor: before }: RingMessageOf<'stabilise'>): void {
    const { neighbours } = this;
    if (other.id === this.#self.id || neighbours.successor === undefined) return;
    this.#hear(other);
    this.#claims.note(other, before?.id, this.#effects.nowMs());
    this.#reconcile(other);
    const { self, predecessor, successors } = neighbours;
    this.#effects.send(other.address, { kind: 'neighbours', self, predecessor, successors });
  }

  /** Somebody takes this peer for its successor: it is the predecessor, or hangs on the branch. */
  #hear(other: Contact): void {
    const { neighbours } = this;
    if (neighbours.predecessor?.id === other.id) {
      this.#predecessorSignMs = this.#effects.nowMs();
      this.#isPredecessorHeard = true;
    } else if (neighbours.isAlone) {
      this.#takePredecessor(other);
      this.#follow(other, []);
    } else if (neighbours.isNearer(other) || !this.#isPredecessorThere()) {
      this.#takePredecessor(other);
    } else {
      neighbours.hang(other);
      if (!this.#claims.has(other.id)) this.#claims.note(other, undefined, this.#effects.nowMs());
    }
  }

  /**
   * Of those that hang on this peer, two may not be able to talk: whoever holds keys that another holds who was heard just
   * now is told of it by this peer, which hears both.
   */
  #reconcile(other: Contact): void {
    const next = this.#claims.contradicting(other, this.#effects.nowMs() - this.#effects.silentMs);
    if (next === undefined) return;
    this.#effects.send(next.address, { kind: 'vouched', whom: other, beside: [], hops: 0 });
  }

  /** Somebody who stands between this peer and its successor is asked whether it will have this peer. */
  #learn({ self: from, predecessor, successors }: RingMessageOf<'neighbours'>): void {
    const { neighbours } = this;
    if (neighbours.successor?.id !== from.id) return;
    neighbours.follow(from, successors);
    this.#isOnBranch = predecessor?.id !== this.#self.id;
    this.#between = undefined;
    if (predecessor === undefined || !isBetween(this.#self.id, predecessor.id, from.id)) return;
    this.#between = predecessor;
    // A suspicion may be wrong, and a question costs little.
    this.askToFollow(predecessor);
  }

  /** Who holds a key, or whom to ask next: `isLast` where that one should. `way`: those that were asked already. */
  next(key: Key, isLast: boolean, way: readonly Address[]): Stop | 'here' | 'onward' | undefined {
    const { neighbours } = this;
    if (neighbours.isAlone || neighbours.holds(key)) return 'here';
    if (neighbours.successor === undefined && !isLast) return undefined;
    const isSuspected = (one: Contact): boolean => this.#suspects.has(one);
    // Who passed the question here, or on before, cannot reach the holder: it would go to and fro between branches of a branch.
    const isVain = ({ address }: Contact): boolean => address === this.#from || way.includes(address);
    const to = isLast
      ? (neighbours.backward(key, (one) => isVain(one) || isSuspected(one)) ?? neighbours.successor)
      : neighbours.holderBehind(key, isSuspected);
    if (to !== undefined) return { to, isLast: true };
    return isLast ? undefined : 'onward';
  }
}
