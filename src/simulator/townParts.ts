import type { Bytes, Key } from '../base/index.ts';
import { component, type Ref } from '../component/index.ts';
import {
  Aggregator,
  type AverageView,
  averageProtocol,
  type Estimate,
  type Figures,
  Sampler,
  samplingProtocol,
} from '../gossip/index.ts';
import { type Delivered, type Gathered, GroupPeer, groupProtocol, type Message } from '../groups/index.ts';
import {
  type Contact,
  type Found,
  Ring,
  type RingMessage,
  type RingView,
  ringProtocol,
  seatProtocol,
} from '../ring/index.ts';
import { Links, type Protocol, type World } from '../world/index.ts';
import { ringAverageEveryMs, ringShuffleEveryMs } from './limits.ts';

/** The ways into one life of a peer: those of a part that its town does not have are not there. */
export interface PeerWays {
  readonly find: Ref<{ readonly key: Key; readonly done: (found: Found) => void }>;
  readonly meet: Ref<Contact>;
  readonly leave?: Ref<void>;
  readonly take?: Ref<{ readonly id: Key; readonly contact: string | undefined }>;
  readonly giveUp?: Ref<Key>;
  readonly gossip?: GossipWays;
  readonly group?: GroupWays;
}

export interface GossipWays {
  readonly report: Ref<Figures>;
  readonly introduce: Ref<readonly Contact[]>;
}

export interface GroupWays {
  readonly tell: Ref<Message>;
  readonly ask: Ref<Message & { readonly done: (gathered: Gathered) => void }>;
}

/** What is seen of one life of a peer by whoever checks it. */
export interface Witness {
  /** It hears something; where it has seats the one at this address does. */
  heard(address: string, message: RingMessage): void;
  shows(view: RingView): void;
  moved(address: string): void;
  /** It did not get the place, and should try another. */
  outOfReach(id: Key, near: Contact | undefined): void;
  /** It holds averages; what is returned is called when they may have changed. */
  holdsAverages(view: AverageView): (by: 'message' | 'cycle') => void;
  estimated(estimate: Estimate): void;
  /** It was asked to pass this on. */
  spreads(payload: Bytes): void;
  delivered(delivered: Delivered): void;
}

/** The protocols of a town. A peer that has no part for one of them does not hear what comes. */
export function protocolsOf(witness: Witness, { address }: Contact) {
  return {
    ring: overheard(ringProtocol, (message) => witness.heard(address, message)),
    seats: seatProtocol,
    sampling: samplingProtocol,
    averages: averageProtocol,
    groups: groupProtocol,
  };
}

interface GossipInit {
  readonly world: World;
  readonly self: Contact;
  readonly isFirst: boolean;
  readonly witness: Witness;
  readonly hand: (ways: GossipWays) => void;
}

/** What a peer gossips: who else there is, and averages over all. */
export const GossipPart = component('gossip', {
  requires: { sampling: samplingProtocol.port, averages: averageProtocol.port, links: Links },
  setup: (context, { world, self, isFirst, witness, hand }: GossipInit) => {
    const { create, connect, attach, ref } = context;
    const sampler = create(Sampler, { world, self, everyMs: ringShuffleEveryMs });
    const show = (view: AverageView) => witness.holdsAverages(view);
    const aggregator = create(Aggregator, { world, isFirst, everyMs: ringAverageEveryMs, show });
    connect(context.inner.requires.sampling, sampler.requires.network);
    connect(context.inner.requires.links, sampler.requires.links);
    connect(context.inner.requires.averages, aggregator.requires.network);
    connect(sampler.provides.sampling, aggregator.requires.sampling);
    const sampling = attach(sampler.provides.sampling);
    const aggregates = attach(aggregator.provides.aggregates);
    aggregates.on.estimated((estimate) => witness.estimated(estimate));
    hand({
      report: ref((figures) => aggregates.emit.report(figures)),
      introduce: ref((peers) => sampling.emit.introduce({ peers })),
    });
  },
});

interface GroupInit {
  readonly world: World;
  readonly self: Contact;
  readonly witness: Witness;
  readonly hand: (ways: GroupWays) => void;
}

/** What a peer says to all, and hears. */
export const GroupPart = component('group', {
  requires: { ring: Ring, groups: groupProtocol.port, links: Links },
  setup: (context, { world, self, witness, hand }: GroupInit) => {
    const { create, connect, attach, ref } = context;
    const peer = create(GroupPeer, { world, address: self.address });
    connect(context.inner.requires.ring, peer.requires.ring);
    connect(context.inner.requires.groups, peer.requires.network);
    connect(context.inner.requires.links, peer.requires.links);
    const groups = attach(peer.provides.groups);
    context.requires.groups.on.received(({ message }) => {
      if (message.kind === 'spread') witness.spreads(message.payload);
    });
    groups.on.delivered((delivered) => witness.delivered(delivered));
    hand({
      tell: ref((message) => groups.emit.tell(message)),
      ask: ref(({ done, ...message }) => groups.emit.ask({ ...message, reply: ref(done) })),
    });
  },
});

/** A protocol with somebody who sees what a peer hears. */
function overheard<M>(protocol: Protocol<M>, hears: (message: M) => void): Protocol<M> {
  const { schema } = protocol;
  const read: typeof schema.read = (reader) => {
    const message = schema.read(reader);
    hears(message);
    return message;
  };
  return { ...protocol, schema: { ...schema, read } };
}
