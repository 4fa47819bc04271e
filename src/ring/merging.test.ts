import { expect, test } from 'vitest';
import { RingTown } from '../../test/ringTown.ts';
import type { Contact } from './contact.ts';
import { Merging } from './merging.ts';
import type { RingMessage } from './messages.ts';
import { RelaxedRing } from './relaxedRing.ts';
import { Suspects } from './suspects.ts';

function at(id: string): Contact {
  return { id, address: `${id}:1` };
}

/** One peer of a ring of its own, and what it says to whom. */
function peer(before: string, self: string, behind: string, fanOut = 1) {
  const said: { readonly to: string; readonly message: RingMessage }[] = [];
  const effects = {
    send: (to: string, message: RingMessage) => void said.push({ to: to.slice(0, 1), message }),
    nowMs: () => 0,
    silentMs: 1_000,
    unheardMs: 20_000,
    moved: () => undefined,
    after: () => ({ cancel: () => undefined }),
    fraction: () => 0,
    pointers: () => [],
    isSuspected: () => false,
    miss: () => undefined,
  };
  const ring = new RelaxedRing(at(self), new Suspects(at(self), effects.nowMs), effects);
  ring.neighbours.follow(at(behind), []);
  ring.neighbours.takePredecessor(at(before));
  return { ring, merging: new Merging(ring, effects, { fanOut }), said };
}

test('a seam moves on: neighbours are looked for while pointers are as they were, before anybody is adopted', () => {
  const { ring, merging, said } = peer('a', 'h', 'z');
  // k says that h would stand between c and k: both of them are looked for in the ring of h, and k is adopted.
  merging.receive({ kind: 'tryMerge', self: at('k'), predecessor: at('c'), successor: at('k'), successors: [] }, 'k:1');
  expect(said.filter(({ message }) => message.kind === 'tryMerge')).toMatchObject([
    { to: 'k', message: { predecessor: at('h'), successor: at('z') } },
    { to: 'c', message: { predecessor: at('a'), successor: at('h') } },
  ]);
  expect(ring.neighbours.successor).toEqual(at('k'));
});

test('whoever is only spoken of is not adopted', () => {
  const { ring, merging } = peer('a', 'h', 'z');
  merging.receive({ kind: 'tryMerge', self: at('k'), predecessor: at('c'), successor: at('k'), successors: [] }, 'k:1');
  expect(ring.neighbours.predecessor).toEqual(at('a'));
});

test('a joiner is not merged: whoever would stand behind it is asked for a place, and nobody is followed', () => {
  const { ring, merging, said } = peer('a', 'h', 'z');
  ring.neighbours.beNowhere();
  merging.receive({ kind: 'tryMerge', self: at('k'), predecessor: at('c'), successor: at('k'), successors: [] }, 'k:1');
  merging.receive({ kind: 'tryMerge', self: at('c'), predecessor: at('c'), successor: at('k'), successors: [] }, 'c:1');
  ring.receive({ kind: 'adopted', self: at('m'), successors: [] }, 'm:1');
  expect(said.map(({ to, message }) => `${message.kind} ${to}`)).toEqual(['join k']);
  expect([ring.neighbours.predecessor, ring.neighbours.successor]).toEqual([undefined, undefined]);
});

test('strangers that wait are looked for once, and what was said a moment ago is not said again', () => {
  const { merging, said } = peer('a', 'h', 'z');
  for (const stranger of ['c', 'k', 'k', 'k']) merging.detect(at(stranger));
  expect(merging.waiting).toBe(1);
  const { length } = said;
  merging.receive({ kind: 'seekSeam', stranger: at('c'), fanOut: 1, hops: 0 }, 'q:1');
  expect(said).toHaveLength(length);
});

test('a false alarm ends soon, and leaves nothing waiting', () => {
  const { merging, said } = peer('a', 'h', 'z', 3);
  merging.detect(at('z'));
  merging.detect(at('a'));
  merging.receive({ kind: 'seekSeam', stranger: at('h'), fanOut: 3, hops: 2 }, 'q:1');
  expect(said.map(({ message }) => message.kind)).toEqual(['seekSeam']);
});

test('a peer at the address of one that was lost is not taken for it', () => {
  const { merging, said } = peer('a', 'h', 'z');
  merging.knowledge.lose({ id: 'k', address: 'host:1' });
  merging.heed({ kind: 'askPointer', doublings: 1, index: 1 }, 'host:1');
  expect(said).toMatchObject([{ message: { kind: 'ping' } }]);
  merging.heed({ kind: 'pong', self: { id: 'n', address: 'host:1' }, beside: [] }, 'host:1');
  // It may be in another ring itself: its place is looked for, that of the lost one is not.
  expect(said.flatMap(({ message }) => (message.kind === 'tryMerge' ? [message.successor.id] : []))).toEqual(['z']);
  expect(merging.knowledge.lostAt('host:1')).toBeUndefined();
});

/** A partition of a ring into so many parts, by the order in which the peers joined. */
function split(town: RingTown, parts: number) {
  return Array.from({ length: parts }, (_, part) =>
    town.residents.filter((_one, i) => i % parts === part).map(({ host }) => host),
  );
}

test('a ring that is cut in two becomes two rings, and one again by itself once the network heals', () => {
  const town = new RingTown(11);
  town.grow(40);
  town.universe.runFor(5_000);
  town.universe.network.partition(split(town, 2));
  town.universe.runFor(40_000);
  expect(town.misplaced().length).toBeGreaterThan(10);
  town.universe.network.heal();
  town.universe.runFor(20_000);
  expect(town.misplaced()).toEqual([]);
  expect(town.overlaps()).toBe(0);
});

test('four rings become one, also where peers join and crash meanwhile', () => {
  const town = new RingTown(12);
  town.grow(48);
  town.universe.runFor(5_000);
  town.universe.network.partition(split(town, 4));
  town.universe.runFor(40_000);
  town.universe.network.heal();
  for (let i = 0; i < 5; i++) {
    town.universe.random.pick(town.alive).host.crash();
    town.add(town.universe.random.pick(town.alive).host);
    town.universe.runFor(500);
  }
  town.universe.runFor(30_000);
  expect(town.misplaced()).toEqual([]);
  expect(town.overlaps()).toBe(0);
});
