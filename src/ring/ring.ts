import type { Key } from '../base/index.ts';
import {
  attribute,
  type Context,
  component,
  event,
  port,
  type Ref,
  valueType,
  wholeNumber,
} from '../component/index.ts';
import { type Address, Links, type World } from '../world/index.ts';
import type { Contact } from './contact.ts';
import {
  adriftCheckRounds,
  answerMissesMax,
  arityAtFirst,
  joinRetryMs,
  joinTriesMax,
  lonelyRoundsMax,
  pointersEveryMs,
  recoveryRoundsMax,
  silentPeriods,
  stabiliseEveryMs,
  unheardPeriods,
} from './limits.ts';
import type { Found } from './lookups.ts';
import { Merging, type MergingPace } from './merging.ts';
import { type RingMessage, ringProtocol } from './messages.ts';
import { type Phase, phaseOf, Standing } from './phase.ts';
import type { Arity } from './pointers.ts';
import { RelaxedRing } from './relaxedRing.ts';
import { type Place, type RingView, viewOf } from './ringView.ts';
import { lookupOf, type Manner, Routing } from './routing.ts';
import { Suspects } from './suspects.ts';
import { Vouching } from './vouching.ts';

/** Whoever listened at an address is gone for good. Its peer may hold another place. */
export interface Replaced {
  readonly address: Address;
  readonly by: Contact | undefined;
}

/** Whom a peer knows, but for those that did not answer lately: what everything that goes over the ring goes by. */
export interface Surroundings {
  readonly place: Place;
  /** The successor and those behind it, the nearest first. */
  readonly successors: readonly Contact[];
  /** Farther peers, the nearest first. */
  readonly pointers: readonly Contact[];
  /** Who may still take this peer for its successor, though others stand between, in no order. */
  readonly branch: readonly Contact[];
}

/** The ring as those above see it. All of it is a hint: consensus decides who holds what. */
export const Ring = port('ring', {
  requests: {
    /** Who holds a key? `recursive` where nothing else is said. */
    find: event<{ readonly key: Key; readonly manner?: Manner; readonly reply: Ref<Found> }>(),
    /** Whom does this peer know? */
    survey: event<{ readonly reply: Ref<Surroundings> }>(),
    /** Gives the place up, and is silent from then on. */
    leave: event(),
    /** There may be another ring, and this peer in it: if so the two become one. */
    meet: event<{ readonly stranger: Contact }>(),
    replaced: event<Replaced>(),
  },
  indications: {
    /** The place of this peer changed. */
    moved: event<Place>(),
    /** How firmly this peer stands on the ring changed. */
    phase: event<{ readonly phase: Phase }>(),
    /** The holder of the place of this joiner does not answer it: it should be made anew at another place, best before `near`. */
    outOfReach: event<{ readonly near: Contact | undefined }>(),
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

const arityType = valueType('2, 4, 8 or 16', (value): value is Arity => [2, 4, 8, 16].includes(value as number));

const attributes = {
  /** How dense pointers lie: more of them cost more questions, and make ways shorter. */
  arity: attribute(arityType, arityAtFirst),
  /** How many peers there are, as somebody estimates; 0 where nobody does. With few of them everybody knows everybody. */
  peersEstimated: attribute(wholeNumber({ min: 0 }), 0),
} as const;

const ports = { provides: { ring: Ring }, requires: { network: ringProtocol.port, links: Links } } as const;
type Means = Context<typeof ports.provides, typeof ports.requires, typeof attributes>;

/** One peer's part of a relaxed ring, with pointers that make every key few hops away. */
export const RingPeer = component('ring', {
  ...ports,
  attributes,
  setup: (context, init: RingInit) => void new Peer(context, init),
});

class Peer {
  readonly #context: Means;
  readonly #init: RingInit;
  readonly #ring: RelaxedRing;
  readonly #routing: Routing;
  readonly #merging: Merging;
  readonly #vouching: Vouching;
  readonly #suspects: Suspects;
  readonly #stabiliseMs: number;
  readonly #pointersMs: number;
  /** Questions to the successor, one after the other, that had no answer. */
  #misses = 0;
  readonly #standing = new Standing();
  #isJoining = false;
  #joinTries = 0;
  #hasLeft = false;
  /** Rounds without a successor, and without anybody to ask for a place. */
  #lonelyRounds = 0;
  /** Rounds without a successor, one after the other. */
  #recoveryRounds = 0;

  constructor(context: Means, init: RingInit) {
    this.#context = context;
    this.#init = init;
    this.#stabiliseMs = init.periods?.stabiliseMs ?? stabiliseEveryMs;
    this.#pointersMs = init.periods?.pointersMs ?? pointersEveryMs;
    const nowMs = (): number => init.world.clock.monotonicMs();
    this.#suspects = new Suspects(init.self, nowMs);
    const effects = {
      send: (to: Address, message: RingMessage) => this.#send(to, message),
      nowMs,
      silentMs: this.#stabiliseMs * silentPeriods,
      unheardMs: this.#stabiliseMs * unheardPeriods,
      moved: () => this.#moved(),
    };
    this.#ring = new RelaxedRing(init.self, this.#suspects, effects);
    const chance = {
      after: (delayMs: number, run: () => void) => this.#after(delayMs, run),
      fraction: () => init.world.entropy.fraction(),
    };
    this.#routing = new Routing(this.#ring, this.#suspects, context.attributes.arity, {
      ...chance,
      send: effects.send,
      nowMs,
    });
    const merging = {
      ...effects,
      ...chance,
      pointers: () => this.#routing.known,
      isSuspected: (one: Contact) => this.#suspects.has(one),
      miss: (stranger: Contact) => this.#vouching.miss(stranger),
    };
    this.#merging = new Merging(this.#ring, merging, init.merging);
    this.#vouching = new Vouching(this.#ring, { ...merging, others: () => this.#others() });
    init.show?.(viewOf(this.#ring.neighbours, this.#merging, this.#standing));
    this.#subscribe();
  }

  #subscribe(): void {
    const { provides, requires, onStart, onAttribute } = this.#context;
    provides.ring.on.survey(({ reply }) => reply.tell(this.#surroundings()));
    onAttribute('peersEstimated', (peers) => this.#routing.setPeersEstimated(peers));
    onAttribute('arity', (arity) => this.#routing.setArity(arity));
    provides.ring.on.find(({ key, manner, reply }) => this.#routing.find(key, manner ?? 'recursive', reply));
    provides.ring.on.leave(() => {
      this.#ring.leave();
      this.#hasLeft = true;
    });
    provides.ring.on.meet(({ stranger }) => this.#merging.detect(stranger));
    provides.ring.on.replaced((told) => this.#replace(told));
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

  #sayOutOfReach(): void {
    const heard = this.#merging.knowledge.known.filter((one) => !this.#suspects.has(one));
    const near = heard[Math.floor(this.#init.world.entropy.fraction() * heard.length)];
    this.#context.provides.ring.emit.outOfReach({ near });
  }

  /** Asks who holds the place of this peer, until it has one. */
  #join(tries: number): void {
    const { neighbours } = this.#ring;
    const { self, contact: first, others = [] } = this.#init;
    this.#isJoining = first !== undefined && neighbours.successor === undefined && neighbours.predecessor === undefined;
    if (first === undefined || !this.#isJoining) return;
    this.#joinTries = tries;
    // Whoever was heard since may be reached where those cannot.
    const heard = this.#merging.knowledge.known.map(({ address }) => address);
    const contacts = [first, ...others, ...heard];
    const hopeful = contacts.filter((address) => !this.#suspects.has({ address }));
    const contact = hopeful[tries % hopeful.length] ?? contacts[tries % contacts.length]!;
    if (tries > 0 && tries % joinTriesMax === 0) this.#sayOutOfReach();
    // The way begins here: whoever believes this peer lost has the answer brought back over others.
    this.#send(contact, { ...lookupOf(self, self.id, 0, tries > 0), way: [self.address] });
    this.#after(joinRetryMs * (1 + this.#init.world.entropy.fraction()), () => this.#join(tries + 1));
  }

  #receive(from: Address, message: RingMessage): void {
    if (this.#hasLeft) return;
    if (message.kind === 'leaving') this.#routing.forget(message.self);
    if (message.kind === 'hint') this.#routing.doubt(from);
    this.#suspects.heard(from);
    this.#merging.heed(message, from);
    if ('self' in message) this.#meet(message.self);
    if (message.kind === 'neighbours' && message.self.id === this.#ring.neighbours.successor?.id) this.#misses = 0;
    if (message.kind === 'joinOk') this.#after(0, () => this.#routing.refresh());
    if (this.#ring.receive(message, from) || this.#merging.receive(message, from)) return;
    if (this.#vouching.receive(message)) return;
    if (message.kind === 'found' && message.token === 0 && message.way.length === 0) {
      // The holder could not be reached before: whoever brought its answer can, and a place before that one may be had.
      if (this.#joinTries > 0 && from !== message.owner.address) {
        this.#send(from, { kind: 'ping', self: this.#init.self });
      }
      return this.#seekPlace(message.owner);
    }
    if (message.kind === 'goTo') return this.#seekPlace(message.to);
    // Whoever has no successor now (`tryLater`) asks again with the next tick.
    this.#routing.receive(message, from);
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

  #refresh(): void {
    this.#routing.refresh();
    this.#after(this.#pointersMs, () => this.#refresh());
  }

  #tick(): void {
    if (this.#hasLeft) return;
    this.#after(this.#stabiliseMs, () => this.#tick());
    this.#merging.round();
    this.#vouching.round();
    if (this.#standing.see(this.#phaseSeen)) this.#tellPhase();
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
    const known = [...successors, predecessor, ...this.#routing.known, ...knowledge.known];
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
    const known = [...successors, ...this.#routing.known, ...this.#merging.knowledge.known];
    return known.filter((one) => !this.#suspects.has(one));
  }

  /** A peer at this address does not answer. */
  #lose(address: Address): void {
    const { neighbours } = this.#ring;
    const gone = [...neighbours.successors, ...neighbours.branch.values(), ...this.#routing.known];
    if (neighbours.predecessor !== undefined) gone.push(neighbours.predecessor);
    gone.push(...this.#merging.knowledge.known);
    const found = gone.find((one) => one.address === address);
    if (address === this.#init.self.address) return;
    this.#suspects.add({ address });
    if (found === undefined) return;
    this.#misses = 0;
    this.#routing.forget(found);
    this.#merging.knowledge.lose(found);
    this.#ring.lose(found);
  }

  /** It is not asked any more whether it is back. What came in its place may stand in another ring. */
  #replace({ address, by }: Replaced): void {
    this.#lose(address);
    const { knowledge } = this.#merging;
    const gone = knowledge.lostAt(address);
    if (gone !== undefined) knowledge.forget(gone.id);
    if (by !== undefined && this.#ring.neighbours.successor !== undefined) this.#merging.detect(by);
  }

  get #phaseSeen(): Phase {
    return phaseOf({ ...this.#ring.signs, isSuccessorLate: this.#misses > 0 });
  }

  #tellPhase(): void {
    this.#context.provides.ring.emit.phase({ phase: this.#standing.phase });
  }

  #moved(): void {
    // What is worse is told before those above hear of the place.
    if (this.#standing.seeBetween(this.#phaseSeen)) this.#tellPhase();
    this.#routing.moved(this.#place());
    this.#context.provides.ring.emit.moved(this.#place());
  }

  #place(): Place {
    const { self, predecessor, successor } = this.#ring.neighbours;
    return { self, predecessor, successor };
  }

  #surroundings(): Surroundings {
    const isHeard = (one: Contact): boolean => !this.#suspects.has(one);
    const { successors, branch } = this.#ring.neighbours;
    return {
      place: this.#place(),
      successors: successors.filter(isHeard),
      pointers: this.#routing.known.filter(isHeard),
      branch: [...branch.values()].filter(isHeard),
    };
  }

  #send(to: Address, message: RingMessage): void {
    if (!this.#hasLeft) this.#context.requires.network.emit.send({ to, message });
  }

  #after(delayMs: number, run: () => void) {
    return this.#init.world.timer.after(delayMs, this.#context.ref(run));
  }
}
