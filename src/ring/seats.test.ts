import { expect, test } from 'vitest';
import { contains, keyOfBytes, type Range } from '../base/index.ts';
import { component, type Ref } from '../component/index.ts';
import { type SimulatedHost, Universe } from '../world/simulated/index.ts';
import type { Contact, Found } from './index.ts';
import { PeerSeats, seatProtocol } from './index.ts';

/** One life of a peer with seats: what they hold, and the way in. */
interface Holder {
  readonly host: SimulatedHost;
  readonly held: Map<string, { readonly seat: Contact; readonly ranges: readonly Range[] }>;
  take: Ref<{ readonly id: string; readonly contact: string | undefined }>;
  giveUp: Ref<string>;
  find: Ref<{ readonly key: string; readonly done: (found: Found) => void }>;
}

class SeatTown {
  readonly universe = new Universe({ seed: 31 });
  readonly holders: Holder[] = [];

  add(): Holder {
    const holder = { held: new Map() } as unknown as Holder & { host: SimulatedHost };
    const init = { held: holder.held, hand: (ways: Partial<Holder>) => Object.assign(holder, ways) };
    holder.host = this.universe.addHost(`p${this.holders.length}`, ({ system, platform }) => {
      init.held.clear();
      const root = component('root', {
        setup: (context) => {
          const transport = context.create(platform.transport({ seats: seatProtocol }));
          const { world, address } = platform;
          const peer = context.create(PeerSeats, { world, address, periods: undefined });
          context.connect(transport.provides.seats, peer.requires.network);
          context.connect(transport.provides.links, peer.requires.links);
          const seats = context.attach(peer.provides.seats);
          seats.on.holds(({ seat, ranges }) => void init.held.set(seat.id, { seat, ranges }));
          init.hand({
            take: context.ref((wish) => seats.emit.take(wish)),
            giveUp: context.ref((id) => seats.emit.giveUp({ id })),
            find: context.ref(({ key, done }) => seats.emit.find({ key, reply: context.ref(done) })),
          });
        },
      });
      system.create(root).start();
    });
    holder.host.start();
    this.holders.push(holder);
    this.universe.runFor(10);
    return holder;
  }

  freshKey(): string {
    return keyOfBytes(Uint8Array.from({ length: 4 }, () => this.universe.random.below(256)));
  }

  /** A seat somewhere, in the ring of any other. */
  take(holder: Holder): void {
    const [contact] = this.universe.random.shuffle(this.holders.flatMap(({ held }) => [...held.values()]));
    holder.take.tell({ id: this.freshKey(), contact: contact?.seat.address });
    this.universe.runFor(300);
  }

  holdersOf(key: string): string[] {
    return this.holders
      .filter(({ host }) => host.isRunning)
      .flatMap(({ held }) => [...held.values()])
      .filter(({ ranges }) => ranges.some((range) => contains(range, key)))
      .map(({ seat }) => seat.address);
  }
}

/** A town of six peers with three seats each. */
function town(): SeatTown {
  const made = new SeatTown();
  for (let i = 0; i < 6; i++) made.add();
  for (let i = 0; i < 18; i++) made.take(made.holders[i % 6]!);
  made.universe.runFor(10_000);
  return made;
}

test('peers hold several seats behind one transport, and each key has one seat', () => {
  const { universe, holders, holdersOf, freshKey } = bound(town());
  expect(holders.map(({ held }) => held.size)).toEqual([3, 3, 3, 3, 3, 3]);
  for (let i = 0; i < 100; i++) expect(holdersOf(freshKey())).toHaveLength(1);
  const key = freshKey();
  const found: Found[] = [];
  holders[2]!.find.tell({ key, done: (one) => void found.push(one) });
  universe.runFor(3_000);
  expect(found).toMatchObject([{ kind: 'found', owner: { address: holdersOf(key)[0] } }]);
});

test('a seat is given up and another taken while the peer runs', () => {
  const made = town();
  const { universe, holders, holdersOf, freshKey } = bound(made);
  const [given] = [...holders[1]!.held.values()];
  holders[1]!.giveUp.tell(given!.seat.id);
  universe.runFor(500);
  expect(holders[1]!.held.get(given!.seat.id)!.ranges).toEqual([]);
  expect(holdersOf(given!.seat.id)).toHaveLength(1);
  made.take(holders[1]!);
  universe.runFor(5_000);
  for (let i = 0; i < 100; i++) expect(holdersOf(freshKey())).toHaveLength(1);
  expect(universe.faults).toEqual([]);
});

test('the seats of an earlier life are not taken for those of the next', () => {
  const made = town();
  const { universe, holders, holdersOf, freshKey } = bound(made);
  holders[3]!.host.crash();
  holders[3]!.host.start();
  universe.runFor(100);
  for (let i = 0; i < 3; i++) made.take(holders[3]!);
  universe.runFor(15_000);
  expect(holders[3]!.held.size).toBe(3);
  for (let i = 0; i < 100; i++) expect(holdersOf(freshKey())).toHaveLength(1);
});

test('a seat that is taken behind a link that broke before goes around it, though the link is told of once', () => {
  const made = town();
  const { universe, holders, holdersOf, freshKey } = bound(made);
  universe.network.cut(holders[0]!.host, holders[1]!.host);
  universe.runFor(20_000);
  for (let i = 0; i < 4; i++) made.take(holders[i % 2]!);
  universe.runFor(20_000);
  const found: Found[] = [];
  const keys = Array.from({ length: 40 }, freshKey);
  const reached = keys.filter((key) => !holdersOf(key)[0]!.startsWith('p1:'));
  for (const key of reached) holders[0]!.find.tell({ key, done: (one) => void found.push(one) });
  universe.runFor(12_000);
  expect(found).toHaveLength(reached.length);
  expect(found.every(({ kind }) => kind === 'found')).toBe(true);
});

test('a seat that lost everybody comes back to the ring of the other seats of its peer (RING-13)', () => {
  const made = new SeatTown();
  const [one, other] = [made.add(), made.add()];
  for (const holder of [one, other, one]) made.take(holder);
  made.universe.runFor(5_000);
  const { holdersOf, freshKey } = bound(made);
  other.host.crash();
  made.universe.runFor(15_000);
  for (let i = 0; i < 50; i++) expect(holdersOf(freshKey())).toHaveLength(1);
});

test('a seat that knew only one that is gone meets what its peer holds now, though that is another ring (RING-11)', () => {
  const made = new SeatTown();
  const [one, other] = [made.add(), made.add()];
  for (const holder of [one, other]) made.take(holder);
  made.universe.runFor(5_000);
  const { universe, holdersOf, freshKey } = bound(made);
  universe.network.cut(one.host, other.host);
  other.host.crash();
  universe.runFor(20_000);
  other.host.start();
  universe.runFor(10);
  other.take.tell({ id: freshKey(), contact: undefined });
  universe.runFor(5_000);
  expect(holdersOf(freshKey())).toHaveLength(2);
  universe.network.heal();
  universe.runFor(10_000);
  for (let i = 0; i < 50; i++) expect(holdersOf(freshKey())).toHaveLength(1);
});

function bound(made: SeatTown) {
  const { universe, holders } = made;
  return { universe, holders, holdersOf: (key: string) => made.holdersOf(key), freshKey: () => made.freshKey() };
}
