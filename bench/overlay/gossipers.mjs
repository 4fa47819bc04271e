import { keyOfBytes } from '../../dist/base/index.js';
import { component } from '../../dist/component/index.js';
import {
  Aggregates,
  Aggregator,
  Approacher,
  Approaches,
  approachProtocol,
  averageProtocol,
  Distances,
  distanceProtocol,
  gapBetween,
  Sampler,
  Sampling,
  Surveyor,
  samplingProtocol,
} from '../../dist/gossip/index.js';
import { Universe } from '../../dist/world/simulated/index.js';

/** What gossip says to one peer, kept for the experiment. */
const Ears = component('ears', {
  requires: { aggregates: Aggregates, distances: Distances, approaches: Approaches },
  setup: ({ requires: { aggregates, distances, approaches }, ref }, peer) => {
    aggregates.on.estimated((estimate) => {
      peer.estimate = estimate;
      if (estimate.isSettled) peer.settled = estimate;
    });
    distances.on.located((located) => {
      peer.located = located;
    });
    approaches.on.arrived((arrived) => {
      peer.arrived = arrived;
    });
    peer.report = ref(aggregates.emit.report);
  },
});

const Introducer = component('introducer', {
  requires: { sampling: Sampling },
  setup: ({ requires: { sampling }, onStart }, peers) => onStart(() => sampling.emit.introduce({ peers })),
});

const protocols = {
  sampling: samplingProtocol,
  averages: averageProtocol,
  distances: distanceProtocol,
  approaches: approachProtocol,
};

/** One peer: the sampler, and of the others those that the experiment is about. */
const Root = component('root', {
  setup: ({ create, connect }, { platform, peer, known, parts, periods }) => {
    const { world } = platform;
    const { self } = peer;
    const { provides: wire } = create(platform.transport(protocols));
    const sampler = create(Sampler, { world, self, everyMs: periods.sampleMs });
    connect(wire.sampling, sampler.requires.network);
    connect(wire.links, sampler.requires.links);
    connect(sampler.provides.sampling, create(Introducer, known).requires.sampling);
    const ears = create(Ears, peer);
    const made = {
      averages: () => create(Aggregator, { world, isFirst: true, everyMs: undefined }),
      distances: () => create(Surveyor, { world, everyMs: undefined }),
      approaches: () => create(Approacher, { world, self, everyMs: undefined }),
    };
    const ports = { averages: 'aggregates', distances: 'distances', approaches: 'approaches' };
    for (const part of Object.keys(made)) {
      const isWanted = parts.includes(part);
      const { provides, requires } = isWanted ? made[part]() : create(silent[part]);
      connect(provides[ports[part]], ears.requires[ports[part]]);
      if (!isWanted) continue;
      connect(wire[part], requires.network);
      connect(sampler.provides.sampling, requires.sampling);
      if (requires.links !== undefined) connect(wire.links, requires.links);
    }
  },
});

/** Stand where a part is not wanted: every port must lead somewhere. */
const silent = {
  averages: component('no averages', { provides: { aggregates: Aggregates }, setup: () => {} }),
  distances: component('no distances', { provides: { distances: Distances }, setup: () => {} }),
  approaches: component('no approaches', { provides: { approaches: Approaches }, setup: () => {} }),
};

/** So many peers at random places that start at once, each with `contacts` others that it knows. */
export class Gossipers {
  universe;
  all = [];

  constructor({ seed, count, parts, contacts = 20, network = {}, periods = { sampleMs: 1_000 } }) {
    this.universe = new Universe({ seed, network });
    const { random } = this.universe;
    for (let i = 0; i < count; i++) this.#add(i, { parts, periods });
    for (const peer of this.all) {
      peer.known = Array.from({ length: contacts }, () => random.pick(this.all).self).filter(
        ({ id }) => id !== peer.self.id,
      );
    }
    for (const { host } of this.all) host.start();
  }

  #add(i, { parts, periods }) {
    const id = keyOfBytes(Uint8Array.from({ length: 8 }, () => this.universe.random.below(256)));
    const peer = { self: undefined, host: undefined, known: [] };
    peer.host = this.universe.addHost(`p${i}`, ({ system, platform }) =>
      system.create(Root, { platform, peer, known: peer.known, parts, periods }).start(),
    );
    peer.self = { id, address: peer.host.address };
    this.all.push(peer);
  }

  get alive() {
    return this.all.filter(({ host }) => host.isRunning);
  }

  /** Those alive in the order of their places, which is what the ring gives each to know. */
  inOrder() {
    return this.alive.sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
  }

  /** Everybody reports the gap before it. */
  reportGaps() {
    const order = this.inOrder();
    for (const [i, peer] of order.entries()) {
      peer.report.tell({ gap: gapBetween(order.at(i - 1).self.id, peer.self.id), load: 1 });
    }
  }
}
