import { expect, test } from 'vitest';
import { RingTown } from '../../test/ringTown.ts';
import type { Found } from './index.ts';

/** Looks up places of peers that live: how many were found at their holders, and over how many hops at most. */
function lookUp(town: RingTown, count: number): { right: number; hopsMost: number } {
  const { random } = town.universe;
  const result = { right: 0, hopsMost: 0 };
  for (let i = 0; i < count; i++) {
    const { self } = random.pick(town.alive);
    town.find(random.pick(town.alive), self.id, (found: Found) => {
      if (found.kind !== 'found' || found.owner.id !== self.id) return;
      result.right++;
      result.hopsMost = Math.max(result.hopsMost, found.hops);
    });
  }
  town.universe.runFor(3_000);
  return result;
}

function estimate(town: RingTown, peers: number): void {
  for (const { setPeersEstimated } of town.alive) setPeersEstimated!(peers);
}

test('few peers know all each other, so that every key is one hop away', () => {
  const town = new RingTown(12);
  town.grow(80);
  estimate(town, 80);
  town.universe.runFor(15_000);
  expect(lookUp(town, 200)).toEqual({ right: 200, hopsMost: 1 });
});

test('news of who comes and who leaves reach everybody, and views stay right', () => {
  const town = new RingTown(13);
  town.grow(40);
  estimate(town, 40);
  town.universe.runFor(15_000);
  const { random } = town.universe;
  for (let i = 0; i < 12; i++) {
    random.pick(town.alive).host.crash();
    town.add(random.pick(town.alive).host).setPeersEstimated!(40);
    town.universe.runFor(3_000);
  }
  // What peers that crashed took with them is found by comparing.
  town.universe.runFor(900_000);
  expect(lookUp(town, 200)).toEqual({ right: 200, hopsMost: 1 });
});

test('from pointers to full views and back no lookup is lost', () => {
  const town = new RingTown(14);
  town.grow(40);
  town.universe.runFor(10_000);
  for (const peers of [40, 20_000, 40, 0]) {
    estimate(town, peers);
    for (let i = 0; i < 12; i++) expect(lookUp(town, 40).right).toBe(40);
  }
});
