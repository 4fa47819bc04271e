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
  answerMissesMax,
  arityAtFirst,
  joinRetryMs,
  pointersEveryMs,
  silentPeriods,
  stabiliseEveryMs,
} from './limits.ts';
import type { Found } from './lookups.ts';
import { type RingMessage, ringProtocol } from './messages.ts';
import type { Arity } from './pointers.ts';
import { RelaxedRing } from './relaxedRing.ts';
import { lookupOf, type Manner, Routing } from './routing.ts';
import { Suspects } from './suspects.ts';

/** Where a peer stands: it holds the keys behind its predecessor up to its own place. */
export interface Place {
  readonly self: Contact;
  readonly predecessor: Contact | undefined;
  readonly successor: Contact | undefined;
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
  },
  indications: {
    /** The place of this peer changed. */
    moved: event<Place>(),
  },
});

export interface RingInit {
  readonly world: World;
  readonly self: Contact;
  /** A peer of the ring; undefined for the first one, which is a ring by itself. */
  readonly contact: Address | undefined;
  /** How often the neighbours and the pointers are asked; undefined for `limits.ts`. Big simulations ask seldom. */
  readonly periods: { readonly stabiliseMs: number; readonly pointersMs: number } | undefined;
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
  readonly #suspects: Suspects;
  readonly #stabiliseMs: number;
  readonly #pointersMs: number;
  /** Questions to the successor, one after the other, that had no answer. */
  #misses = 0;

  constructor(context: Means, init: RingInit) {
    this.#context = context;
    this.#init = init;
    this.#stabiliseMs = init.periods?.stabiliseMs ?? stabiliseEveryMs;
    this.#pointersMs = init.periods?.pointersMs ?? pointersEveryMs;
    const nowMs = (): number => init.world.clock.monotonicMs();
    this.#suspects = new Suspects(nowMs);
    const effects = {
      send: (to: Address, message: RingMessage) => this.#send(to, message),
      nowMs,
      silentMs: this.#stabiliseMs * silentPeriods,
      moved: () => this.#moved(),
    };
    this.#ring = new RelaxedRing(init.self, this.#suspects, effects);
    const after = (delayMs: number, run: () => void) => this.#after(delayMs, run);
    const fraction = (): number => init.world.entropy.fraction();
    const ways = { send: effects.send, after, fraction, nowMs };
    this.#routing = new Routing(this.#ring, this.#suspects, context.attributes.arity, ways);
    this.#subscribe();
  }

  #subscribe(): void {
    const { provides, requires, onStart, onAttribute } = this.#context;
    provides.ring.on.survey(({ reply }) => reply.tell(this.#surroundings()));
    onAttribute('peersEstimated', (peers) => this.#routing.setPeersEstimated(peers));
    onAttribute('arity', (arity) => this.#routing.setArity(arity));
    provides.ring.on.find(({ key, manner, reply }) => this.#routing.find(key, manner ?? 'recursive', reply));
    requires.network.on.received(({ from, message }) => this.#receive(from, message));
    requires.links.on.down(({ address }) => this.#lose(address));
    onStart(() => {
      if (this.#init.contact === undefined) this.#ring.neighbours.beAlone();
      else this.#join(this.#init.contact);
      // Not all at once: who started together asks at different times.
      this.#after(this.#init.world.entropy.fraction() * this.#stabiliseMs, () => this.#tick());
      this.#after(this.#init.world.entropy.fraction() * this.#pointersMs, () => this.#refresh());
    });
  }

  /** Asks who holds the place of this peer, until it has one. */
  #join(contact: Address): void {
    const { neighbours } = this.#ring;
    if (neighbours.successor !== undefined || neighbours.predecessor !== undefined) return;
    const { self } = this.#init;
    this.#send(contact, lookupOf(self, self.id, 0, false));
    this.#after(joinRetryMs * (1 + this.#init.world.entropy.fraction()), () => this.#join(contact));
  }

  #receive(from: Address, message: RingMessage): void {
    this.#suspects.heard(from);
    if (message.kind === 'neighbours') this.#misses = 0;
    if (message.kind === 'joinOk') this.#after(0, () => this.#routing.refresh());
    if (this.#ring.receive(message, from)) return;
    if (message.kind === 'found' && message.token === 0 && message.way.length === 0)
      return this.#seekPlace(message.owner);
    if (message.kind === 'goTo') return this.#seekPlace(message.to);
    // Whoever has no successor now (`tryLater`) asks again with the next tick.
    this.#routing.receive(message, from);
  }

  #seekPlace(owner: Contact): void {
    if (this.#ring.neighbours.successor === undefined && !this.#suspects.has(owner)) this.#ring.askForPlace(owner);
  }

  #refresh(): void {
    this.#routing.refresh();
    this.#after(this.#pointersMs, () => this.#refresh());
  }

  #tick(): void {
    this.#after(this.#stabiliseMs, () => this.#tick());
    const { neighbours } = this.#ring;
    if (neighbours.successor === undefined) return this.#recover();
    if (this.#misses >= answerMissesMax) return this.#lose(neighbours.successor.address);
    if (this.#ring.stabilise() !== undefined) this.#misses++;
  }

  /** Without a successor: whoever stood behind it is asked for its place, or anybody who is known. */
  #recover(): void {
    const { successors, predecessor } = this.#ring.neighbours;
    if (predecessor === undefined) return;
    const known = [...successors, ...this.#routing.known, predecessor];
    const candidate = known.find((one) => !this.#suspects.has(one) && one.id !== this.#init.self.id);
    if (candidate !== undefined) this.#ring.askForPlace(candidate);
  }

  /** A peer at this address does not answer. */
  #lose(address: Address): void {
    const { neighbours } = this.#ring;
    const gone = [...neighbours.successors, ...neighbours.branch.values(), ...this.#routing.known];
    if (neighbours.predecessor !== undefined) gone.push(neighbours.predecessor);
    const found = gone.find((one) => one.address === address);
    if (found === undefined || address === this.#init.self.address) return;
    this.#misses = 0;
    this.#suspects.add(found);
    this.#routing.forget(found);
    this.#ring.lose(found);
  }

  #moved(): void {
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
    this.#context.requires.network.emit.send({ to, message });
  }

  #after(delayMs: number, run: () => void) {
    return this.#init.world.timer.after(delayMs, this.#context.ref(run));
  }
}
