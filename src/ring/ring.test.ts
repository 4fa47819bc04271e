import { expect, test } from 'vitest';
import { RingTown } from '../../test/ringTown.ts';
import { keyOfBytes } from '../base/index.ts';
import type { Found } from './index.ts';

test('peers that join one after the other form one ring, and no key has two holders meanwhile', () => {
  const town = new RingTown(1);
  for (let i = 0; i < 60; i++) {
    town.grow(1);
    expect(town.overlaps()).toBe(0);
  }
  town.universe.runFor(1_000);
  expect(town.misplaced()).toEqual([]);
  expect(town.universe.faults).toEqual([]);
});

test('peers that join all at once form one ring too', () => {
  const town = new RingTown(2);
  town.grow(1);
  for (let i = 0; i < 40; i++) town.add(town.residents[0]!.host);
  for (let i = 0; i < 200; i++) {
    town.universe.runFor(50);
    expect(town.overlaps()).toBe(0);
  }
  expect(town.misplaced()).toEqual([]);
});

test('every key is found at its holder from everywhere, in about as many hops as the ring has fours', () => {
  const town = new RingTown(3);
  town.grow(128);
  town.universe.runFor(12_000);
  const order = town.inOrder();
  const answers: { key: string; found: Found }[] = [];
  for (const from of order) {
    const key = keyOfBytes(Uint8Array.from({ length: 8 }, () => town.universe.random.below(256)));
    town.find(from, key, (found) => answers.push({ key, found }));
  }
  town.universe.runFor(1_000);
  expect(answers).toHaveLength(128);
  let hops = 0;
  for (const { key, found } of answers) {
    const holder = order.find(({ self }) => self.id >= key) ?? order[0]!;
    if (found.kind === 'lost') throw new Error('a key was not found');
    expect(found.owner.id).toBe(holder.self.id);
    hops += found.hops;
  }
  // log4(128) is 3.5, of which three quarters are gone on average, and the last hop.
  expect(hops / 128).toBeLessThan(4);
});

test('the ring closes around peers that crash, several neighbours at once among them', () => {
  const town = new RingTown(4);
  town.grow(50);
  town.universe.runFor(5_000);
  const order = town.inOrder();
  for (const i of [3, 4, 5, 6, 20, 33, 34, 49]) order[i]!.host.crash();
  town.universe.runFor(20_000);
  expect(town.alive).toHaveLength(42);
  expect(town.misplaced()).toEqual([]);
  expect(town.overlaps()).toBe(0);
});

test('where one pair in ten cannot talk peers hang on branches, no key has two holders, and keys are found', () => {
  const town = new RingTown(5);
  town.grow(1);
  for (let i = 1; i < 100; i++) {
    town.addBadlyConnected(0.9);
    town.universe.runFor(100);
    expect(town.overlaps()).toBe(0);
  }
  town.universe.runFor(20_000);
  expect(town.overlaps()).toBe(0);
  const branches = town.branches();
  expect(branches.length).toBeGreaterThan(2);
  expect(branches.length).toBeLessThan(20);
  expect(findsRight(town)).toBe(100);
});

/** Each peer looks up a place of a peer that it can talk to: how many find its holder. */
function findsRight(town: RingTown): number {
  const { random, network } = town.universe;
  let right = 0;
  for (const from of town.residents) {
    const reachable = town.residents.filter(({ host }) => !network.isCut(from.host, host));
    const { self } = random.pick(reachable);
    town.find(from, self.id, (found) => {
      if (found.kind === 'found' && found.owner.id === self.id) right++;
    });
  }
  town.universe.runFor(15_000);
  return right;
}
