import type { Key } from '../base/index.ts';
import { component, type Definition } from '../component/index.ts';
import { type Contact, type Found, PeerSeats, RingPeer, type RingView } from '../ring/index.ts';
import type { Platform } from '../world/index.ts';
import { GossipPart, GroupPart, type PeerWays, protocolsOf, type Witness } from './townParts.ts';
import type { Outfit } from './townShape.ts';

/** What one life of a peer of a town begins with. */
export interface RootInit {
  readonly platform: Platform;
  readonly outfit: Outfit;
  readonly witness: Witness;
  /** Where it listens, and its place; that of its first seat where it has several. */
  readonly self: Contact;
  /** Those that may let it in; none for the first of a ring. */
  readonly contacts: readonly string[];
  readonly hand: (ways: Partial<PeerWays>) => void;
}

// biome-ignore lint/complexity/noBannedTypes: a root has no ports, which is what {} says.
type Root = Definition<{}, {}, void>;
interface Wish {
  readonly key: Key;
  readonly done: (found: Found) => void;
}

/** A peer with one place on the ring. */
export function ringRoot({ platform, outfit, witness, self, contacts, hand }: RootInit): Root {
  const { world } = platform;
  const [contact, ...others] = contacts;
  return component('root', {
    setup: ({ create, connect, attach, ref }) => {
      const { provides } = create(platform.transport(protocolsOf(witness, self)));
      const show = (view: RingView): void => witness.shows(view);
      const peer = create(RingPeer, { world, self, contact, others, periods: undefined, show });
      connect(provides.ring, peer.requires.network);
      connect(provides.links, peer.requires.links);
      const ring = attach(peer.provides.ring);
      ring.on.moved(() => witness.moved(self.address));
      ring.on.outOfReach(({ near }) => witness.outOfReach(self.id, near));
      hand({
        find: ref(({ key, done }: Wish) => ring.emit.find({ key, reply: ref(done) })),
        leave: ref(() => ring.emit.leave()),
        meet: ref((stranger) => ring.emit.meet({ stranger })),
      });
      if (outfit.hasGroups) {
        const group = create(GroupPart, { world, self, witness, hand: (ways) => hand({ group: ways }) });
        connect(peer.provides.ring, group.requires.ring);
        connect(provides.groups, group.requires.groups);
        connect(provides.links, group.requires.links);
      }
      if (!outfit.hasGossip) return;
      const isFirst = contact === undefined;
      const gossip = create(GossipPart, { world, self, isFirst, witness, hand: (ways) => hand({ gossip: ways }) });
      connect(provides.sampling, gossip.requires.sampling);
      connect(provides.averages, gossip.requires.averages);
      connect(provides.links, gossip.requires.links);
    },
  });
}

/** A peer with several seats behind one transport. */
export function seatRoot({ platform, outfit, witness, self, contacts, hand }: RootInit): Root {
  const { world, address } = platform;
  return component('root', {
    setup: ({ create, connect, attach, ref }) => {
      const { provides } = create(platform.transport(protocolsOf(witness, self)));
      const show = (view: RingView): void => witness.shows(view);
      const peer = create(PeerSeats, { world, address, periods: undefined, show });
      connect(provides.seats, peer.requires.network);
      connect(provides.links, peer.requires.links);
      // What seats of one peer say to each other is not written down on its way, so it is heard here.
      attach(provides.seats).on.received(({ message }) => {
        if (message.kind === 'say') witness.heard(message.to, message.message);
      });
      const seats = attach(peer.provides.seats);
      seats.on.holds(({ seat }) => witness.moved(seat.address));
      seats.on.refused(({ id, near }) => witness.outOfReach(id, near));
      hand({
        find: ref(({ key, done }: Wish) => seats.emit.find({ key, reply: ref(done) })),
        meet: ref((stranger) => seats.emit.meet({ stranger })),
        take: ref((wish) => seats.emit.take(wish)),
        giveUp: ref((id) => seats.emit.giveUp({ id })),
      });
      if (!outfit.hasGossip) return;
      const isFirst = contacts.length === 0;
      const gossip = create(GossipPart, { world, self, isFirst, witness, hand: (ways) => hand({ gossip: ways }) });
      connect(provides.sampling, gossip.requires.sampling);
      connect(provides.averages, gossip.requires.averages);
      connect(provides.links, gossip.requires.links);
    },
  });
}
