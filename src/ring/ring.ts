import type { Key } from '../base/index.ts';
import { type Context, component, event, port, type Ref } from '../component/index.ts';
import { type Address, Links, type Timeout, type World } from '../world/index.ts';
import type { Contact } from './contact.ts';
import {
  adriftCheckRounds,
  answerMissesMax,
  answerMs,
  hopsMax,
  joinRetryMs,
  joinTriesMax,
  lonelyRoundsMax,
  lookupMs,
  pointersEveryMs,
  recoveryRoundsMax,
  silentPeriods,
  stabiliseEveryMs,
} from './limits.ts';
import { type Found, Lookups } from './lookups.ts';
import { Merging, type MergingPace } from './merging.ts';
import { type RingMessage, type RingMessageOf, ringProtocol } from './messages.ts';
import type { Neighbours } from './neighbours.ts';
import { type Phase, phaseOf, Standing } from './phase.ts';
import { Pointers } from './pointers.ts';
import { RelaxedRing } from './relaxedRing.ts';
import { Suspects } from './suspects.ts';
import { Vouching } from './vouching.ts';

/** Where a peer stands: it holds the keys behind its predecessor up to its own place. */
export interface Place {
  readonly self: Contact;
  readonly predecessor: Contact | undefined;
  readonly successor: Contact | undefined;
}

/** The ring as those above see it. All of it is a hint: consensus decides who holds what. */
export const Ring = port('ring', {
  requests: {
    /** Who holds a key? */
    find: event<{ readonly key: Key; readonly reply: Ref<Found> }>(),
    /** Gives the place up, and is silent from then on. */
    leave: event(),
    /** There may be another ring, and this peer in it: if so the two become one. */
    meet: event<{ readonly stranger: Contact }>(),
  },
  indications: {
    /** The place of this peer changed. */
    moved: event<Place>(),
    /** How firmly this peer stands on the ring changed. */
    phase: event<{ readonly phase: Phase }>(),
    /** The holder of the place of this joiner does not answer it: it should be made anew at another place. */
    outOfReach: event(),
  },
});

/** How often a peer asks its successor, and its pointers. */
export interface RingPeriods {
  readonly stabiliseMs: number;
  readonly pointersMs: number;
}

export interface RingInit {
  readonly world: World;
  readonly self: Contact;
  /** A peer of the ring; undefined for the first one, which is a ring by itself. */
  readonly contact: Address | undefined;
  /** How often the neighbours and the pointers are asked; undefined for `limits.ts`. Big simulations ask seldom. */
  readonly periods: RingPeriods | undefined;
  /** Others that may let it in, where the first does not. */
  readonly others?: readonly Address[];
  /** As in `limits.ts` where it is left out. */
  readonly merging?: Partial<MergingPace>;
  /** Shows what this peer holds true to the checks of a simulation. Where none is there nobody looks. */
  readonly show?: (view: RingView) => void;
}

/** What one peer holds true, to be read at any time. */
export interface RingView extends Place {
  /** The successor and those behind it, the nearest first. */
  readonly successors: readonly Contact[];
  readonly phase: Phase;
  /** Peers that it has still to look for in its ring. */
  readonly strangers: number;
}

const ports = { provides: { ring: Ring }, requires: { network: ringProtocol.port, links: Links } } as const;

/** One peer's part of a relaxed ring, with pointers that make every key few hops away. */
export const RingPeer = component('ring', {
  ...ports,
  setup: (context, init: RingInit) => void new Peer(context, init),
});

class Peer {
  readonly #context: Context<typeof ports.provides, typeof ports.requires>;
  readonly #init: RingInit;
  readonly #ring: RelaxedRing;
  readonly #pointers: Pointers;
  readonly #merging: Merging;
  readonly #vouching: Vouching;
  readonly #suspects: Suspects;
  readonly #lookups: Lookups;
  readonly #stabiliseMs: number;
  readonly #pointersMs: number;
  /** Runs out where the pointer that was asked does not answer. */
  #pointerPatience: Timeout | undefined;
  /** Questions to the successor, one after the other, that had no answer. */
  #misses = 0;
  readonly #standing = new Standing();
  #isJoining = false;
  #hasLeft = false;
  /** Rounds without a successor, and without anybody to ask for a place. */
  #lonelyRounds = 0;
  /** Rounds without a successor, one after the other. */
  #recoveryRounds = 0;

  constructor(context: Context<typeof ports.provides, typeof ports.requires>, init: RingInit) {
    this.#context = context;
    this.#init = init;
    this.#stabiliseMs = init.periods?.stabiliseMs ?? stabiliseEveryMs;
    this.#pointersMs = init.periods?.pointersMs ?? pointersEveryMs;
    const nowMs = (): number => init.world.clock.monotonicMs();
    this.#suspects = new Suspects(nowMs);
    this.#pointers = new Pointers(init.self);
    this.#lookups = new Lookups(
      (key, token) => this.#lookFor(key, token),
      (token) => this.#after(lookupMs, () => this.#lookups.retry(token)),
    );
    const effects = {
      send: (to: Address, message: RingMessage) => this.#send(to, message),
      nowMs,
      silentMs: this.#stabiliseMs * silentPeriods,
      moved: () => this.#moved(),
    };
    this.#ring = new RelaxedRing(init.self, this.#suspects, effects);
    const merging = {
      ...effects,
      after: (delayMs: number, run: () => void) => this.#after(delayMs, run),
      fraction: () => init.world.entropy.fraction(),
      pointers: () => this.#pointers.known,
      miss: (stranger: Contact) => this.#vouching.miss(stranger),
    };
    this.#merging = new Merging(this.#ring, merging, init.merging);
    this.#vouching = new Vouching(this.#ring, { ...merging, others: () => this.#others() });
    init.show?.(viewOf(this.#ring.neighbours, this.#merging, this.#standing));
    this.#subscribe();
  }

  #subscribe(): void {
    const { provides, requires, onStart } = this.#context;
    provides.ring.on.find(({ key, reply }) => this.#lookups.begin(key, reply));
    provides.ring.on.leave(() => {
      this.#ring.leave();
      this.#hasLeft = true;
    });
    provides.ring.on.meet(({ stranger }) => this.#merging.detect(stranger));
    requires.network.on.received(({ from, message }) => this.#receive(from, message));
    requires.links.on.down(({ address }) => this.#lose(address));
    onStart(() => {
      if (this.#init.contact === undefined) this.#ring.beAlone();
      else this.#join(0);
      // Not all at once: who started together asks at different times.
      this.#after(this.#init.world.entropy.fraction() * this.#stabiliseMs, () => this.#tick());
      this.#after(this.#init.world.entropy.fraction() * this.#pointersMs, () => this.#refresh());
    });
  }

  /** Asks who holds the place of this peer, until it has one. */
  #join(tries: number): void {
    const { neighbours } = this.#ring;
    const { self, contact: first, others = [] } = this.#init;
    this.#isJoining = first !== undefined && neighbours.successor === undefined && neighbours.predecessor === undefined;
    if (first === undefined || !this.#isJoining) return;
    const contacts = [first, ...others];
    const contact = contacts[tries % contacts.length]!;
    if (tries > 0 && tries % joinTriesMax === 0) this.#context.provides.ring.emit.outOfReach();
    this.#send(contact, { kind: 'lookup', key: self.id, origin: self, token: 0, hops: 0, isLast: 0 });
    this.#after(joinRetryMs * (1 + this.#init.world.entropy.fraction()), () => this.#join(tries + 1));
  }

  #receive(from: Address, message: RingMessage): void {
    if (this.#hasLeft) return;
    if (message.kind === 'leaving') this.#pointers.forget(message.self);
    this.#suspects.heard(from);
    this.#merging.heed(message, from);
    if ('self' in message) this.#meet(message.self);
    if (message.kind === 'neighbours' && message.self.id === this.#ring.neighbours.successor?.id) this.#misses = 0;
    if (message.kind === 'joinOk') this.#after(0, () => this.#askPointer(0));
    if (this.#ring.receive(message, from) || this.#merging.receive(message, from)) return;
    if (this.#vouching.receive(message)) return;
    switch (message.kind) {
      case 'lookup':
        return this.#route(message);
      case 'found':
        if (message.token === 0) return this.#seekPlace(message.owner);
        return this.#lookups.end(message.token, message.owner, message.hops);
      case 'goTo':
        return this.#seekPlace(message.to);
      case 'askPointer':
        return this.#send(from, { kind: 'pointer', index: message.index, to: this.#pointerOf(message.level) });
      case 'pointer':
        return this.#learnPointer(message);
      default:
        // It has no successor now: the next tick asks again.
        return;
    }
  }

  /** Where another lives at the address of a peer that is known, that one is gone for good. */
  #meet({ id, address }: Contact): void {
    const { successors, branch, predecessor } = this.#ring.neighbours;
    for (const one of [...successors, ...branch.values(), predecessor]) {
      if (one?.address === address && one.id !== id) this.#ring.bury(one);
    }
  }

  #seekPlace(owner: Contact): void {
    if (this.#ring.neighbours.successor === undefined) this.#ring.askForPlace(owner);
  }

  #lookFor(key: Key, token: number): void {
    this.#route({ kind: 'lookup', key, origin: this.#init.self, token, hops: 0, isLast: 0 });
  }

  #route(lookup: RingMessageOf<'lookup'>): void {
    if (lookup.hops >= hopsMax) return;
    const next = this.#ring.next(lookup.key, lookup.isLast === 1);
    if (next === undefined) return;
    if (next === 'here') {
      const { token, hops } = lookup;
      return this.#send(lookup.origin.address, { kind: 'found', token, owner: this.#init.self, hops });
    }
    const to = next === 'onward' ? this.#nearestBefore(lookup.key) : next.to;
    const isLast = next !== 'onward' && next.isLast ? 1 : 0;
    this.#send(to.address, { ...lookup, hops: lookup.hops + 1, isLast });
  }

  /** The one known that is farthest on the way to a key: at worst the successor, so that every hop makes progress. */
  #nearestBefore(key: Key): Contact {
    return this.#pointers.before(key, (one) => this.#suspects.has(one)) ?? this.#ring.neighbours.successor!;
  }

  #pointerOf(level: number): Contact | undefined {
    return level === 0 ? this.#ring.neighbours.successor : this.#pointers.ofLevel(level);
  }

  /** Each pointer is asked for the next one: so whoever is pointed to was heard, or is passed over. */
  #askPointer(index: number): void {
    this.#pointerPatience?.cancel();
    const { successor } = this.#ring.neighbours;
    const question = successor && this.#pointers.question(index, successor);
    if (question === undefined) return;
    this.#send(question.whom.address, { kind: 'askPointer', level: question.level, index });
    this.#pointerPatience = this.#after(answerMs, () => {
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

  #refresh(): void {
    this.#askPointer(0);
    this.#after(this.#pointersMs, () => this.#refresh());
  }

  #tick(): void {
    if (this.#hasLeft) return;
    this.#after(this.#stabiliseMs, () => this.#tick());
    this.#merging.round();
    this.#vouching.round();
    this.#stand(phaseOf({ ...this.#ring.signs, isSuccessorLate: this.#misses > 0 }));
    const { neighbours } = this.#ring;
    if (neighbours.successor === undefined) return this.#recover();
    this.#recoveryRounds = 0;
    if (this.#misses >= answerMissesMax) return this.#lose(neighbours.successor.address);
    if (this.#ring.stabilise() !== undefined) this.#misses++;
    if (this.#ring.isAdrift && this.#init.world.entropy.fraction() * adriftCheckRounds < 1) {
      const others = this.#others();
      const any = others[Math.floor(this.#init.world.entropy.fraction() * others.length)];
      if (any !== undefined) this.#merging.seekSelf(any);
    }
  }

  /** Without a successor: whoever stood behind it is asked for its place, or anybody who is known. */
  #recover(): void {
    const { successors, predecessor } = this.#ring.neighbours;
    // What it joined was lost before it had a predecessor: it holds nothing, and joins again.
    if (predecessor === undefined) return this.#isJoining ? undefined : this.#join(0);
    const { knowledge } = this.#merging;
    const known = [...successors, predecessor, ...this.#pointers.known, ...knowledge.known];
    const candidates = known.filter((one) => !this.#suspects.has(one) && one.id !== this.#init.self.id);
    this.#lonelyRounds = candidates.length === 0 ? this.#lonelyRounds + 1 : 0;
    // One after the other: who does not answer may be out of reach for good.
    const candidate = candidates[this.#recoveryRounds++ % candidates.length];
    if (candidate !== undefined && this.#recoveryRounds <= recoveryRoundsMax) {
      this.#merging.seekSelf(candidate);
      return this.#ring.askToFollow(candidate);
    }
    if (candidate === undefined && this.#lonelyRounds < lonelyRoundsMax) return;
    for (const one of known) knowledge.lose(one);
    this.#ring.beAlone();
  }

  /** All whom this peer knows, and that are believed to live. */
  #others(): readonly Contact[] {
    const { successors } = this.#ring.neighbours;
    const known = [...successors, ...this.#pointers.known, ...this.#merging.knowledge.known];
    return known.filter((one) => !this.#suspects.has(one));
  }

  /** A peer at this address does not answer. */
  #lose(address: Address): void {
    const { neighbours } = this.#ring;
    const gone = [...neighbours.successors, ...neighbours.branch.values(), ...this.#pointers.known];
    if (neighbours.predecessor !== undefined) gone.push(neighbours.predecessor);
    gone.push(...this.#merging.knowledge.known);
    const found = gone.find((one) => one.address === address);
    if (address === this.#init.self.address) return;
    this.#suspects.add({ address });
    if (found === undefined) return;
    this.#misses = 0;
    this.#pointers.forget(found);
    this.#merging.knowledge.lose(found);
    this.#ring.lose(found);
  }

  #stand(seen: Phase): void {
    if (this.#standing.see(seen)) this.#context.provides.ring.emit.phase({ phase: this.#standing.phase });
  }

  #moved(): void {
    // What is worse is told before those above hear of the place.
    if (this.#ring.neighbours.successor === undefined) this.#stand('liquid3');
    const { self, predecessor, successor } = this.#ring.neighbours;
    this.#context.provides.ring.emit.moved({ self, predecessor, successor });
  }

  #send(to: Address, message: RingMessage): void {
    if (!this.#hasLeft) this.#context.requires.network.emit.send({ to, message });
  }

  #after(delayMs: number, run: () => void) {
    return this.#init.world.timer.after(delayMs, this.#context.ref(run));
  }
}

function viewOf(neighbours: Neighbours, merging: Merging, standing: Standing): RingView {
  return {
    self: neighbours.self,
    get predecessor() {
      return neighbours.predecessor;
    },
    get successor() {
      return neighbours.successor;
    },
    get successors() {
      return neighbours.successors;
    },
    get phase() {
      return standing.phase;
    },
    get strangers() {
      return merging.waiting;
    },
  };
}
