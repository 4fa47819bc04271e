import { describe, expect, test } from 'vitest';
import { OverlayTown } from '../../test/overlayTown.ts';

function town(seed: number, peers: number): OverlayTown {
  const made = new OverlayTown(seed);
  made.grow(peers);
  return made;
}

/** How many views each peer has shown so far. */
function marks(of: OverlayTown): Map<string, number> {
  return new Map(of.names.map((name) => [name, of.of(name).views.length]));
}

describe('a cut', () => {
  test('MEM-9: peers that crash together leave in one change of view, the same for all', () => {
    const made = town(1, 30);
    const before = marks(made);
    const crashed = ['p3', 'p11', 'p17', 'p28'];
    for (const name of crashed) made.host(name).crash();
    made.universe.runFor(10_000);
    for (const name of made.names.filter((other) => !crashed.includes(other))) {
      expect(made.deathsSeen(name, before.get(name)!)).toEqual(['', 'p11 p17 p28 p3']);
      expect(made.of(name).view!.number).toBe(1);
    }
    expect(made.universe.faults).toEqual([]);
  });

  test('an observer and its subject crash together, and neither is waited for', () => {
    const made = town(2, 5);
    for (const name of ['p1', 'p4']) made.host(name).crash();
    made.universe.runFor(8_000);
    for (const name of ['p0', 'p2', 'p3']) {
      expect(made.deadTo(name)).toEqual(['p1', 'p4']);
      expect(made.of(name).view!.number).toBe(1);
    }
  });

  test('MEM-3: who was cut out and runs begins another life, and is there again', () => {
    const made = town(3, 7);
    const { network } = made.universe;
    const lifeOf = (): number => made.of('p0').view!.peers.find(({ name }) => name === 'p6')!.life;
    const first = lifeOf();
    network.partition([[made.host('p6')], made.names.slice(0, 6).map((name) => made.host(name))]);
    made.universe.runFor(8_000);
    expect(made.deadTo('p0')).toEqual(['p6']);
    network.heal();
    made.universe.runFor(8_000);
    for (const name of made.names) expect(made.deadTo(name)).toEqual([]);
    expect(lifeOf()).not.toBe(first);
  });

  test('the side without a quorum buries the other for itself: no view is agreed on there', () => {
    const made = town(4, 5);
    const hosts = made.names.map((name) => made.host(name));
    made.universe.network.partition([hosts.slice(0, 2), hosts.slice(2)]);
    made.universe.runFor(12_000);
    expect([made.deadTo('p0'), made.of('p0').view!.number]).toEqual([['p2', 'p3', 'p4'], 0]);
    expect([made.deadTo('p4'), made.of('p4').view!.number]).toEqual([['p0', 'p1'], 1]);
    made.universe.network.heal();
    made.universe.runFor(12_000);
    for (const name of made.names) expect([made.deadTo(name), made.of(name).view!.number]).toEqual([[], 1]);
  });
});

describe('MEM-6: nobody is cut out', () => {
  test('for a stall of two seconds, whoever of twenty it is; it is suspected meanwhile, and not afterwards', () => {
    const made = town(5, 20);
    for (const name of ['p0', 'p7', 'p19']) {
      const suspected = made.of('p3').views.length;
      made.host(name).stall(2_000);
      made.universe.runFor(6_000);
      const since = made.of('p3').views.slice(suspected);
      expect(since.some(({ peers }) => peers.some((peer) => peer.name === name && peer.status === 'suspected'))).toBe(
        true,
      );
      expect(made.opinion('p3').every((opinion) => opinion.endsWith(':alive'))).toBe(true);
    }
    for (const name of made.names) expect(made.of(name).view!.number).toBe(0);
  });

  test('by the word of one that is deaf: it goes itself, though it takes all others for gone', () => {
    for (const peers of [3, 5, 20]) {
      const made = town(6, peers);
      const deaf = made.host('p1');
      for (const name of made.names) if (name !== 'p1') made.universe.network.cutOneWay(made.host(name), deaf);
      made.universe.runFor(30_000);
      for (const name of made.names) if (name !== 'p1') expect(made.deadTo(name)).toEqual(['p1']);
      expect(made.universe.faults).toEqual([]);
    }
  });

  test('because one link of it is broken', () => {
    const made = town(7, 8);
    made.universe.network.cut(made.host('p2'), made.host('p5'));
    made.universe.runFor(40_000);
    for (const name of made.names) expect(made.opinion(name).every((opinion) => opinion.endsWith(':alive'))).toBe(true);
  });
});

test('a peer that nobody hears is cut out, though it hears everybody', () => {
  const made = town(8, 6);
  for (const name of made.names) if (name !== 'p4') made.universe.network.cutOneWay(made.host('p4'), made.host(name));
  made.universe.runFor(10_000);
  for (const name of made.names) if (name !== 'p4') expect(made.deadTo(name)).toEqual(['p4']);
});

test('a crash is seen within a second', () => {
  const made = town(9, 12);
  made.host('p5').crash();
  made.universe.runFor(1_000);
  for (const name of made.names) if (name !== 'p5') expect(made.opinion(name)).toContain('p5:suspected');
});
