import { keyOfBytes } from '../src/base/index.ts';
import { component, type Ref } from '../src/component/index.ts';
import {
  type Arity,
  type Contact,
  type Found,
  isBetween,
  type Manner,
  type Phase,
  type Place,
  Ring,
  type RingMessage,
  RingPeer,
  ringProtocol,
  type Surroundings,
} from '../src/ring/index.ts';
import { type Life, type SimulatedHost, Universe } from '../src/world/simulated/index.ts';

interface Resident {
  readonly host: SimulatedHost;
  self: Contact;
  place: Place | undefined;
  phase: Phase;
  find: Ref<Answer> | undefined;
  survey: Ref<(surroundings: Surroundings) => void> | undefined;
  setArity: ((arity: Arity) => void) | undefined;
  setPeersEstimated: ((peers: number) => void) | undefined;
  /** What it says instead of passing a message on to its ring: a peer that lies, or swallows. */
  lie: ((message: RingMessage) => readonly RingMessage[] | undefined) | undefined;
}

interface Answer {
  readonly key: string;
  readonly manner: Manner;
  readonly done: (found: Found) => void;
}

/** Stands between the network and a ring peer, and lets everything pass but what its resident has other answers for. */
const Mouth = component('mouth', {
  provides: { inside: ringProtocol.port },
  requires: { outside: ringProtocol.port },
  setup: ({ provides: { inside }, requires: { outside } }, resident: Resident) => {
    inside.on.send((message) => outside.emit.send(message));
    outside.on.received(({ from, message }) => {
      const lies = resident.lie?.(message);
      if (lies === undefined) return inside.emit.received({ from, message });
      for (const lie of lies) outside.emit.send({ to: from, message: lie });
    });
  },
});

/** Hears where its peer stands, and looks keys up for the test. */
const Resident = component('resident', {
  requires: { ring: Ring },
  setup: ({ requires: { ring }, ref }, resident: Resident) => {
    ring.on.moved((place) => {
      resident.place = place;
    });
    ring.on.phase(({ phase }) => {
      resident.phase = phase;
    });
    resident.find = ref(({ key, manner, done }: Answer) => ring.emit.find({ key, manner, reply: ref(done) }));
    resident.survey = ref((done: (surroundings: Surroundings) => void) => ring.emit.survey({ reply: ref(done) }));
  },
});

/** Peers of one or several rings in a simulated world, and what must be true of them. */
export class RingTown {
  readonly universe: Universe;
  readonly residents: Resident[] = [];

  constructor(seed: number) {
    this.universe = new Universe({ seed });
  }

  get alive(): readonly Resident[] {
    return this.residents.filter(({ host }) => host.isRunning);
  }

  /**
   * Adds a peer at a random place, which joins through `contact`; a ring of its own where there is none. `prepare` is
   * called before it starts.
   */
  add(contact: SimulatedHost | undefined, prepare: (resident: Resident) => void = () => undefined): Resident {
    const name = `p${this.residents.length}`;
    const id = keyOfBytes(Uint8Array.from({ length: 8 }, () => this.universe.random.below(256)));
    const host = this.universe.addHost(name, (life) => this.#boot(resident, life, contact));
    const self = { id, address: host.address };
    const resident: Resident = {
      host,
      self,
      place: undefined,
      phase: 'gas',
      find: undefined,
      survey: undefined,
      setArity: undefined,
      setPeersEstimated: undefined,
      lie: undefined,
    };
    this.residents.push(resident);
    prepare(resident);
    host.start();
    return resident;
  }

  /** A ring of so many peers, which join one after the other, each through any of the others. */
  grow(count: number, pauseMs = 20): void {
    for (let i = 0; i < count; i++) {
      this.add(this.alive.length === 0 ? undefined : this.universe.random.pick(this.alive).host);
      this.universe.runFor(pauseMs);
    }
  }

  /** The same for one that can talk to each of the others with this probability, but always to its successor. */
  addBadlyConnected(connectivity: number): void {
    const others = this.inOrder();
    const { random, network } = this.universe;
    const contact = random.pick(others);
    this.add(contact.host, ({ host, self }) => {
      const successor = others.find((other) => other.self.id > self.id) ?? others[0];
      for (const other of others) {
        if (other !== contact && other !== successor && !random.chance(connectivity)) network.cut(host, other.host);
      }
    });
  }

  find(from: Resident, key: string, done: (found: Found) => void, manner: Manner = 'recursive'): void {
    from.find!.tell({ key, manner, done });
  }

  /** Those alive, in the order of their places. */
  inOrder(): Resident[] {
    return [...this.alive].sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
  }

  /** Whose successor is not the next peer that lives. */
  misplaced(): string[] {
    const order = this.inOrder();
    return order.flatMap(({ host, place }, i) => {
      const next = order[(i + 1) % order.length]!.self;
      const seen = place?.successor?.id;
      return seen === next.id
        ? []
        : [`${host.name} takes ${place?.successor?.address} for its successor, not ${next.address}`];
    });
  }

  /** Those whose successor is not the next peer that lives, because they cannot reach that one: they hang on branches. */
  branches(): Resident[] {
    const order = this.inOrder();
    return order.filter(({ place }, i) => place?.successor?.id !== order[(i + 1) % order.length]!.self.id);
  }

  /** Pairs of peers that live and hold some key both: the keys behind the predecessor, up to the own place. */
  overlaps(): number {
    const placed = this.inOrder().filter(({ place }) => place?.predecessor !== undefined);
    return placed.filter(({ self }, i) => {
      const next = placed[(i + 1) % placed.length]!;
      return next.self.id !== self.id && isBetween(next.place!.predecessor!.id, self.id, next.self.id);
    }).length;
  }

  #boot(resident: Resident, { system, platform }: Life, contact: SimulatedHost | undefined): void {
    const root = component('root', {
      setup: (context) => {
        const transport = context.create(platform.transport({ ring: ringProtocol }));
        const init = { world: platform.world, self: resident.self, contact: contact?.address, periods: undefined };
        const peer = context.create(RingPeer, init);
        const own = context.create(Resident, resident);
        const mouth = context.create(Mouth, resident);
        context.connect(transport.provides.ring, mouth.requires.outside);
        context.connect(mouth.provides.inside, peer.requires.network);
        context.connect(transport.provides.links, peer.requires.links);
        context.connect(peer.provides.ring, own.requires.ring);
        resident.setPeersEstimated = (peers) => void peer.attributes.peersEstimated.set(peers);
        resident.setArity = (arity) => void peer.attributes.arity.set(arity);
      },
    });
    system.create(root).start();
  }
}
