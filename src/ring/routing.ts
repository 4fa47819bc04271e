import type { Key } from '../base/index.ts';
import type { Ref } from '../component/index.ts';
import type { Address, Timeout } from '../world/index.ts';
import { type Contact, isBetween } from './contact.ts';
import { FullView } from './fullView.ts';
import {
  answerMs,
  fullViewPeersMax,
  fullViewPeersSlack,
  hopsMax,
  lastHopsMax,
  lookupMs,
  namedMax,
  pointersFirstMs,
} from './limits.ts';
import { type Found, Lookups } from './lookups.ts';
import type { RingMessage, RingMessageOf } from './messages.ts';
import { type Arity, Pointers } from './pointers.ts';
import type { RelaxedRing } from './relaxedRing.ts';
import type { Place } from './ringView.ts';
import type { Suspects } from './suspects.ts';
import { type Advice, Walks } from './walks.ts';

/** What routing does to the world. */
export interface RoutingEffects {
  readonly send: (to: Address, message: RingMessage) => void;
  readonly after: (delayMs: number, run: () => void) => Timeout;
  /** Drawn by lot, from 0 to 1. */
  readonly fraction: () => number;
  readonly nowMs: () => number;
}

/**
 * How a key is looked for. `recursive`: each peer passes the question on, and the holder answers. `iterative`: this peer asks
 * one after the other. `disjoint`: the same on two ways at once that share nobody, for when a peer may swallow questions or lie.
 */
export type Manner = 'recursive' | 'iterative' | 'disjoint';

type Handlers = { readonly [K in WayKind]: (message: RingMessageOf<K>, from: Address) => void };
type WayKind = 'lookup' | 'found' | 'badPointer' | 'askWay' | 'way' | 'askPointer' | 'pointer';

const nobody: Advice = { holder: undefined, nearest: [] };

/** A lookup as it sets out: it came over nobody yet. */
export function lookupOf(origin: Contact, key: Key, token: number, isBack: boolean): RingMessageOf<'lookup'> {
  return { kind: 'lookup', key, origin, token, hops: 0, way: [], isBack, before: origin.id, isLast: 0 };
}

/** Finds who holds a key: over the neighbours of a peer, which are right, and its pointers, which are short cuts. */
export class Routing {
  readonly #ring: RelaxedRing;
  readonly #suspects: Suspects;
  readonly #effects: RoutingEffects;
  readonly #pointers: Pointers;
  readonly #lookups: Lookups;
  readonly #walks: Walks;
  readonly #fullView: FullView;
  /** Whether everybody is to know everybody, by the estimate of their number. */
  #isSmall = false;
  /** Runs out where the pointer that was asked does not answer. */
  #pointerPatience: Timeout | undefined;
  readonly #handlers: Handlers = {
    lookup: (message, from) => this.#pass(message, from),
    found: (message) => this.#found(message),
    badPointer: (message) => this.#correct(message),
    askWay: (message, from) => this.#sayWay(message, from),
    way: (message) => this.#walks.heard(message),
    askPointer: ({ doublings, index }, from) =>
      this.#effects.send(from, {
        kind: 'pointer',
        index,
        to: this.#pointerOf(doublings),
        before: this.#ring.neighbours.predecessor?.id,
      }),
    pointer: (message, from) => this.#learnPointer(message, from),
  };

  constructor(ring: RelaxedRing, suspects: Suspects, arity: Arity, effects: RoutingEffects) {
    this.#ring = ring;
    this.#suspects = suspects;
    this.#effects = effects;
    this.#pointers = new Pointers(this.#self, arity);
    this.#lookups = new Lookups(
      (key, token, isBack) => this.#route(lookupOf(this.#self, key, token, isBack)),
      (token) => effects.after(lookupMs, () => this.#lookups.retry(token)),
    );
    const ask = ({ address }: Contact, key: Key, token: number, isLast: boolean): void =>
      effects.send(address, { kind: 'askWay', key, token, isLast });
    this.#fullView = new FullView(this.#self, effects);
    this.#walks = new Walks({ self: this.#self, ask, after: effects.after });
  }

  get #self(): Contact {
    return this.#ring.neighbours.self;
  }

  /** Whom this peer knows besides its neighbours, 2, 4, 8 ... places away among others, the nearest first. */
  get known(): readonly Contact[] {
    const { view, isReady } = this.#fullView;
    if (!isReady) return this.#pointers.known;
    const found: Contact[] = [];
    for (let places = 2; places < view.size; places *= 2) found.push(view.behind(places));
    return found;
  }

  /**
   * How many peers there are, as somebody estimates: a few know all each other, many have pointers. What is left stays in use until
   * the other is there, so that no lookup falls between the two.
   */
  setPeersEstimated(peers: number): void {
    const isSmall = peers > 0 && peers <= fullViewPeersMax + (this.#isSmall ? fullViewPeersSlack : 0);
    if (isSmall === this.#isSmall) return;
    this.#isSmall = isSmall;
    if (isSmall) return this.#fullView.switchOn();
    this.refresh();
    this.#effects.after(pointersFirstMs, () => {
      if (!this.#isSmall) this.#fullView.switchOff();
    });
  }

  /** The place of this peer changed. */
  moved(place: Place): void {
    this.#fullView.moved(place);
  }

  /** What a refresh finds from now on. */
  setArity(arity: Arity): void {
    this.#pointers.setArity(arity);
  }

  find(key: Key, manner: Manner, reply: Ref<Found>): void {
    if (manner === 'recursive') return this.#lookups.begin(key, reply);
    const advice = this.#advise(key, false);
    if (advice === 'here') return reply.tell({ kind: 'found', owner: this.#self, hops: 0 });
    this.#walks.begin(key, advice, manner === 'disjoint' ? 2 : 1, reply);
  }

  /** Asks all pointers for anew, one after the other. */
  refresh(): void {
    if (!this.#isSmall || !this.#fullView.isReady) this.#askPointer(0);
  }

  /** Somebody stands between this peer and the one at an address, which was taken for a holder: what it once said is old. */
  doubt(address: Address): void {
    this.#pointers.doubt(address);
  }

  /** A peer is gone. */
  forget(gone: Contact): void {
    this.#pointers.forget(gone);
    this.#fullView.forget(gone);
  }

  /** Handles a message about ways; false for what is none. */
  receive(message: RingMessage, from: Address): boolean {
    const handle = this.#handlers[message.kind as WayKind] as ((one: RingMessage, from: Address) => void) | undefined;
    handle?.(message, from);
    return handle !== undefined || this.#fullView.receive(message, from);
  }

  #pass(lookup: RingMessageOf<'lookup'>, from: Address): void {
    const { key, before, isLast } = lookup;
    const { self } = this.#ring.neighbours;
    // Every hop must come nearer to the key: where it does not, the sender took this peer for another (RING-20).
    if (isLast === 0 && !isBetween(before, self.id, key) && self.id !== key) {
      const { origin, token, hops, way, isBack } = lookup;
      return this.#effects.send(from, { kind: 'badPointer', key, origin, token, hops, way, isBack, self });
    }
    if (isLast > 0 && lookup.token !== 0) this.#sayWhoIsNearer(before, key, from);
    this.#route(lookup);
  }

  /** Correction on use: between who took this peer for the holder and this peer stands somebody whom that one does not know of. */
  #sayWhoIsNearer(before: Key, key: Key, from: Address): void {
    const { neighbours } = this.#ring;
    const { self, predecessor } = neighbours;
    if (predecessor === undefined || neighbours.holds(key) || !isBetween(before, predecessor.id, self.id)) return;
    this.#effects.send(from, { kind: 'hint', nearer: predecessor });
  }

  #route(lookup: RingMessageOf<'lookup'>): void {
    // Where nobody holds the key the question would go around and around, and be doubled on the way.
    if (lookup.hops >= hopsMax || lookup.isLast >= lastHopsMax) return;
    // Those before it was taken for the last one may still be the way to the holder.
    const way = lookup.way.slice(lookup.way.length - lookup.isLast);
    const next = this.#next(lookup.key, lookup.isLast > 0, { way, isTrusting: !lookup.isBack });
    if (next === undefined) return;
    if (next === 'here') return this.#answer(lookup);
    const to = next === 'onward' ? this.#nearestBefore(lookup.key) : next.to;
    const isLast = next !== 'onward' && next.isLast ? lookup.isLast + 1 : 0;
    const wholeWay = [...lookup.way, this.#self.address];
    this.#effects.send(to.address, { ...lookup, hops: lookup.hops + 1, way: wholeWay, before: this.#self.id, isLast });
  }

  /**
   * The holder itself, where it is in the full view or pointed to: it says so when it holds the key no more. Such a word may be
   * old, so what was asked in vain once trusts neighbours alone.
   */
  #next(key: Key, isLast: boolean, { way, isTrusting }: { way: readonly Address[]; isTrusting: boolean }) {
    const next = this.#ring.next(key, isLast, way);
    if (next !== 'onward' || !isTrusting) return next;
    const { isReady, view } = this.#fullView;
    const to = isReady ? view.holderOf(key) : this.#pointers.holderOf(key);
    return to === undefined || to.id === this.#self.id || this.#suspects.has(to)
      ? next
      : ({ to, isLast: true } as const);
  }

  /** Straight to whoever asked; or back over those that passed it on, where those two cannot talk (RING-21). */
  #answer({ origin, token, hops, way, isBack }: RingMessageOf<'lookup'>): void {
    const found = { kind: 'found', token, owner: this.#self, hops } as const;
    const last = way.at(-1);
    const isStraight = last === undefined || (!isBack && !this.#suspects.has(origin));
    if (isStraight) this.#effects.send(origin.address, { ...found, way: [] });
    else this.#effects.send(last, { ...found, way: way.slice(0, -1) });
  }

  #found(message: RingMessageOf<'found'>): void {
    const last = message.way.at(-1);
    if (last !== undefined) this.#effects.send(last, { ...message, way: message.way.slice(0, -1) });
    else {
      this.#fullView.heard(message.owner);
      this.#lookups.end(message.token, message.owner, message.hops);
    }
  }

  /** A pointer led to somebody else: the question goes another way, at worst over the successor. */
  #correct({ self, ...search }: RingMessageOf<'badPointer'>): void {
    this.#pointers.correct(self);
    const way = search.way.slice(0, -1);
    this.#route({ ...search, kind: 'lookup', way, before: this.#self.id, isLast: 0 });
  }

  #sayWay({ key, token, isLast }: RingMessageOf<'askWay'>, from: Address): void {
    const advice = this.#advise(key, isLast);
    const isHere = advice === 'here';
    const { holder, nearest } = isHere ? nobody : advice;
    this.#effects.send(from, { kind: 'way', token, holds: isHere, holder, nearest });
  }

  #advise(key: Key, isLast: boolean): Advice | 'here' {
    const next = this.#next(key, isLast, { way: [], isTrusting: true });
    if (next === 'here') return 'here';
    const holder = next === undefined || next === 'onward' ? undefined : next.to;
    return { holder, nearest: this.#namesBefore(key) };
  }

  /** Those known that stand nearest before a key. */
  #namesBefore(key: Key): readonly Contact[] {
    const { successors } = this.#ring.neighbours;
    const known = new Map<Key, Contact>();
    for (const one of [...successors, ...this.known]) {
      if (isBetween(this.#self.id, one.id, key) && !this.#suspects.has(one)) known.set(one.id, one);
    }
    return [...known.values()].sort((a, b) => (isBetween(a.id, b.id, key) ? 1 : -1)).slice(0, namedMax);
  }

  /** The one known that is farthest on the way to a key: at worst the successor, so that every hop makes progress. */
  #nearestBefore(key: Key): Contact {
    const known = this.#fullView.isReady ? this.#namesBefore(key)[0] : undefined;
    return known ?? this.#pointers.before(key, (one) => this.#suspects.has(one)) ?? this.#ring.neighbours.successor!;
  }

  #pointerOf(doublings: number): Contact | undefined {
    const { view, isReady } = this.#fullView;
    if (doublings === 0) return this.#ring.neighbours.successor;
    if (isReady) return 2 ** doublings < view.size ? view.behind(2 ** doublings) : undefined;
    return this.#pointers.atDoublings(doublings);
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

  #learnPointer({ index, to, before }: RingMessageOf<'pointer'>, from: Address): void {
    if (before !== undefined) this.#pointers.learnBefore(from, before);
    const { successor } = this.#ring.neighbours;
    this.#pointerPatience?.cancel();
    if (successor !== undefined && this.#pointers.learn(index, to, successor)) this.#askPointer(index + 1);
  }
}
