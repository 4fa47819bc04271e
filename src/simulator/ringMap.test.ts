import { expect, test } from 'vitest';
import { type Follower, mapRings } from './ringMap.ts';

/** Peers by their places, each with its successor and those behind it; `-` for no successor, down where it says so. */
function town(...peers: readonly (readonly [place: string, behind: string, isDown?: 'down'])[]): readonly Follower[] {
  return peers.map(([place, behind, isDown]) => ({
    name: place,
    place,
    isUp: isDown === undefined,
    successor: behind.startsWith('-') ? undefined : behind.split(' ')[0],
    behind: behind.split(' ').slice(1),
  }));
}

test('two rings are told apart by whom their peers follow', () => {
  const rings = mapRings(town(['a', 'c'], ['b', 'd'], ['c', 'e'], ['d', 'b'], ['e', 'a']));
  expect(rings.map(({ names }) => names)).toEqual([
    ['a', 'c', 'e'],
    ['b', 'd'],
  ]);
});

test('whom no pointer leads to hangs on the ring, at the root of its branch', () => {
  const [ring, ...others] = mapRings(town(['a', 'b'], ['b', 'e'], ['c', 'd'], ['d', 'e'], ['e', 'a']));
  expect(others).toEqual([]);
  expect(ring!.names).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(ring!.hanging).toEqual([
    { name: 'c', by: 'd', root: 'e', depth: 2 },
    { name: 'd', by: 'e', root: 'e', depth: 1 },
  ]);
});

test('a ring that lost a peer is still one, and the peer that is down keeps its place in it', () => {
  const rings = mapRings(town(['a', 'b c d'], ['b', 'c d a', 'down'], ['c', 'd a'], ['d', 'a b c']));
  expect(rings).toEqual([{ names: ['a', 'b', 'c', 'd'], hanging: [] }]);
});

test('a ring is open where somebody lost all whom it knew behind it', () => {
  const rings = mapRings(town(['a', 'b'], ['b', '-'], ['c', 'a']));
  expect(rings).toEqual([{ names: ['a', 'b', 'c'], hanging: [] }]);
});

test('who is alone is a ring, and who has no place yet is in none', () => {
  expect(mapRings(town(['a', 'a'], ['b', '-']))).toEqual([{ names: ['a'], hanging: [] }]);
});

test('who lost its successor while others close the ring hangs beside it, by nobody', () => {
  const [ring] = mapRings(town(['a', 'b c d'], ['b', 'd a'], ['c', '- d a'], ['d', 'a b']));
  expect(ring!.hanging).toEqual([{ name: 'c', by: undefined, root: 'd', depth: 1 }]);
});
