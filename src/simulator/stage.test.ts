import { expect, test } from 'vitest';
import { Stage } from './stage.ts';

/** The ring as its peers see it: from each that runs to its successor. */
function ringOf(stage: Stage): string[] {
  const { peers } = stage.look();
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
  const stage = new Stage({ seed: 3, peers: 5 });
  stage.advanceTo(8_000);
  expect(ringOf(stage)).toHaveLength(5);
  expect(stage.look().commands.done).toBeGreaterThan(10);

  expect(stage.perform({ kind: 'crash', peer: 'c' })).toBeUndefined();
  stage.advanceTo(18_000);
  expect(ringOf(stage)).toHaveLength(4);
  expect(ringOf(stage)).not.toContain('c');
  expect(stage.look().peers.find(({ name }) => name === 'a')!.misses).toEqual(['c']);

  expect(stage.perform({ kind: 'start', peer: 'c' })).toBeUndefined();
  stage.advanceTo(26_000);
  expect(ringOf(stage)).toHaveLength(5);
  expect([...stage.look().violations, ...stage.judge()]).toEqual([]);
});

test('a peer that is cut off is missed, and comes back when the network heals', () => {
  const stage = new Stage({ seed: 4, peers: 3 });
  stage.advanceTo(6_000);
  stage.perform({ kind: 'cut', peer: 'b', from: ['a', 'c'] });
  stage.advanceTo(12_000);
  const { peers } = stage.look();
  expect(peers.find(({ name }) => name === 'b')).toMatchObject({ cutFrom: ['a', 'c'], misses: ['a', 'c'] });
  stage.perform({ kind: 'heal' });
  stage.advanceTo(18_000);
  expect(ringOf(stage)).toHaveLength(3);
});

test('what cannot be done is said', () => {
  const stage = new Stage({ seed: 5, peers: 3 });
  stage.advanceTo(4_000);
  expect(stage.perform({ kind: 'crash', peer: 'x' })).toBe('There is no peer x.');
  expect(stage.perform({ kind: 'start', peer: 'a' })).toBe('a runs already.');
  expect(stage.perform({ kind: 'leave', peer: 'a' })).toBe('Three peers or more must stay.');
});

test('step by step, every event can be looked at', () => {
  const stage = new Stage({ seed: 6, peers: 3 });
  stage.advanceTo(1_000);
  stage.takeLines();
  const lines = [];
  for (let i = 0; i < 300; i++) {
    stage.step();
    lines.push(...stage.takeLines());
  }
  expect(lines.some(({ kind }) => kind === 'hears')).toBe(true);
  expect(lines.every(({ atMs }) => atMs >= 1_000)).toBe(true);
});
