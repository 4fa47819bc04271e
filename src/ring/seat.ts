import type { Key } from '../base/index.ts';
import { component, type Ref } from '../component/index.ts';
import { type Address, type Incoming, Links, type Outgoing, type World } from '../world/index.ts';
import type { Contact } from './contact.ts';
import type { Found } from './lookups.ts';
import { type RingMessage, ringProtocol } from './messages.ts';
import { type Replaced, RingPeer, type RingPeriods } from './ring.ts';
import type { Place, RingView } from './ringView.ts';

/** How the peer reaches one of its seats. */
export interface SeatWays {
  readonly received: Ref<Incoming<RingMessage>>;
  readonly down: Ref<{ readonly address: Address; readonly reason: string }>;
  readonly find: Ref<{ readonly key: Key; readonly reply: Ref<Found> }>;
  readonly meet: Ref<Contact>;
  readonly replaced: Ref<Replaced>;
  readonly leave: Ref<void>;
}

export interface SeatInit {
  readonly world: World;
  readonly self: Contact;
  readonly contact: Address | undefined;
  readonly periods: RingPeriods | undefined;
  /** What the seat says goes to the peer that it belongs to. */
  readonly send: Ref<Outgoing<RingMessage>>;
  readonly moved: Ref<Place>;
  readonly outOfReach: Ref<{ readonly near: Contact | undefined }>;
  readonly show: ((view: RingView) => void) | undefined;
  readonly hand: (ways: SeatWays) => void;
}

type NetworkInit = Pick<SeatInit, 'send'> & { readonly hand: (ways: Pick<SeatWays, 'received' | 'down'>) => void };

/** The network as one seat sees it: it sends to seats, and hears from seats. */
const SeatNetwork = component('seat network', {
  provides: { network: ringProtocol.port, links: Links },
  setup: ({ provides: { network, links }, ref }, { send, hand }: NetworkInit) => {
    network.on.send((outgoing) => send.tell(outgoing));
    hand({
      received: ref((incoming) => network.emit.received(incoming)),
      down: ref((link) => links.emit.down(link)),
    });
  },
});

/** One seat: a peer of a ring that shares the transport with others. */
export const Seat = component('seat', {
  setup: (context, { send, moved, outOfReach, hand, show, ...init }: SeatInit) => {
    let ways: Pick<SeatWays, 'received' | 'down'> | undefined;
    const network = context.create(SeatNetwork, {
      send,
      hand: (given) => {
        ways = given;
      },
    });
    const peer = context.create(RingPeer, { ...init, ...(show && { show }) });
    context.connect(network.provides.network, peer.requires.network);
    context.connect(network.provides.links, peer.requires.links);
    const ring = context.attach(peer.provides.ring);
    ring.on.moved((place) => moved.tell(place));
    ring.on.outOfReach((told) => outOfReach.tell(told));
    const find = context.ref((wish: { readonly key: Key; readonly reply: Ref<Found> }) => ring.emit.find(wish));
    const meet = context.ref((stranger: Contact) => ring.emit.meet({ stranger }));
    const replaced = context.ref((told: Replaced) => ring.emit.replaced(told));
    const leave = context.ref(() => ring.emit.leave());
    hand({ ...ways!, find, meet, replaced, leave });
  },
});
