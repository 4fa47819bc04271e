import { keyOfBytes } from '../src/base/index.ts';
import { component, type Ref } from '../src/component/index.ts';
import {
  type Contact,
  type Found,
  isBetween,
  type Phase,
  type Place,
  Ring,
  RingPeer,
  ringProtocol,
} from '../src/ring/index.ts';
import { type Life, type SimulatedHost, Universe } from '../src/world/simulated/index.ts';

interface Resident {
  readonly host: SimulatedHost;
  readonly self: Contact;
  place: Place | undefined;
  phase: Phase;
  find: Ref<{ readonly key: string; readonly done: (found: Found) => void }> | undefined;
}

type Answer = { readonly key: string; readonly done: (found: Found) => void };

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
    resident.find = ref(({ key, done }: Answer) => ring.emit.find({ key, reply: ref(done) }));
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
    const resident: Resident = {
      host,
      self: { id, address: host.address },
      place: undefined,
      phase: 'gas',
      find: undefined,
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

  find(from: Resident, key: string, done: (found: Found) => void): void {
    from.find!.tell({ key, done });
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
        context.connect(transport.provides.ring, peer.requires.network);
        context.connect(transport.provides.links, peer.requires.links);
        context.connect(peer.provides.ring, own.requires.ring);
      },
    });
    system.create(root).start();
  }
}
