import { expect, test } from 'vitest';
import { WatchedRings } from './watchedRings.ts';

function phasesOf(run: WatchedRings): ReadonlySet<string | undefined> {
  return new Set(run.look().peers.map(({ phase }) => phase));
}

test('two rings become one when somebody of the one is told of somebody of the other', () => {
  const run = new WatchedRings({ seed: 3, peers: 16, rings: 2, links: 'all', faults: 'mine' });
  run.advanceTo(8_000);
  expect(run.look().rings.map(({ names }) => names.length)).toEqual([8, 8]);
  expect(run.look().missing.length).toBeGreaterThan(0);
  expect(run.look().heldTwice).toBeCloseTo(1);

  const [one, other] = run.look().rings;
  expect(run.perform({ kind: 'introduce', peer: one!.names[0]!, to: other!.names[0]! })).toBeUndefined();
  run.advanceTo(28_000);
  const { rings, missing, violations, heldTwice, heldByNobody } = run.look();
  expect({ rings, heldTwice, heldByNobody }).toMatchObject({ rings: [{ hanging: [] }], heldTwice: 0, heldByNobody: 0 });
  expect(rings[0]!.names).toHaveLength(16);
  expect({ missing, violations }).toEqual({ missing: [], violations: [] });
});

test('neighbours of a peer that crashes melt, and freeze again; it comes back at another place', () => {
  const run = new WatchedRings({ seed: 5, peers: 8, rings: 1, links: 'all', faults: 'mine' });
  run.advanceTo(10_000);
  expect(phasesOf(run)).toEqual(new Set(['solid']));
  const before = run.look().peers.find(({ name }) => name === 'p3')!;
  run.perform({ kind: 'crash', peer: 'p3' });
  expect(run.look().peers.find(({ name }) => name === 'p3')).toMatchObject({ isUp: false, phase: undefined, share: 0 });
  expect(run.look().rings[0]!.names).toContain('p3');
  expect(run.look().heldByNobody).toBeCloseTo(before.share);
  const seen = new Set<string | undefined>();
  for (let ms = 10_000; ms < 25_000; ms += 100) {
    run.advanceTo(ms);
    for (const phase of phasesOf(run)) seen.add(phase);
  }
  expect(seen).toContain('liquid3');
  expect(phasesOf(run)).toEqual(new Set(['solid', undefined]));

  run.perform({ kind: 'start', peer: 'p3' });
  run.advanceTo(35_000);
  expect(run.look()).toMatchObject({ missing: [], violations: [] });
  expect(run.look().peers.find(({ name }) => name === 'p3')!.place).not.toBe(before.place);
});

test('where some can never talk branches hang on the ring, and it is whole all the same', () => {
  const run = new WatchedRings({ seed: 2, peers: 24, rings: 1, links: 'eightInTen', faults: 'mine' });
  run.advanceTo(60_000);
  const { rings, peers, missing } = run.look();
  expect(missing).toEqual([]);
  expect(rings[0]!.hanging.length).toBeGreaterThan(0);
  for (const { name, by } of rings[0]!.hanging) {
    expect(peers.find((peer) => peer.name === name)!.successor).toBe(by);
  }
  expect(peers.some(({ apart }) => apart.length > 0)).toBe(true);
});

test('what was parted becomes one ring again by itself', () => {
  const run = new WatchedRings({ seed: 7, peers: 10, rings: 1, links: 'all', faults: 'mine' });
  run.advanceTo(8_000);
  const names = run.look().peers.map(({ name }) => name);
  const [left, right] = [names.slice(0, 5), names.slice(5)];
  for (const peer of left) run.perform({ kind: 'cut', peer, from: right });
  run.advanceTo(40_000);
  expect(run.look().rings).toHaveLength(2);
  run.perform({ kind: 'heal' });
  run.advanceTo(90_000);
  expect(run.look()).toMatchObject({ rings: [{}], missing: [], violations: [] });
});

test('peers join beside whom one says, and what cannot be done is said', () => {
  const run = new WatchedRings({ seed: 4, peers: 6, rings: 2, links: 'all', faults: 'mine' });
  run.advanceTo(8_000);
  expect(run.perform({ kind: 'join', beside: 'p1' })).toBeUndefined();
  run.advanceTo(11_000);
  expect(run.look().rings[1]!.names).toContain('p6');
  expect(run.perform({ kind: 'introduce', peer: 'p1', to: 'p9' })).toBe('p9 does not run.');
  run.perform({ kind: 'cut', peer: 'p0', from: ['p1'] });
  expect(run.perform({ kind: 'introduce', peer: 'p0', to: 'p1' })).toBe('p0 and p1 cannot talk to each other.');
  run.perform({ kind: 'crash', peer: 'p1' });
  expect(run.perform({ kind: 'join', beside: 'p1' })).toBe('p1 has no place, so nobody can join beside it.');
});

test('the trace tells how peers move and melt', () => {
  const run = new WatchedRings({ seed: 5, peers: 5, rings: 1, links: 'all', faults: 'mine' });
  run.advanceTo(8_000);
  run.takeLines();
  run.perform({ kind: 'crash', peer: 'p2' });
  run.advanceTo(16_000);
  const lines = run.takeLines();
  expect(lines.some(({ kind, text }) => kind === 'phase' && text === 'solid > liquid3')).toBe(true);
  expect(lines.some(({ kind, text }) => kind === 'moved' && text.startsWith('between p'))).toBe(true);
});

test('where faults come by chance they break rings, and once no more come all are in one again', () => {
  for (const [seed, links] of [
    [1, 'all'],
    [2, 'nineInTen'],
    [3, 'translated'],
  ] as const) {
    const run = new WatchedRings({ seed, peers: 12, rings: 1, links, faults: 'chance' });
    const seen = new Set<string | undefined>();
    for (let ms = 0; ms <= 40_000; ms += 500) {
      run.advanceTo(ms);
      for (const phase of phasesOf(run)) seen.add(phase);
    }
    expect(seen.size).toBeGreaterThan(3);
    run.perform({ kind: 'quieten' });
    for (let ms = 45_000; ms <= 120_000 && run.judge().length > 0; ms += 5_000) run.advanceTo(ms);
    expect(run.look()).toMatchObject({ missing: [], violations: [], rings: [{}] });
    expect(run.look().peers.flatMap(({ cutFrom }) => cutFrom)).toEqual([]);
  }
});
