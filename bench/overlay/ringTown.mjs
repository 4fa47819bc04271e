import { keyOfBytes } from '../../dist/base/index.js';
import { component } from '../../dist/component/index.js';
import { Ring, RingPeer, ringProtocol } from '../../dist/ring/index.js';
import { constantLatency, Universe } from '../../dist/world/simulated/index.js';

const keyBytes = 8;

/** Hears where its peer stands, and is the way in to it. */
const Resident = component('resident', {
  requires: { ring: Ring },
  setup: ({ requires: { ring }, ref }, { resident, told }) => {
    ring.on.moved((place) => {
      resident.place = place;
      told(resident);
    });
    ring.on.phase(({ phase }) => {
      resident.phase = phase;
    });
    ring.on.outOfReach(() => {
      resident.isStuck = true;
    });
    resident.meet = ref((stranger) => ring.emit.meet({ stranger }));
  },
});

/** What runs on every host: made once, so that all hosts run the same code. */
const Root = component('root', {
  setup: (context, { platform, resident, init, protocol, told }) => {
    const transport = context.create(platform.transport({ ring: protocol }));
    const peer = context.create(RingPeer, { world: platform.world, self: resident.self, ...init });
    const own = context.create(Resident, { resident, told });
    context.connect(transport.provides.ring, peer.requires.network);
    context.connect(transport.provides.links, peer.requires.links);
    context.connect(peer.provides.ring, own.requires.ring);
  },
});

/** Simulated peers of one or several rings; every message that arrives is counted by its kind. */
export class RingTown {
  universe;
  residents = [];
  /** Messages that arrived, and that were sent, by kind. */
  heard = {};
  said = {};
  #init;
  #protocol;

  constructor(seed, init) {
    this.universe = new Universe({ seed });
    this.#init = init;
    const { schema } = ringProtocol;
    const read = (reader) => {
      const message = schema.read(reader);
      this.heard[message.kind] = (this.heard[message.kind] ?? 0) + 1;
      return message;
    };
    const write = (writer, message) => {
      this.said[message.kind] = (this.said[message.kind] ?? 0) + 1;
      schema.write(writer, message);
    };
    this.#protocol = { ...ringProtocol, schema: { write, read } };
  }

  get random() {
    return this.universe.random;
  }

  /** What peers tell whenever they move. */
  onMove = () => {};

  freshKey() {
    return keyOfBytes(Uint8Array.from({ length: keyBytes }, () => this.random.below(256)));
  }

  /** A peer at a random place, which joins through the contact: the first of a ring has none. `prepare` comes before its start. */
  add(contact, id = this.freshKey(), prepare = () => {}) {
    const resident = {
      self: undefined,
      place: undefined,
      meet: undefined,
      host: undefined,
      isStuck: false,
      phase: 'gas',
    };
    resident.contact = contact?.self.address;
    const told = (one) => this.onMove(one);
    resident.host = this.universe.addHost(`p${this.residents.length}`, ({ system, platform }) =>
      system
        .create(Root, {
          ...{ platform, resident, protocol: this.#protocol, told },
          init: { ...this.#init, contact: resident.contact },
        })
        .start(),
    );
    resident.self = { id, address: resident.host.address };
    this.residents.push(resident);
    prepare(resident);
    resident.host.start();
    return resident;
  }

  /** On the host of a peer that ended another begins, at another place. */
  renew(resident, contact) {
    const { address } = resident.self;
    Object.assign(resident, { self: { id: this.freshKey(), address }, place: undefined, phase: 'gas', isStuck: false });
    resident.contact = contact.self.address;
    resident.host.start();
  }

  /** A ring of its own: in each wave as many peers join as there are, until there are `count`. */
  found(count, waveMs = 2_000) {
    const ring = [this.add(undefined)];
    while (ring.length < count) {
      const known = ring.length;
      for (let i = 0; i < known && ring.length < count; i++) {
        const id = this.freshKey();
        const contact = ring[this.random.below(known)];
        ring.push(undefined);
        const at = ring.length - 1;
        this.universe.after((i / known) * waveMs, () => {
          ring[at] = this.add(contact, id);
        });
      }
      this.universe.runFor(waveMs * 1.5);
    }
    return ring;
  }

  /** From now on every message takes exactly so long. */
  setUnit(ms) {
    this.universe.network.setConditions({ latency: constantLatency(ms) });
  }
}

/** The residents in the order of their places. */
export function inOrder(residents) {
  return [...residents].sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
}

/** Whose predecessor or successor is not the next peer. */
export function misplaced(residents) {
  const order = inOrder(residents);
  return order.filter(({ place }, i) => {
    const before = order[(i + order.length - 1) % order.length].self.id;
    const behind = order[(i + 1) % order.length].self.id;
    return place?.successor?.id !== behind || place?.predecessor?.id !== before;
  });
}
