import { expect, test } from 'vitest';
import { type Intervention, type Scene, WatchedRun } from '../simulator/index.ts';
import { Playback } from './playback.ts';

function begin(): Playback<Scene, Intervention> {
  return new Playback(new WatchedRun({ seed: 7, peers: 3 }));
}

test('what was shown can be gone back to, and shows the same', () => {
  const playback = begin();
  playback.advance(4_000);
  const lines = playback.lines(20, new Set());
  const scene = playback.scene();
  playback.advance(2_000);
  expect(playback.lines(20, new Set())).not.toEqual(lines);
  playback.seek(4_000);
  expect(playback.lines(20, new Set())).toEqual(lines);
  expect(playback.scene()).toEqual(scene);
});

test('a step shows the next line of the trace, also where it was not computed yet', () => {
  const playback = begin();
  playback.advance(1_000);
  playback.seek(playback.headMs);
  for (let i = 0; i < 50; i++) {
    const before = playback.lines(1, new Set())[0]!;
    playback.step();
    const after = playback.lines(1, new Set())[0]!;
    expect(after).not.toBe(before);
    expect(after.event).toBeGreaterThanOrEqual(before.event);
    expect(playback.shownMs).toBe(after.atMs);
  }
});

test('messages are seen on their way, and for a while after they arrived', () => {
  const playback = begin();
  playback.advance(2_000);
  const seen = new Set<boolean>();
  for (let i = 0; i < 2_000; i++) {
    playback.advance(0.1);
    for (const { sentMs, heardMs } of playback.messages(0)) {
      expect(sentMs).toBeLessThanOrEqual(playback.shownMs);
      seen.add(heardMs > playback.shownMs);
    }
  }
  expect(seen).toEqual(new Set([true]));
  expect(playback.messages(1_000).length).toBeGreaterThan(10);
});

test('an intervention is shown at once, and what cannot be done is said', () => {
  const playback = begin();
  playback.advance(3_000);
  expect(playback.perform({ kind: 'crash', peer: 'b' })).toBeUndefined();
  expect(playback.scene().peers.find(({ name }) => name === 'b')!.isUp).toBe(false);
  expect(playback.lines(1, new Set(['crash']))[0]!.peer).toBe('b');
  expect(playback.perform({ kind: 'crash', peer: 'b' })).toBe('b is down already.');
});
