import { expect, test } from 'vitest';
import { type MappedRing, type RingScene, WatchedRings } from '../simulator/index.ts';
import { Easing } from './easing.ts';
import { fitting } from './labels.ts';
import { layOut } from './ringLayout.ts';

function townAt(ms: number, peers: number, rings: number): RingScene {
  const run = new WatchedRings({ seed: 3, peers, rings, links: 'all', faults: 'mine' });
  run.advanceTo(ms);
  return run.look();
}

function distance(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

test('rings are circles beside each other, and whoever stands on one has room', () => {
  const { circles, spots, markRadius } = layOut(townAt(9_000, 24, 3), 640, 600);
  expect(circles).toHaveLength(3);
  for (const [i, a] of circles.entries()) {
    for (const b of circles.slice(i + 1)) expect(distance(a, b)).toBeGreaterThan(a.radius + b.radius);
  }
  const places = [...spots.values()];
  expect(places).toHaveLength(24);
  for (const [i, a] of places.entries()) {
    expect(a.x > markRadius && a.x < 640 - markRadius && a.y > markRadius && a.y < 600 - markRadius).toBe(true);
    for (const b of places.slice(i + 1)) expect(distance(a, b)).toBeGreaterThan(2 * markRadius);
  }
});

test('peers stand in the order of the keys, those on branches outside, and who is in no ring below', () => {
  const scene = townAt(9_000, 6, 1);
  const [ring] = scene.rings;
  const [hangs, root, ...others] = ring!.names.slice(0, 5);
  const hanging: MappedRing['hanging'] = [{ name: hangs!, by: root, root: root!, depth: 1 }];
  const { spots, circles } = layOut({ ...scene, rings: [{ names: [hangs!, root!, ...others], hanging }] }, 400, 400);
  const [circle] = circles;
  expect(distance(spots.get(hangs!)!, circle!)).toBeGreaterThan(circle!.radius + 10);
  expect(distance(spots.get(root!)!, circle!)).toBeCloseTo(circle!.radius);
  expect(spots.get(hangs!)!.y).toBeLessThan(spots.get(root!)!.y);
  expect(spots.get(ring!.names[5]!)!).toMatchObject({ circle: undefined, y: 368 });
});

test('beside a large ring those of one or two peers are put on the shelf', () => {
  const run = new WatchedRings({ seed: 3, peers: 8, rings: 1, links: 'all', faults: 'mine' });
  run.advanceTo(9_000);
  const names = run.look().peers.map(({ name }) => name);
  run.perform({ kind: 'cut', peer: 'p3', from: names.filter((name) => name !== 'p3') });
  run.advanceTo(60_000);
  const { circles } = layOut(run.look(), 600, 600);
  expect(circles.map(({ isSmall, ring }) => [isSmall, ring.names.length])).toEqual([
    [false, 7],
    [true, 1],
  ]);
});

test('names that would cover others or marks are left out, but for those that are wanted', () => {
  const at = (name: string, x: number, isWanted = false) => ({ name, x, y: 0, isWanted });
  const shown = fitting([at('a', 0), at('b', 3), at('c', 40), at('d', 60), at('e', 5, true)], [{ x: 60, y: 0 }], 8);
  expect(shown.map(({ name }) => name)).toEqual(['e', 'c']);
});

test('what moves goes there in a while, and what is new is there at once', () => {
  const easing = new Easing();
  const to = (x: number) => new Map([['a', { x, y: 0 }]]);
  expect(easing.toward(to(10), 16).get('a')!.x).toBe(10);
  expect(easing.toward(to(110), 16).get('a')!.x).toBeGreaterThan(10);
  expect(easing.isMoving).toBe(true);
  for (let i = 0; i < 100; i++) easing.toward(to(110), 16);
  expect(easing.isMoving).toBe(false);
  expect(easing.toward(to(10), Number.POSITIVE_INFINITY).get('a')!.x).toBe(10);
});
