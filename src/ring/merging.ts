import type { Key } from '../base/index.ts';
import type { Address, Timeout } from '../world/index.ts';
import { type Contact, isBetween } from './contact.ts';
import { Knowledge } from './knowledge.ts';
import {
  checkEveryRounds,
  hopsMax,
  mergeEveryMs,
  mergeFanOut,
  returnedFirstMs,
  returnedLastMs,
  strangersMax,
  toldMax,
  toldMs,
} from './limits.ts';
import type { RingMessage, RingMessageOf } from './messages.ts';
import type { RelaxedRing } from './relaxedRing.ts';

/** What merging needs of the peer that it works for. */
export interface MergingEffects {
  readonly send: (to: Address, message: RingMessage) => void;
  readonly nowMs: () => number;
  readonly after: (delayMs: number, run: () => void) => Timeout;
  /** In [0, 1). */
  readonly fraction: () => number;
  /** Farther peers of the ring, the nearest first. */
  readonly pointers: () => readonly Contact[];
  /** Whether a peer did not answer lately. */
  readonly isSuspected: (one: Contact) => boolean;
  /** A stranger stands beside this peer, and did not come although it was told so: it may be out of reach. */
  readonly miss: (stranger: Contact) => void;
}

/** How eagerly rings merge. */
export interface MergingPace {
  /** Lookups that each stranger starts: 1 is cheap, and takes as long as a ring is big; from 2 on it takes its logarithm. */
  readonly fanOut: number;
  readonly everyMs: number;
}

type Handlers = { readonly [K in MergeKind]: (message: RingMessageOf<K>, from: Address) => void };
type MergeKind = 'detect' | 'seekSeam' | 'tryMerge' | 'ping';

/**
 * Makes one ring of two or more (Shafaat, Ghodsi and Haridi 2009). Whoever finds a peer of another ring looks for its place in
 * the own one, and has it do the same; there the two rings are sewn together, from that seam on in both directions. What a
 * peer tells another is where it would stand between the teller and a neighbour of it, so that the one that is adopted was heard
 * itself (RING-2).
 */
export class Merging {
  readonly knowledge = new Knowledge();
  readonly #ring: RelaxedRing;
  readonly #effects: MergingEffects;
  readonly #pace: MergingPace;
  /** Peers of which it is not known whether they are in the same ring. */
  readonly #strangers = new Map<Key, RingMessageOf<'detect'>>();
  /** Until when what was said need not be said again. */
  readonly #toldUntilMs = new Map<string, number>();
  /** Peers that were lost and are back, and when it is to be seen next whether they are in the same ring. */
  readonly #returned = new Map<Key, { readonly peer: Contact; readonly dueMs: number; readonly waitMs: number }>();
  #isWorking = false;
  readonly #handlers: Handlers = {
    detect: ({ stranger, fanOut }) => this.detect(stranger, fanOut),
    seekSeam: (message) => this.#look(message.stranger, message.fanOut, message.hops),
    tryMerge: (message) => this.#tryMerge(message),
    ping: (_, from) =>
      this.#effects.send(from, { kind: 'pong', self: this.#self, beside: this.#ring.neighbours.beside }),
  };

  constructor(ring: RelaxedRing, effects: MergingEffects, pace: Partial<MergingPace> = {}) {
    this.#ring = ring;
    this.#effects = effects;
    this.#pace = { fanOut: pace.fanOut ?? mergeFanOut, everyMs: pace.everyMs ?? mergeEveryMs };
  }

  get #self(): Contact {
    return this.#ring.neighbours.self;
  }

  /** Strangers that wait to be looked for: none once rings have merged. */
  get waiting(): number {
    return this.#strangers.size;
  }

  /** Handles a message about merging; false for what is none. */
  receive(message: RingMessage, from: Address): boolean {
    const handle = this.#handlers[message.kind as MergeKind] as ((one: RingMessage, from: Address) => void) | undefined;
    handle?.(message, from);
    return handle !== undefined;
  }

  /** Takes note of whoever said something. Where a lost peer was at its address it may be back, or another in its place. */
  heed(message: RingMessage, from: Address): void {
    if (message.kind === 'pong' && !this.knowledge.knows(message.self)) this.detect(message.self);
    if (message.kind === 'leaving') return this.knowledge.forget(message.self.id);
    if ('self' in message) return this.#hear(message.self);
    const lost = this.knowledge.lostAt(from);
    if (lost !== undefined) this.#say(lost, { kind: 'ping', self: this.#self }, '');
  }

  /** Has the own place looked for in another peer's ring: whoever holds it gets to know this peer. */
  seekSelf(via: Contact): void {
    this.#effects.send(via.address, { kind: 'seekSeam', stranger: this.#self, fanOut: 1, hops: 0 });
  }

  /** One round: somebody who was lost is asked whether it is back, and now and then somebody known whether it is here. */
  round(): void {
    const lost = this.knowledge.nextLost();
    if (lost !== undefined) this.#effects.send(lost.address, { kind: 'ping', self: this.#self });
    this.#checkReturned();
    const { known } = this.knowledge;
    if (known.length === 0 || this.#effects.fraction() * checkEveryRounds >= 1) return;
    const any = known[Math.floor(this.#effects.fraction() * known.length)]!;
    this.seekSelf(any);
  }

  /** There may be another ring, and this peer in it. */
  detect(stranger: Contact, fanOut = this.#pace.fanOut): void {
    if (stranger.id === this.#self.id || this.#strangers.has(stranger.id)) return;
    if (this.#strangers.size >= strangersMax) return;
    this.#strangers.set(stranger.id, { kind: 'detect', stranger, fanOut });
    if (!this.#isWorking) this.#work();
  }

  /** The first stranger is looked for at once; those that come meanwhile wait, and are looked for together. */
  #work(): void {
    const waiting = [...this.#strangers.values()];
    this.#strangers.clear();
    this.#isWorking = waiting.length > 0;
    for (const { stranger, fanOut } of waiting) {
      this.#look(stranger, fanOut, 0);
      this.#say(stranger, { kind: 'seekSeam', stranger: this.#self, fanOut, hops: 0 }, this.#self.id);
    }
    if (this.#isWorking) this.#effects.after(this.#pace.everyMs, () => this.#work());
  }

  #hear(one: Contact): void {
    if (this.knowledge.knows(one)) return;
    this.knowledge.settle(one);
    if (!this.knowledge.heard(one)) return;
    this.detect(one);
    this.#returned.set(one.id, { peer: one, dueMs: this.#effects.nowMs() + returnedFirstMs, waitMs: returnedFirstMs });
    if (this.#returned.size > strangersMax) this.#returned.delete(this.#returned.keys().next().value!);
  }

  /** Who came back may be in another ring although nothing came of it at first: links fail while rings merge too. */
  #checkReturned(): void {
    const nowMs = this.#effects.nowMs();
    for (const [id, { peer, dueMs, waitMs }] of this.#returned) {
      if (nowMs < dueMs) continue;
      this.seekSelf(peer);
      if (waitMs > returnedLastMs) this.#returned.delete(id);
      else this.#returned.set(id, { peer, dueMs: nowMs + waitMs * 2, waitMs: waitMs * 2 });
    }
  }

  /** Where would a stranger stand? Whoever it would stand beside tells it; others pass the question on. */
  #look(stranger: Contact, fanOut: number, hops: number, isAtSeam = false): void {
    const { self, predecessor, successor, successors } = this.#ring.neighbours;
    if (successor === undefined || predecessor === undefined || hops > hopsMax) return;
    if (stranger.id === self.id || stranger.id === successor.id || stranger.id === predecessor.id) return;
    if (fanOut > 1) this.#spread(stranger, fanOut - 1);
    if (fanOut > 1 && isAtSeam) this.#spread(stranger, fanOut - 1);
    if (isBetween(self.id, stranger.id, successor.id)) {
      this.#propose(stranger, { kind: 'tryMerge', self, predecessor: self, successor, successors: [] });
    } else if (isBetween(predecessor.id, stranger.id, self.id)) {
      this.#propose(stranger, { kind: 'tryMerge', self, predecessor, successor: self, successors });
    } else {
      const next = this.#nearestBefore(stranger.id);
      const message = { kind: 'seekSeam', stranger, fanOut: Math.max(1, fanOut - 1), hops: hops + 1 } as const;
      this.#say(next, message, stranger.id);
    }
  }

  /** Others look for the stranger too, from where they stand. */
  #spread(stranger: Contact, fanOut: number): void {
    const others = [...this.#ring.neighbours.successors, ...this.#effects.pointers()];
    const other = others[Math.floor(this.#effects.fraction() * others.length)];
    if (other !== undefined) this.#effects.send(other.address, { kind: 'detect', stranger, fanOut });
  }

  #propose(stranger: Contact, message: RingMessageOf<'tryMerge'>): void {
    const isNews = this.#say(stranger, message, message.predecessor.id + message.successor.id);
    if (isNews) this.#effects.after(toldMs, () => this.#effects.miss(stranger));
  }

  /**
   * Both neighbours that the teller names are looked for while the pointers still are as they were: once one of them is
   * adopted the search for it would end here, and the seam would never move on.
   */
  #tryMerge({ self: teller, predecessor, successor, successors }: RingMessageOf<'tryMerge'>): void {
    this.#look(successor, this.#pace.fanOut, 0, true);
    this.#look(predecessor, this.#pace.fanOut, 0, true);
    if (teller.id === successor.id) this.#ring.meetBehind(teller, successors);
    if (teller.id === predecessor.id) this.#ring.meetBefore(teller);
  }

  #nearestBefore(key: Key): Contact {
    const { self, successors, successor } = this.#ring.neighbours;
    // Who cannot be reached from here would swallow the question, each time that it is asked.
    const isOnTheWay = (one: Contact): boolean => isBetween(self.id, one.id, key) && !this.#effects.isSuspected(one);
    const farther = this.#effects.pointers().findLast(isOnTheWay);
    return farther ?? successors.findLast(isOnTheWay) ?? successor!;
  }

  /** Says something that was not said to the same peer a moment ago; false where it was. */
  #say(to: Contact, message: RingMessage, about: string): boolean {
    const nowMs = this.#effects.nowMs();
    for (const [one, untilMs] of this.#toldUntilMs) {
      if (nowMs < untilMs && this.#toldUntilMs.size < toldMax) break;
      this.#toldUntilMs.delete(one);
    }
    const what = `${message.kind} ${to.id} ${about}`;
    if (this.#toldUntilMs.has(what)) return false;
    this.#toldUntilMs.set(what, nowMs + toldMs);
    this.#effects.send(to.address, message);
    return true;
  }
}
