import { expect, test } from 'vitest';
import { WatchedRun } from './watchedRun.ts';

/** The ring as its peers see it: from each that runs to its successor. */
function ringOf(run: WatchedRun): string[] {
  const { peers } = run.look();
  const next = new Map(peers.map(({ name, successor }) => [name, successor]));
  const first = peers.find(({ isUp }) => isUp)!.name;
  const ring = [first];
  for (let name = next.get(first); name !== undefined && name !== first && ring.length <= peers.length; ) {
    ring.push(name);
    name = next.get(name);
  }
  return ring;
}

test('peers become a ring, a peer crashes, the ring closes around it, and opens again when it is back', () => {
  const run = new WatchedRun({ seed: 3, peers: 5 });
  run.advanceTo(8_000);
  expect(ringOf(run)).toHaveLength(5);
  expect(run.look().commands.done).toBeGreaterThan(10);

  expect(run.perform({ kind: 'crash', peer: 'c' })).toBeUndefined();
  run.advanceTo(18_000);
  expect(ringOf(run)).toHaveLength(4);
  expect(ringOf(run)).not.toContain('c');
  expect(run.look().peers.find(({ name }) => name === 'a')!.misses).toEqual(['c']);

  expect(run.perform({ kind: 'start', peer: 'c' })).toBeUndefined();
  run.advanceTo(26_000);
  expect(ringOf(run)).toHaveLength(5);
  expect(run.judge()).toEqual([]);
});

test('a peer that is cut off is missed, and comes back when the network heals', () => {
  const run = new WatchedRun({ seed: 4, peers: 3 });
  run.advanceTo(6_000);
  run.perform({ kind: 'cut', peer: 'b', from: ['a', 'c'] });
  run.advanceTo(12_000);
  const { peers } = run.look();
  expect(peers.find(({ name }) => name === 'b')).toMatchObject({ cutFrom: ['a', 'c'], misses: ['a', 'c'] });
  run.perform({ kind: 'heal' });
  run.advanceTo(18_000);
  expect(ringOf(run)).toHaveLength(3);
});

test('what cannot be done is said', () => {
  const run = new WatchedRun({ seed: 5, peers: 3 });
  run.advanceTo(4_000);
  expect(run.perform({ kind: 'crash', peer: 'x' })).toBe('There is no peer x.');
  expect(run.perform({ kind: 'start', peer: 'a' })).toBe('a runs already.');
  expect(run.perform({ kind: 'leave', peer: 'a' })).toBe('Three peers or more must stay.');
});

test('step by step, every event can be looked at', () => {
  const run = new WatchedRun({ seed: 6, peers: 3 });
  run.advanceTo(1_000);
  run.takeLines();
  const lines = [];
  for (let i = 0; i < 300; i++) {
    run.step();
    lines.push(...run.takeLines());
  }
  expect(lines.some(({ kind }) => kind === 'hears')).toBe(true);
  expect(lines.every(({ atMs }) => atMs >= 1_000)).toBe(true);
});
