import type { Key } from '../base/index.ts';
import type { Address } from '../world/index.ts';
import { type Contact, isBetween } from './contact.ts';
import type { RingMessage, RingMessageOf } from './messages.ts';
import { Neighbours } from './neighbours.ts';
import type { Suspects } from './suspects.ts';

/** What the ring does to the world. */
export interface RingEffects {
  readonly send: (to: Address, message: RingMessage) => void;
  readonly nowMs: () => number;
  /** A predecessor that is not heard of for longer does not keep its place against others. */
  readonly silentMs: number;
  /** The place of this peer changed: who stands before it, or behind. */
  readonly moved: () => void;
}

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
  | 'neighbours';

/**
 * The relaxed ring: every step is an agreement of two peers over the one link between them, so that a ring forms and
 * heals where not everybody can talk to everybody. Whoever cannot reach its predecessor hangs beside the ring on a
 * branch. A peer is adopted when it was heard itself, never on the word of a third (Zave's rule, RING-2).
 */
export class RelaxedRing {
  readonly neighbours: Neighbours;
  readonly #effects: RingEffects;
  readonly #suspects: Suspects;
  /** When the predecessor was heard last; undefined where it never was, as on a branch. */
  #predecessorHeardMs: number | undefined = undefined;
  readonly #handlers: Handlers = {
    join: (message) => this.#join(message.self),
    joinOk: (message) => this.#joinOk(message),
    newSuccessor: (message) => this.#newSuccessor(message),
    goodbye: (message) => void this.neighbours.branch.delete(message.self.id),
    hint: (message) => this.#hint(message.nearer),
    adopt: (message) => this.#adopt(message.self),
    adopted: (message) => this.#follow(message.self, message.successors),
    stabilise: (message) => this.#stabilise(message.self),
    neighbours: (message) => this.#learn(message),
  };

  constructor(self: Contact, suspects: Suspects, effects: RingEffects) {
    this.neighbours = new Neighbours(self);
    this.#suspects = suspects;
    this.#effects = effects;
  }

  get #self(): Contact {
    return this.neighbours.self;
  }

  /** Handles a message about places; false for what is none. */
  receive(message: RingMessage, from: Address): boolean {
    const handle = this.#handlers[message.kind as PlaceKind] as ((one: RingMessage, from: Address) => void) | undefined;
    handle?.(message, from);
    return handle !== undefined;
  }

  /** Asks a peer for the place before it: to join, and to be found again by whoever lost its successor. */
  askForPlace(to: Contact): void {
    this.#effects.send(to.address, { kind: 'join', self: this.#self });
  }

  /** Asks the successor how things are. Returns whom it asked. */
  stabilise(): Contact | undefined {
    const { successor, isAlone } = this.neighbours;
    if (successor === undefined || isAlone) return undefined;
    this.#effects.send(successor.address, { kind: 'stabilise', self: this.#self });
    return successor;
  }

  /** A peer does not answer. Who lost its successor asks the next one behind for its place: recovery is a join. */
  lose(gone: Contact): void {
    const { neighbours } = this;
    const wasSuccessor = neighbours.successor?.id === gone.id;
    neighbours.forget(gone);
    if (!wasSuccessor) return;
    this.#effects.moved();
    const [candidate] = neighbours.successors;
    if (candidate !== undefined) this.askForPlace(candidate);
  }

  /** Nobody is left: a ring by itself, until others are found again. */
  beAlone(): void {
    this.neighbours.beAlone();
    this.#predecessorHeardMs = undefined;
    this.#effects.moved();
  }

  /**
   * Whether the predecessor keeps its place against those that stand farther: it does unless it was heard once, and is
   * no more. Of one that was never heard nothing can be said: it may live, and hold what lies before it (RING-3).
   */
  #isPredecessorThere(): boolean {
    const { predecessor } = this.neighbours;
    if (predecessor === undefined) return false;
    if (this.#predecessorHeardMs === undefined) return true;
    if (this.#suspects.has(predecessor)) return false;
    return this.#effects.nowMs() - this.#predecessorHeardMs < this.#effects.silentMs;
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
    const former = this.#takePredecessor(joiner);
    const { self, successors } = neighbours;
    const predecessor = former ?? self;
    this.#effects.send(joiner.address, { kind: 'joinOk', self, predecessor, successors });
    // The only peer of a ring has its first neighbour now: each stands before and behind the other.
    if (neighbours.isAlone) this.#follow(joiner, []);
  }

  /** Those that hang on the branch are told that somebody stands nearer to them: so branches stay short. */
  #takePredecessor(nearer: Contact, isHeard = true): Contact | undefined {
    const { branch } = this.neighbours;
    for (const one of branch.values()) {
      if (one.id !== nearer.id) this.#effects.send(one.address, { kind: 'hint', nearer });
    }
    this.#predecessorHeardMs = isHeard ? this.#effects.nowMs() : undefined;
    const former = this.neighbours.takePredecessor(nearer);
    this.#effects.moved();
    return former;
  }

  #joinOk({ self: successor, predecessor, successors }: RingMessageOf<'joinOk'>): void {
    const { neighbours } = this;
    const { successor: present } = neighbours;
    const isWanted = present === undefined || isBetween(this.#self.id, successor.id, present.id);
    if (!isWanted && present.id !== successor.id) {
      return this.#effects.send(successor.address, { kind: 'goodbye', self: this.#self });
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
    const { successor, isAlone } = neighbours;
    if (successor?.id === nearer.id) return neighbours.follow(nearer, behind);
    if (successor !== undefined && !isAlone && !isBetween(this.#self.id, nearer.id, successor.id)) return;
    neighbours.follow(nearer, behind);
    if (successor !== undefined && !isAlone) {
      this.#effects.send(successor.address, { kind: 'goodbye', self: this.#self });
    }
    this.#effects.moved();
  }

  /** A peer of another ring was heard that would stand before this one. */
  meetBefore(other: Contact): void {
    if (this.neighbours.successor !== undefined && this.neighbours.isNearer(other)) this.#takePredecessor(other);
  }

  /** A peer of another ring was heard that would stand behind this one. */
  meetBehind(other: Contact, behind: readonly Contact[]): void {
    this.#follow(other, behind);
  }

  #hint(nearer: Contact): void {
    const { successor } = this.neighbours;
    if (successor === undefined || !isBetween(this.#self.id, nearer.id, successor.id)) return;
    if (!this.#suspects.has(nearer)) this.#effects.send(nearer.address, { kind: 'adopt', self: this.#self });
  }

  #adopt(other: Contact): void {
    const { neighbours } = this;
    if (other.id === this.#self.id || neighbours.successor === undefined) return;
    if (neighbours.isNearer(other)) this.#takePredecessor(other);
    else neighbours.hang(other);
    const { self, successors } = neighbours;
    this.#effects.send(other.address, { kind: 'adopted', self, successors });
  }

  #stabilise(other: Contact): void {
    const { neighbours } = this;
    if (neighbours.predecessor?.id === other.id) this.#predecessorHeardMs = this.#effects.nowMs();
    else if (neighbours.isNearer(other) || !this.#isPredecessorThere()) this.#takePredecessor(other);
    else neighbours.hang(other);
    const { self, predecessor, successors } = neighbours;
    this.#effects.send(other.address, { kind: 'neighbours', self, predecessor, successors });
  }

  /** Somebody who stands between this peer and its successor is asked whether it will have this peer. */
  #learn({ self: from, predecessor, successors }: RingMessageOf<'neighbours'>): void {
    const { neighbours } = this;
    if (neighbours.successor?.id !== from.id) return;
    neighbours.follow(from, successors);
    if (predecessor === undefined || !isBetween(this.#self.id, predecessor.id, from.id)) return;
    if (!this.#suspects.has(predecessor)) this.#effects.send(predecessor.address, { kind: 'adopt', self: this.#self });
  }

  /** Who holds a key, or whom to ask next: `isLast` where that one should. Undefined where nobody is known. */
  next(key: Key, isLast: boolean): { readonly to: Contact; readonly isLast: boolean } | 'here' | 'onward' | undefined {
    const { neighbours } = this;
    if (neighbours.isAlone || neighbours.holds(key)) return 'here';
    const { successor, predecessor } = neighbours;
    if (isLast) {
      const inBranch = neighbours.inBranch(key);
      // A predecessor that cannot be reached hangs, with this peer, on the branch of the successor: that one reaches it.
      const isPastReach = inBranch !== undefined && this.#suspects.has(inBranch) && inBranch.id === predecessor?.id;
      const to = isPastReach ? successor : inBranch;
      return to === undefined || this.#suspects.has(to) ? undefined : { to, isLast: true };
    }
    if (successor === undefined) return undefined;
    const to = neighbours.holderBehind(key, (one) => this.#suspects.has(one));
    return to === undefined ? 'onward' : { to, isLast: true };
  }
}
