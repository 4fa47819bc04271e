import type { Key } from '../base/index.ts';
import type { Address } from '../world/index.ts';
import { type Contact, isBetween } from './contact.ts';
import { adriftCheckRounds, vouchersMax, vouchesMax, vouchMs } from './limits.ts';
import type { RingMessage } from './messages.ts';
import type { RelaxedRing } from './relaxedRing.ts';

/** What vouching needs of the peer that it works for. */
export interface VouchingEffects {
  readonly send: (to: Address, message: RingMessage) => void;
  /** In [0, 1). */
  readonly fraction: () => number;
  readonly nowMs: () => number;
  /** Peers that can be asked. */
  readonly others: () => readonly Contact[];
}

/**
 * Where two neighbours cannot talk, others tell each that the other lives. A peer whose predecessor is silent asks a few
 * whether they hear it; as long as somebody does the predecessor keeps what lies before it (RING-3).
 */
export class Vouching {
  readonly #ring: RelaxedRing;
  readonly #effects: VouchingEffects;
  /** Who wants to know of a peer that was pinged. */
  readonly #askers = new Map<Key, { readonly asker: Contact; readonly sinceMs: number }>();

  constructor(ring: RelaxedRing, effects: VouchingEffects) {
    this.#ring = ring;
    this.#effects = effects;
  }

  /** One round: a silent predecessor is asked to follow this peer again, and others whether they hear it. */
  round(): void {
    const { silentPredecessor: silent, beyondReach } = this.#ring;
    if (beyondReach !== undefined && this.#effects.fraction() * adriftCheckRounds < 1) {
      this.#ask(beyondReach, this.#self);
      // Nobody else may know both: the successor need not reach that one either.
      this.#ask(this.#self, beyondReach);
    }
    if (silent === undefined) return;
    this.#effects.send(silent.address, { kind: 'hint', nearer: this.#self });
    this.#ask(silent, this.#self);
  }

  /** A peer stands beside this one and does not come: where it lives, it and the neighbour get to know of each other. */
  miss(whom: Contact): void {
    const { predecessor, successor } = this.#ring.neighbours;
    if (predecessor === undefined || successor === undefined) return;
    if (isBetween(predecessor.id, whom.id, this.#self.id)) this.#ask(whom, this.#self);
    if (!isBetween(this.#self.id, whom.id, successor.id)) return;
    this.#ask(this.#self, whom);
    this.#ask(whom, this.#self);
    this.#ask(whom, successor);
  }

  /** Asks a few to tell a peer whether they hear another. */
  #ask(whom: Contact, asker: Contact): void {
    const others = this.#effects.others().filter(({ id }) => id !== whom.id && id !== asker.id);
    for (let i = 0; i < vouchersMax && others.length > 0; i++) {
      const [other] = others.splice(Math.floor(this.#effects.fraction() * others.length), 1);
      this.#effects.send(other!.address, { kind: 'vouchFor', whom, asker });
    }
  }

  /** Handles a message about vouching; false for what is none. */
  receive(message: RingMessage): boolean {
    switch (message.kind) {
      case 'vouchFor':
        this.#vouchFor(message.whom, message.asker);
        return true;
      case 'vouched':
        this.#ring.vouch(message);
        return true;
      case 'pong':
        this.#tell(message.self, message.beside);
        return true;
      default:
        return false;
    }
  }

  get #self(): Contact {
    return this.#ring.neighbours.self;
  }

  #vouchFor(whom: Contact, asker: Contact): void {
    if (whom.id === this.#self.id) {
      return this.#effects.send(asker.address, {
        kind: 'vouched',
        whom,
        beside: this.#ring.neighbours.beside,
        hops: 0,
      });
    }
    this.#askers.delete(whom.id);
    this.#askers.set(whom.id, { asker, sinceMs: this.#effects.nowMs() });
    if (this.#askers.size > vouchesMax) this.#askers.delete(this.#askers.keys().next().value!);
    this.#effects.send(whom.address, { kind: 'ping', self: this.#self });
  }

  #tell(whom: Contact, beside: readonly Contact[]): void {
    const waiting = this.#askers.get(whom.id);
    if (waiting === undefined) return;
    this.#askers.delete(whom.id);
    // A peer that stood still finds old answers when it wakes: who gave them may be gone by now.
    if (this.#effects.nowMs() - waiting.sinceMs > vouchMs) return;
    this.#effects.send(waiting.asker.address, { kind: 'vouched', whom, beside, hops: 0 });
  }
}
