import { keyOfBytes } from '../src/base/index.ts';
import { component, type Ref } from '../src/component/index.ts';
import {
  Aggregates,
  Aggregator,
  Approacher,
  Approaches,
  approachProtocol,
  averageProtocol,
  Distances,
  distanceProtocol,
  type Estimate,
  type Figures,
  type Located,
  Sampler,
  Sampling,
  Surveyor,
  samplingProtocol,
} from '../src/gossip/index.ts';
import type { Contact } from '../src/ring/index.ts';
import { type Life, type NetworkConditions, type SimulatedHost, Universe } from '../src/world/simulated/index.ts';

/** What one peer knows by gossip. */
export interface Gossiper {
  readonly host: SimulatedHost;
  readonly self: Contact;
  sample: readonly Contact[];
  estimates: Estimate[];
  located: Located | undefined;
  arrived: { readonly before: readonly Contact[]; readonly behind: readonly Contact[] } | undefined;
  report: Ref<Figures> | undefined;
}

/** Hears what gossip says, and reports for the test. */
const Ears = component('ears', {
  requires: { sampling: Sampling, aggregates: Aggregates, distances: Distances, approaches: Approaches },
  setup: ({ requires: { sampling, aggregates, distances, approaches }, ref }, gossiper: Gossiper) => {
    sampling.on.sampled(({ peers }) => {
      gossiper.sample = peers;
    });
    aggregates.on.estimated((estimate) => void gossiper.estimates.push(estimate));
    distances.on.located((located) => {
      gossiper.located = located;
    });
    approaches.on.arrived((arrived) => {
      gossiper.arrived = arrived;
    });
    gossiper.report = ref(aggregates.emit.report);
  },
});

const introducer = component('introducer', {
  requires: { sampling: Sampling },
  setup: ({ requires: { sampling }, onStart }, peers: readonly Contact[]) =>
    onStart(() => sampling.emit.introduce({ peers })),
});

/** Peers that gossip in a simulated world. */
export class GossipTown {
  readonly universe: Universe;
  readonly all: Gossiper[] = [];

  constructor(seed: number, network: Partial<NetworkConditions> = {}) {
    this.universe = new Universe({ seed, network });
  }

  get alive(): readonly Gossiper[] {
    return this.all.filter(({ host }) => host.isRunning);
  }

  /** Adds a peer that knows these; the first one begins the first epoch. */
  add(known: readonly Contact[]): Gossiper {
    const { random } = this.universe;
    const id = keyOfBytes(Uint8Array.from({ length: 8 }, () => random.below(256)));
    const isFirst = this.all.length === 0;
    const host = this.universe.addHost(`p${this.all.length}`, (life) => this.#boot(life, gossiper, known, isFirst));
    const gossiper: Gossiper = {
      ...{ host, self: { id, address: host.address }, sample: [], estimates: [] },
      ...{ located: undefined, arrived: undefined, report: undefined },
    };
    this.all.push(gossiper);
    host.start();
    return gossiper;
  }

  /** So many peers, each of which knows one that was there before it. */
  grow(count: number): void {
    for (let i = 0; i < count; i++) {
      const known = this.alive.length === 0 ? [] : [this.universe.random.pick(this.alive).self];
      this.add(known);
      this.universe.runFor(5);
    }
  }

  #boot({ system, platform }: Life, gossiper: Gossiper, known: readonly Contact[], isFirst: boolean): void {
    const { world } = platform;
    const { self } = gossiper;
    const root = component('root', {
      setup: ({ create, connect }) => {
        const protocols = {
          ...{ sampling: samplingProtocol, averages: averageProtocol },
          ...{ distances: distanceProtocol, approaches: approachProtocol },
        };
        const { provides: wire } = create(platform.transport(protocols));
        const sampler = create(Sampler, { world, self, everyMs: 1_000 });
        const aggregator = create(Aggregator, { world, isFirst, everyMs: undefined });
        const surveyor = create(Surveyor, { world, everyMs: undefined });
        const approacher = create(Approacher, { world, self, everyMs: undefined });
        const ears = create(Ears, gossiper);
        connect(wire.sampling, sampler.requires.network);
        connect(wire.averages, aggregator.requires.network);
        connect(wire.distances, surveyor.requires.network);
        connect(wire.approaches, approacher.requires.network);
        for (const { requires } of [sampler, approacher]) connect(wire.links, requires.links);
        for (const { requires } of [aggregator, surveyor, approacher, ears, create(introducer, known)]) {
          connect(sampler.provides.sampling, requires.sampling);
        }
        connect(aggregator.provides.aggregates, ears.requires.aggregates);
        connect(surveyor.provides.distances, ears.requires.distances);
        connect(approacher.provides.approaches, ears.requires.approaches);
      },
    });
    system.create(root).start();
  }
}
