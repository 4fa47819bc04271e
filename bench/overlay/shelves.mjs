import { Balancer, Burden, balanceProtocol } from '../../dist/balance/index.js';
import { bytesOfKey, keyOfBytes } from '../../dist/base/index.js';
import { component } from '../../dist/component/index.js';
import {
  Aggregates,
  Aggregator,
  averageProtocol,
  Sampler,
  Sampling,
  samplingProtocol,
} from '../../dist/gossip/index.js';
import { Links } from '../../dist/world/index.js';
import { Universe } from '../../dist/world/simulated/index.js';

const moveMs = 200;

/** All items in their order, and the peers in theirs: who moves data in this experiment. Numbers below 2^32 stand for keys. */
export class Shelves {
  /** Peers in the order of their places; each carries what lies behind the one before it, up to its own place. */
  order = [];
  #items;
  movedItems = 0;
  moves = 0;

  constructor(items) {
    this.#items = Float64Array.from(items).sort();
  }

  get count() {
    return this.#items.length;
  }

  place(peer, at) {
    peer.at = at;
    this.order.push(peer);
    this.order.sort((a, b) => a.at - b.at);
  }

  #indexOf(peer) {
    return this.order.indexOf(peer);
  }

  behind(peer) {
    return this.order[(this.#indexOf(peer) + 1) % this.order.length];
  }

  before(peer) {
    return this.order.at(this.#indexOf(peer) - 1);
  }

  /** How many items lie at or before a number. */
  #rank(number) {
    let [low, high] = [0, this.#items.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#items[middle] <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  load(peer) {
    const [to, from] = [this.#rank(peer.at), this.#rank(this.before(peer).at)];
    return to > from || this.order.length === 1 ? to - from : to === from ? 0 : to + this.#items.length - from;
  }

  /** The number at which a peer's first so many items end. */
  #cut(peer, amount) {
    const from = this.#rank(this.before(peer).at);
    return this.#items[(from + Math.max(1, Math.round(amount)) - 1) % this.#items.length];
  }

  /** The border between two neighbours moves, so that about so many items change hands. */
  slide(giver, taker, amount) {
    const wanted = Math.min(Math.round(amount), this.load(giver) - 1);
    if (wanted < 1) return false;
    if (this.before(giver) === taker) taker.at = this.#cut(giver, wanted);
    else if (this.behind(giver) === taker) giver.at = this.#cut(giver, this.load(giver) - wanted);
    else return false;
    return this.#count(wanted);
  }

  /** The lighter leaves all to the one behind it, and stands before the heavier with so many of its items. */
  jump(light, heavy, amount) {
    const wanted = Math.min(Math.round(amount), this.load(heavy) - 1);
    if (wanted < 1 || this.behind(light) === heavy || this.before(light) === heavy) return false;
    const left = this.load(light);
    light.at = this.#cut(heavy, wanted);
    this.order.sort((a, b) => a.at - b.at);
    return this.#count(wanted + left);
  }

  #count(moved) {
    this.movedItems += moved;
    this.moves++;
    return true;
  }
}

/** What holds one peer's items, as the policy sees it. */
const Shelf = component('shelf', {
  provides: { burden: Burden },
  setup: ({ provides: { burden }, ref, onStart }, { town, peer, world }) => {
    const say = () => burden.emit.carried({ load: town.shelves.load(peer), behind: town.shelves.behind(peer).self });
    peer.say = ref(say);
    const done = ref(burden.emit.moved);
    const end = (isDone, around) => {
      for (const one of around) one.say.tell();
      world.timer.after(
        moveMs,
        ref(() => done.tell({ isDone })),
      );
    };
    burden.on.slide(({ to, amount }) => {
      const other = town.peerAt(to);
      end(town.shelves.slide(peer, other, amount), [peer, other]);
    });
    burden.on.jump(({ from, amount }) => {
      const other = town.peerAt(from);
      const [before, behind] = [town.shelves.before(peer), town.shelves.behind(peer)];
      const isDone = town.shelves.jump(peer, other, amount);
      end(isDone, [before, behind, peer, other, town.shelves.before(peer)]);
    });
    onStart(say);
  },
});

const Introducer = component('introducer', {
  requires: { sampling: Sampling, aggregates: Aggregates },
  setup: ({ requires: { sampling, aggregates }, ref, onStart }, peer) => {
    onStart(() => sampling.emit.introduce({ peers: peer.known }));
    aggregates.on.estimated((estimate) => {
      if (estimate.isSettled) peer.settled = estimate;
    });
    peer.report = ref(aggregates.emit.report);
  },
});

const Root = component('root', {
  setup: ({ create, connect }, { platform, peer, town, knowsMean, everyMs }) => {
    const { world } = platform;
    const { self } = peer;
    const carried = { sampling: samplingProtocol, averages: averageProtocol, balance: balanceProtocol };
    const { provides: wire } = create(platform.transport(carried));
    const sampler = create(Sampler, { world, self, everyMs: 5_000 });
    const aggregator = create(Aggregator, { world, isFirst: true, everyMs: undefined });
    const shelf = create(Shelf, { town, peer, world });
    const balancer = create(Balancer, { world, self, everyMs, knowsMean });
    const introducer = create(Introducer, peer);
    connect(wire.sampling, sampler.requires.network);
    connect(wire.links, sampler.requires.links);
    connect(wire.averages, aggregator.requires.network);
    connect(wire.balance, balancer.requires.network);
    connect(shelf.provides.burden, balancer.requires.burden);
    for (const { requires } of [aggregator, balancer, introducer]) {
      connect(sampler.provides.sampling, requires.sampling);
    }
    for (const { requires } of [balancer, introducer]) connect(aggregator.provides.aggregates, requires.aggregates);
    connect(wire.links, create(SystemOf).requires.links);
  },
});

/** All peers belong to one system: the protocol of balance passes only within one. */

const SystemOf = component('system', {
  requires: { links: Links },
  setup: ({ requires: { links }, onStart }) => onStart(() => links.emit.setSystem({ systemId: '00000000000000aa' })),
});

/** Peers at random places that carry items and balance them. */
export class ShelfTown {
  universe;
  shelves;
  all = [];
  #byAddress = new Map();

  constructor({ seed, count, items, knowsMean, everyMs }) {
    this.universe = new Universe({ seed });
    this.shelves = new Shelves(items(this.universe.random));
    const { random } = this.universe;
    for (let i = 0; i < count; i++) {
      const peer = { self: undefined, host: undefined, known: [] };
      peer.host = this.universe.addHost(`p${i}`, ({ system, platform }) =>
        system.create(Root, { platform, peer, town: this, knowsMean, everyMs }).start(),
      );
      const id = keyOfBytes(Uint8Array.from({ length: 8 }, () => random.below(256)));
      peer.self = { id, address: peer.host.address };
      this.shelves.place(peer, bytesOfKey(id).reduce((sum, byte) => sum * 256 + byte, 0) / 2 ** 32);
      this.all.push(peer);
      this.#byAddress.set(peer.self.address, peer);
    }
    for (const peer of this.all) peer.known = Array.from({ length: 20 }, () => random.pick(this.all).self);
    for (const { host } of this.all) host.start();
  }

  peerAt({ address }) {
    return this.#byAddress.get(address);
  }

  /** What gossip is told: the loads as they are. */
  report() {
    for (const peer of this.all) peer.report.tell({ gap: 1 / this.all.length, load: this.shelves.load(peer) });
  }

  loads() {
    return this.all.map((peer) => this.shelves.load(peer));
  }
}
