import type { Key } from '../base/index.ts';
import type { Ref } from '../component/index.ts';
import type { Address, Timeout } from '../world/index.ts';
import type { Contact } from './contact.ts';
import { answerMs, hopsMax, lookupMs } from './limits.ts';
import { type Found, Lookups } from './lookups.ts';
import type { RingMessage, RingMessageOf } from './messages.ts';
import { type Arity, Pointers } from './pointers.ts';
import type { RelaxedRing } from './relaxedRing.ts';
import type { Suspects } from './suspects.ts';

/** What routing does to the world. */
export interface RoutingEffects {
  readonly send: (to: Address, message: RingMessage) => void;
  readonly after: (delayMs: number, run: () => void) => Timeout;
}

/** Finds who holds a key: over the neighbours of a peer, which are right, and its pointers, which are short cuts. */
export class Routing {
  readonly #ring: RelaxedRing;
  readonly #suspects: Suspects;
  readonly #effects: RoutingEffects;
  readonly #pointers: Pointers;
  readonly #lookups: Lookups;
  /** Runs out where the pointer that was asked does not answer. */
  #pointerPatience: Timeout | undefined;

  constructor(ring: RelaxedRing, suspects: Suspects, arity: Arity, effects: RoutingEffects) {
    this.#ring = ring;
    this.#suspects = suspects;
    this.#effects = effects;
    this.#pointers = new Pointers(this.#self, arity);
    this.#lookups = new Lookups(
      (key, token) => this.#lookFor(key, token),
      (token) => effects.after(lookupMs, () => this.#lookups.retry(token)),
    );
  }

  get #self(): Contact {
    return this.#ring.neighbours.self;
  }

  /** Whom the pointers lead to, the nearest first. */
  get known(): readonly Contact[] {
    return this.#pointers.known;
  }

  /** What a refresh finds from now on. */
  setArity(arity: Arity): void {
    this.#pointers.setArity(arity);
  }

  find(key: Key, reply: Ref<Found>): void {
    this.#lookups.begin(key, reply);
  }

  /** Asks all pointers for anew, one after the other. */
  refresh(): void {
    this.#askPointer(0);
  }

  /** A peer is gone. */
  forget(gone: Contact): void {
    this.#pointers.forget(gone);
  }

  /** Handles a message about ways; false for what is none. */
  receive(message: RingMessage, from: Address): boolean {
    switch (message.kind) {
      case 'lookup':
        this.#route(message);
        return true;
      case 'found':
        this.#lookups.end(message.token, message.owner, message.hops);
        return true;
      case 'askPointer':
        this.#effects.send(from, { kind: 'pointer', index: message.index, to: this.#pointerOf(message.doublings) });
        return true;
      case 'pointer':
        this.#learnPointer(message);
        return true;
      default:
        return false;
    }
  }

  #lookFor(key: Key, token: number): void {
    this.#route({ kind: 'lookup', key, origin: this.#self, token, hops: 0, isLast: 0 });
  }

  #route(lookup: RingMessageOf<'lookup'>): void {
    if (lookup.hops >= hopsMax) return;
    const next = this.#ring.next(lookup.key, lookup.isLast === 1);
    if (next === undefined) return;
    if (next === 'here') {
      const { token, hops } = lookup;
      return this.#effects.send(lookup.origin.address, { kind: 'found', token, owner: this.#self, hops });
    }
    const to = next === 'onward' ? this.#nearestBefore(lookup.key) : next.to;
    const isLast = next !== 'onward' && next.isLast ? 1 : 0;
    this.#effects.send(to.address, { ...lookup, hops: lookup.hops + 1, isLast });
  }

  /** The one known that is farthest on the way to a key: at worst the successor, so that every hop makes progress. */
  #nearestBefore(key: Key): Contact {
    return this.#pointers.before(key, (one) => this.#suspects.has(one)) ?? this.#ring.neighbours.successor!;
  }

  #pointerOf(doublings: number): Contact | undefined {
    return doublings === 0 ? this.#ring.neighbours.successor : this.#pointers.atDoublings(doublings);
  }

  /** Each pointer is asked for the next one: so whoever is pointed to was heard, or is passed over. */
  #askPointer(index: number): void {
    this.#pointerPatience?.cancel();
    const { successor } = this.#ring.neighbours;
    const question = successor && this.#pointers.question(index, successor);
    if (question === undefined) return;
    this.#effects.send(question.whom.address, { kind: 'askPointer', doublings: question.doublings, index });
    this.#pointerPatience = this.#effects.after(answerMs, () => {
      this.#suspects.add(question.whom);
      this.#pointers.passOver(index);
      if (index > 0) this.#askPointer(index);
    });
  }

  #learnPointer({ index, to }: RingMessageOf<'pointer'>): void {
    const { successor } = this.#ring.neighbours;
    this.#pointerPatience?.cancel();
    if (successor !== undefined && this.#pointers.learn(index, to, successor)) this.#askPointer(index + 1);
  }
}
