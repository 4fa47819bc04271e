import { expect, test } from 'vitest';
import { type Gossiper, GossipTown } from '../../test/gossipTown.ts';
import { gapBetween } from './figures.ts';
import { roundTripMs } from './vivaldi.ts';

/** Everybody reports the gap before it, and a load. */
function report(town: GossipTown, loadOf: (gossiper: Gossiper, i: number) => number): void {
  const order = [...town.alive].sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
  for (const [i, one] of order.entries()) {
    const before = order.at(i - 1)!.self.id;
    one.report!.tell({ gap: gapBetween(before, one.self.id), load: loadOf(one, i) });
  }
}

const last = (gossiper: Gossiper) => gossiper.estimates.filter(({ isSettled }) => isSettled).at(-1)!;

test('samples fill up, are different, and forget who died', () => {
  const town = new GossipTown(1);
  town.grow(100);
  town.universe.runFor(30_000);
  for (const { sample, self } of town.all) {
    expect(sample.length).toBeGreaterThan(14);
    expect(new Set(sample.map(({ id }) => id)).size).toBe(sample.length);
    expect(sample.map(({ id }) => id)).not.toContain(self.id);
  }
  const known = new Map<string, number>();
  for (const { sample } of town.all) for (const { id } of sample) known.set(id, (known.get(id) ?? 0) + 1);
  expect(known.size).toBe(100);
  expect(Math.max(...known.values())).toBeLessThan(50);

  for (const { host } of town.all.slice(0, 50)) host.crash();
  town.universe.runFor(60_000);
  const dead = new Set(town.all.slice(0, 50).map(({ self }) => self.id));
  for (const { sample } of town.alive) {
    expect(sample.filter(({ id }) => dead.has(id))).toEqual([]);
    expect(sample.length).toBeGreaterThan(10);
  }
  expect(town.universe.faults).toEqual([]);
});

test('everybody knows how many peers there are, and what they carry: mean, deviation, extremes, classes', () => {
  const town = new GossipTown(2);
  town.grow(200);
  report(town, (_, i) => i);
  town.universe.runFor(70_000);
  const squares = Array.from({ length: 200 }, (_, i) => (i - 99.5) ** 2);
  const deviation = Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / 200);
  for (const gossiper of town.all) {
    const { peers, load } = last(gossiper);
    expect(peers / 200).toBeCloseTo(1, 2);
    expect(load.mean / 99.5).toBeCloseTo(1, 2);
    expect(load.deviation / deviation).toBeCloseTo(1, 2);
    expect([load.least, load.most]).toEqual([0, 199]);
    // One peer carries 0, three carry 1 to 3, twelve carry 4 to 15, and so on.
    for (const [i, part] of [1, 3, 12, 48, 136].entries()) expect(load.histogram[i]! * 200).toBeCloseTo(part, 0);
  }
});

test('half of the peers die, and behind the next epoch the others know how many are left', () => {
  const town = new GossipTown(3);
  town.grow(200);
  report(town, () => 1);
  town.universe.runFor(40_000);
  for (const { host } of town.all.slice(0, 100)) host.crash();
  report(town, () => 1);
  town.universe.runFor(75_000);
  for (const gossiper of town.alive) expect(last(gossiper).peers / 100).toBeCloseTo(1, 1);
});

test('whoever comes in the middle of an epoch takes part from the next one on', () => {
  const town = new GossipTown(4);
  town.grow(50);
  report(town, () => 10);
  town.universe.runFor(45_000);
  const [late] = [town.add([town.all[0]!.self])];
  town.universe.runFor(10_000);
  expect(late.estimates).toEqual([]);
  report(town, () => 10);
  town.universe.runFor(70_000);
  expect(last(late).peers / 51).toBeCloseTo(1, 2);
});

test('no mass is lost where frames are: the mean stays what it was (GOS-1)', () => {
  const town = new GossipTown(5, { lossProbability: 0.1, duplicateProbability: 0.05, tailMs: 50 });
  town.grow(100);
  report(town, (_, i) => (i === 0 ? 1_000_000 : 0));
  // Where one frame in ten is lost some see an epoch settle only the third time.
  town.universe.runFor(150_000);
  // One peer holds everything: whatever it gave away and was not heard of would be missing in the mean.
  for (const gossiper of town.all) expect(last(gossiper).load.mean / 10_000).toBeCloseTo(1, 1);
});

test('peers find those who stand next to them on the ring, from nothing but a contact each', () => {
  const town = new GossipTown(6);
  town.grow(150);
  town.universe.runFor(30_000);
  const order = [...town.all].sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
  for (const [i, { arrived }] of order.entries()) {
    expect(arrived?.behind[0]?.id).toBe(order[(i + 1) % 150]!.self.id);
    expect(arrived?.before[0]?.id).toBe(order.at(i - 1)!.self.id);
  }
});

test('coordinates foretell round trips that were never measured', () => {
  const places = Array.from({ length: 60 }, (_, i) => ({ x: (i % 10) * 20, y: Math.floor(i / 10) * 20 }));
  const wayMs = (a: number, b: number): number => {
    const [from, to] = [places[a]!, places[b]!];
    return (Math.hypot(from.x - to.x, from.y - to.y) + 10) / 2;
  };
  const town = new GossipTown(7, { latency: (from, to) => wayMs(from.index, to.index) });
  town.grow(60);
  town.universe.runFor(240_000);
  const errors: number[] = [];
  for (const [i, one] of town.all.entries()) {
    for (const [j, other] of town.all.entries()) {
      if (i === j) continue;
      const foretoldMs = roundTripMs(one.located!.coordinate, other.located!.coordinate);
      errors.push(Math.abs(foretoldMs - 2 * wayMs(i, j)) / (2 * wayMs(i, j)));
    }
  }
  errors.sort((a, b) => a - b);
  expect(errors[errors.length >> 1]).toBeLessThan(0.1);
});
