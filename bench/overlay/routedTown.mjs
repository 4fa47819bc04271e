import { keyOfBytes } from '../../dist/base/index.js';
import { component } from '../../dist/component/index.js';
import { Ring, RingPeer, ringProtocol } from '../../dist/ring/index.js';
import { Universe } from '../../dist/world/simulated/index.js';

const keyBytes = 16;

/** Keys spread evenly. */
export const uniform = (random) => keyOfBytes(Uint8Array.from({ length: keyBytes }, () => random.below(256)));

/** Keys crowded at the low end: the eighth power of a number drawn evenly from 0 to 1, in so many bytes that none collide. */
export const skewed = (random) => {
  let rest = random.fraction() ** 8;
  const bytes = Uint8Array.from({ length: keyBytes }, () => {
    rest *= 256;
    const byte = Math.floor(rest);
    rest -= byte;
    return byte;
  });
  return keyOfBytes(bytes);
};

/** Hears where its peer stands, and asks it for the experiment. */
const Resident = component('resident', {
  requires: { ring: Ring },
  setup: ({ requires: { ring }, ref }, resident) => {
    ring.on.moved((place) => {
      resident.place = place;
    });
    resident.find = ref(({ key, done, ...options }) => ring.emit.find({ key, reply: ref(done), ...options }));
    resident.survey = ref((done) => ring.emit.survey({ reply: ref(done) }));
  },
});

/** Stands between the network and a ring peer, and lets everything pass but what `resident.lie` has other answers for. */
const Mouth = component('mouth', {
  provides: { inside: ringProtocol.port },
  requires: { outside: ringProtocol.port },
  setup: ({ provides: { inside }, requires: { outside } }, resident) => {
    inside.on.send((message) => outside.emit.send(message));
    outside.on.received(({ from, message }) => {
      const lies = resident.lie?.(message);
      if (lies === undefined) return inside.emit.received({ from, message });
      for (const lie of lies) outside.emit.send({ to: from, message: lie });
    });
  },
});

/** What runs on every host: made once, so that all hosts run the same code. */
const Root = component('root', {
  setup: (context, { platform, resident, contact, periods, protocols, settle, mayLie }) => {
    const transport = context.create(platform.transport({ ring: ringProtocol, ...protocols }));
    const peer = context.create(RingPeer, { world: platform.world, self: resident.self, contact, periods });
    const own = context.create(Resident, resident);
    if (mayLie) {
      const mouth = context.create(Mouth, resident);
      context.connect(transport.provides.ring, mouth.requires.outside);
      context.connect(mouth.provides.inside, peer.requires.network);
    } else context.connect(transport.provides.ring, peer.requires.network);
    context.connect(transport.provides.links, peer.requires.links);
    context.connect(peer.provides.ring, own.requires.ring);
    resident.peer = peer;
    settle?.(context, { platform, transport, peer, resident });
  },
});

/**
 * A ring of simulated peers that grows in waves. `drawKey` places peers and chooses what is looked up; `protocols` and `settle` add
 * other components to each peer.
 */
export class RoutedTown {
  universe;
  residents = [];
  #options;

  constructor({ seed, network = {}, drawKey = uniform, periods, protocols = {}, settle, mayLie }) {
    this.universe = new Universe({ seed, network });
    this.#options = { drawKey, periods, protocols, settle, mayLie };
  }

  get random() {
    return this.universe.random;
  }

  get alive() {
    return this.residents.filter(({ host }) => host.isRunning);
  }

  drawKey() {
    return this.#options.drawKey(this.random);
  }

  add(contact) {
    const name = `p${this.residents.length}`;
    const { periods, protocols, settle, mayLie } = this.#options;
    const resident = { name, self: undefined, place: undefined, find: undefined, survey: undefined, host: undefined };
    resident.host = this.universe.addHost(name, ({ system, platform }) =>
      system.create(Root, { platform, resident, contact, periods, protocols, settle, mayLie }).start(),
    );
    resident.self = { id: this.drawKey(), address: resident.host.address };
    this.residents.push(resident);
    resident.host.start();
    return resident;
  }

  /** In each wave as many peers join as there are, through any of them, until all are there; then all stand where they belong. */
  grow(wanted) {
    if (this.residents.length === 0) this.add(undefined);
    while (this.residents.length < wanted) {
      const known = this.residents.length;
      for (let i = Math.min(known, wanted - known); i > 0; i--) {
        const contact = this.residents[this.random.below(known)].host.address;
        this.universe.after(this.random.fraction() * 2_000, () => this.add(contact));
      }
      this.universe.runFor(4_000);
    }
    for (let i = 0; i < 20 && this.misplaced() > 0; i++) this.universe.runFor(5_000);
  }

  /** Those alive, in the order of their places. */
  inOrder() {
    return this.alive.sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
  }

  /** Peers whose successor is not the next one on the ring. */
  misplaced() {
    const order = this.inOrder();
    return order.filter(({ place }, i) => place?.successor?.id !== order[(i + 1) % order.length].self.id).length;
  }

  /** Pointers of each peer, its successor among them: the mean. */
  tableSize() {
    let sum = 0;
    for (const { survey } of this.alive) survey.tell(({ pointers }) => (sum += pointers.length + 1));
    this.universe.runFor(1);
    return sum / this.alive.length;
  }

  /** Looks up keys from random peers that do not lie: how many were found at their holders, and over how many hops. */
  lookups(count, patienceMs, { manner = 'recursive', keyOf = () => this.drawKey() } = {}) {
    const order = this.inOrder();
    const askers = order.filter(({ lie }) => lie === undefined);
    const found = { right: 0, wrong: 0, hops: 0, hopsMost: 0 };
    for (let i = 0; i < count; i++) {
      const key = keyOf(askers);
      const holder = holderIn(order, key).self.id;
      const done = (answer) => {
        if (answer.kind !== 'found') return;
        if (answer.owner.id !== holder) found.wrong++;
        else found.right++;
        found.hops += answer.hops;
        found.hopsMost = Math.max(found.hopsMost, answer.hops);
      };
      this.random.pick(askers).find.tell({ key, done, manner });
    }
    this.universe.runFor(patienceMs);
    return { ...found, hops: found.hops / (found.right + found.wrong) };
  }
}

/** Who holds a key, among peers in the order of their places. */
export function holderIn(order, key) {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (order[middle].self.id < key) low = middle + 1;
    else high = middle;
  }
  return order[low] ?? order[0];
}
