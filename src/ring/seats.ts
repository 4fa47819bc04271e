import { type Key, keyAfter, lowestKey, type Range } from '../base/index.ts';
import { type AnyHandle, type Context, component, event, port, type Ref } from '../component/index.ts';
import { type Address, Links, type Outgoing, type World } from '../world/index.ts';
import type { Contact } from './contact.ts';
import { goodbyeMs, seatHostsMax, seatNameDigits, seatsMax, seatsMeetEveryMs } from './limits.ts';
import type { Found } from './lookups.ts';
import type { RingMessage } from './messages.ts';
import type { RingPeriods } from './ring.ts';
import type { Place, RingView } from './ringView.ts';
import { Seat, type SeatInit, type SeatWays } from './seat.ts';
import { type SeatGone, type SeatMessage, seatProtocol } from './seatMessages.ts';

/** The seats that one peer holds on a ring. What they hold is a hint, as everything that a ring says. */
export const Seats = port('seats', {
  requests: {
    /** Takes a seat at a key, in the ring of a seat whose address is known; in a ring of its own where there is none. */
    take: event<{ readonly id: Key; readonly contact: Address | undefined }>(),
    giveUp: event<{ readonly id: Key }>(),
    /** Who holds a key? Asked through any seat; lost where there is none. */
    find: event<{ readonly key: Key; readonly reply: Ref<Found> }>(),
    /** There may be another ring, and this seat in it: if so the two become one. Heard by any seat. */
    meet: event<{ readonly stranger: Contact }>(),
  },
  indications: {
    /** What a seat holds changed: one range, two where it holds the end of the keys and their beginning, none without a place. */
    holds: event<{ readonly seat: Contact; readonly ranges: readonly Range[] }>(),
    /**
     * The seat was not had, because the holder of its place is out of reach, or there are too many. Another had best be taken right before
     * `near`, which is heard.
     */
    refused: event<{ readonly id: Key; readonly near: Contact | undefined }>(),
  },
});

export interface SeatsInit {
  readonly world: World;
  /** Where the transport of this peer listens. */
  readonly address: Address;
  readonly periods: RingPeriods | undefined;
  /** Shows what each seat holds true to the checks of a simulation. Where none is there nobody looks. */
  readonly show?: (view: RingView) => void;
}

const ports = { provides: { seats: Seats }, requires: { network: seatProtocol.port, links: Links } } as const;

interface Taken {
  readonly self: Contact;
  readonly ways: SeatWays;
  readonly part: AnyHandle;
}

/** Several seats behind one transport, taken and given up while the peer runs. */
export const PeerSeats = component('seats', {
  ...ports,
  setup: (context, init: SeatsInit) => void new Hub(context, init),
});

/** The keys of a place as ranges that do not wrap: none where it holds nothing. */
export function rangesOf({ self, predecessor }: Place): readonly Range[] {
  if (predecessor === undefined) return [];
  const [from, to] = [keyAfter(predecessor.id), keyAfter(self.id)];
  if (predecessor.id < self.id) return [{ from, to }];
  return [
    { from: lowestKey, to },
    { from, to: undefined },
  ];
}

class Hub {
  readonly #context: Context<typeof ports.provides, typeof ports.requires>;
  readonly #init: SeatsInit;
  /** By their addresses: that of the peer, and a name that no other seat has, in this life or another. */
  readonly #seats = new Map<Address, Taken>();
  /** Seats of other peers that were spoken to, by the address of the peer: a broken link breaks off with all of them. */
  readonly #spokenTo = new Map<Address, Set<Address>>();
  /** Peers whose links are broken, and which seat was told so of which seat of theirs. */
  readonly #broken = new Map<Address, Set<string>>();

  constructor(context: Context<typeof ports.provides, typeof ports.requires>, init: SeatsInit) {
    this.#context = context;
    this.#init = init;
    const { seats } = context.provides;
    const { network, links } = context.requires;
    seats.on.take(({ id, contact }) => this.#take(id, contact));
    seats.on.giveUp(({ id }) => this.#giveUp(id));
    seats.on.find(({ key, reply }) => this.#find(key, reply));
    seats.on.meet(({ stranger }) => this.#any?.ways.meet.tell(stranger));
    network.on.received(({ from, message }) => this.#receive(from, message));
    links.on.down(({ address, reason }) => this.#break(address, reason));
    links.on.up(({ address }) => void this.#broken.delete(address));
    const { timer, entropy } = init.world;
    const meet = context.ref(() => {
      this.#meetEachOther();
      timer.after(seatsMeetEveryMs, meet);
    });
    context.onStart(() => void timer.after(seatsMeetEveryMs * entropy.fraction(), meet));
  }

  #take(id: Key, contact: Address | undefined): void {
    const { world, address, periods, show } = this.#init;
    const { provides, create, ref } = this.#context;
    if (this.#seats.size >= seatsMax) return provides.seats.emit.refused({ id, near: undefined });
    const name = world.entropy.hex(seatNameDigits);
    const self = { id, address: `${address}/${name}` };
    let ways: SeatWays | undefined;
    const init: SeatInit = {
      ...{ world, self, contact, periods, show },
      send: ref((outgoing) => this.#send(self.address, outgoing)),
      moved: ref((place) => {
        provides.seats.emit.holds({ seat: self, ranges: rangesOf(place) });
        if (place.successor?.id === id) this.#reunite(self);
      }),
      outOfReach: ref(({ near }) => {
        provides.seats.emit.refused({ id, near });
        this.#giveUp(id);
      }),
      hand: (given) => {
        ways = given;
      },
    };
    const part = create(Seat, init, { name: `seat-${name}` });
    this.#seats.set(self.address, { self, ways: ways!, part });
  }

  #find(key: Key, reply: Ref<Found>): void {
    if (this.#any === undefined) reply.tell({ kind: 'lost' });
    else this.#any.ways.find.tell({ key, reply });
  }

  /** A seat that lost everybody meets another one of its peer, which it can always talk to (RING-13). */
  #reunite({ address }: Contact): void {
    const other = [...this.#seats.values()].find(({ self }) => self.address !== address);
    if (other !== undefined) this.#seats.get(address)?.ways.meet.tell(other.self);
  }

  /** Some seats may have been cut off together, and all others whom they knew may be given up since: but not those of their peers. */
  #meetEachOther(): void {
    if (this.#seats.size < 2) return;
    const seats = [...this.#seats.values()];
    const at = Math.floor(this.#init.world.entropy.fraction() * seats.length);
    seats[at]!.ways.meet.tell(seats[(at + 1) % seats.length]!.self);
  }

  get #any(): Taken | undefined {
    return this.#seats.values().next().value;
  }

  /** The seat says goodbye, and is taken down when that was said. */
  #giveUp(id: Key): void {
    const seat = [...this.#seats.values()].find(({ self }) => self.id === id);
    if (seat === undefined) return;
    this.#seats.delete(seat.self.address);
    seat.ways.leave.tell();
    this.#init.world.timer.after(
      goodbyeMs,
      this.#context.ref(() => seat.part.kill()),
    );
  }

  /** The link to a peer breaks: it is told of once, but means each of its seats. */
  #break(address: Address, reason: string): void {
    const told = new Set<string>();
    for (const seat of this.#spokenTo.get(address) ?? []) {
      for (const own of this.#seats.keys()) told.add(`${own} ${seat}`);
      this.#tellDown(seat, reason);
    }
    this.#spokenTo.delete(address);
    this.#broken.delete(address);
    this.#broken.set(address, told);
    if (this.#broken.size > seatHostsMax) this.#broken.delete(this.#broken.keys().next().value!);
  }

  /** A seat behind a link that broke before anybody spoke to it. */
  #tellBroken(from: Address, to: Address): void {
    const told = this.#broken.get(hostOf(to));
    if (told === undefined || told.has(`${from} ${to}`)) return;
    told.add(`${from} ${to}`);
    this.#seats.get(from)?.ways.down.tell({ address: to, reason: 'the link to its peer is broken' });
  }

  #send(from: Address, { to, message }: Outgoing<RingMessage>): void {
    const host = hostOf(to);
    this.#tellBroken(from, to);
    let seats = this.#spokenTo.get(host);
    if (seats === undefined) {
      seats = new Set();
      this.#spokenTo.set(host, seats);
      if (this.#spokenTo.size > seatHostsMax) this.#spokenTo.delete(this.#spokenTo.keys().next().value!);
    }
    if (seats.size < seatsMax) seats.add(to);
    this.#context.requires.network.emit.send({ to: host, message: { kind: 'say', to, from, message } });
  }

  #receive(from: Address, message: SeatMessage): void {
    this.#broken.delete(from);
    if (message.kind === 'gone') return this.#tellGone(message);
    const { to, from: asker } = message;
    const seat = this.#seats.get(to);
    if (seat !== undefined) return seat.ways.received.tell({ from: asker, message: message.message });
    const gone = { kind: 'gone', seat: to, asker, instead: this.#any?.self } as const;
    this.#context.requires.network.emit.send({ to: from, message: gone });
  }

  /** All seats lose it. Whoever asked for it meets another of that peer: it may know nobody else in that ring (RING-11). */
  #tellGone({ seat, asker, instead }: SeatGone): void {
    for (const [own, { ways }] of this.#seats) {
      ways.replaced.tell({ address: seat, by: own === asker ? instead : undefined });
    }
  }

  #tellDown(address: Address, reason: string): void {
    for (const { ways } of this.#seats.values()) ways.down.tell({ address, reason });
  }
}

/** Where the transport of a seat's peer listens. */
function hostOf(seat: Address): Address {
  const end = seat.lastIndexOf('/');
  return end < 0 ? seat : seat.slice(0, end);
}
