import { keyOfBytes } from '../../dist/base/index.js';
import { component } from '../../dist/component/index.js';
import { Ring, RingPeer, ringProtocol } from '../../dist/ring/index.js';
import { Universe } from '../../dist/world/simulated/index.js';

/** Hears where its peer stands, and looks keys up. */
const Resident = component('resident', {
  requires: { ring: Ring },
  setup: ({ requires: { ring }, ref }, resident) => {
    ring.on.moved((place) => {
      resident.place = place;
    });
    resident.find = ref(({ key, done }) => ring.emit.find({ key, reply: ref(done) }));
  },
});

/** What runs on every host: made once, so that all hosts run the same code. */
const Root = component('root', {
  setup: (context, { platform, resident, contact, periods }) => {
    const transport = context.create(platform.transport({ ring: ringProtocol }));
    const init = { world: platform.world, self: resident.self, contact, periods };
    const peer = context.create(RingPeer, init);
    const own = context.create(Resident, resident);
    context.connect(transport.provides.ring, peer.requires.network);
    context.connect(transport.provides.links, peer.requires.links);
    context.connect(peer.provides.ring, own.requires.ring);
  },
});

/** A ring of simulated peers that grows. */
export class Town {
  universe;
  residents = [];
  #periods;

  constructor(seed, periods) {
    this.universe = new Universe({ seed });
    this.#periods = periods;
  }

  get random() {
    return this.universe.random;
  }

  add(contact) {
    const name = `p${this.residents.length}`;
    const id = keyOfBytes(Uint8Array.from({ length: 8 }, () => this.random.below(256)));
    const resident = { self: undefined, place: undefined, find: undefined, host: undefined };
    const periods = this.#periods;
    resident.host = this.universe.addHost(name, ({ system, platform }) =>
      system.create(Root, { platform, resident, contact, periods }).start(),
    );
    resident.self = { id, address: resident.host.address };
    this.residents.push(resident);
    resident.host.start();
    return resident;
  }

  /** Peers that are not where they belong: their successor is not the next one on the ring. */
  misplaced() {
    const order = [...this.residents].sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
    return order.filter(({ place }, i) => place?.successor?.id !== order[(i + 1) % order.length].self.id).length;
  }

  /** Looks up random keys from random peers: how many were found at their holders, and over how many hops. */
  lookups(count, patienceMs) {
    const order = [...this.residents].sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
    const holderOf = (key) => {
      let [low, high] = [0, order.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (order[middle].self.id < key) low = middle + 1;
        else high = middle;
      }
      return (order[low] ?? order[0]).self.id;
    };
    let right = 0;
    let hops = 0;
    let hopsMost = 0;
    for (let i = 0; i < count; i++) {
      const key = keyOfBytes(Uint8Array.from({ length: 8 }, () => this.random.below(256)));
      const done = (found) => {
        if (found.kind !== 'found' || found.owner.id !== holderOf(key)) return;
        right++;
        hops += found.hops;
        hopsMost = Math.max(hopsMost, found.hops);
      };
      this.random.pick(this.residents).find.tell({ key, done });
    }
    this.universe.runFor(patienceMs);
    return { right, hops: hops / right, hopsMost };
  }
}
