import { describe, expect, test } from 'vitest';
import { parseTraceLine, Trace, traceLineText } from './trace.ts';
import { Universe } from './universe.ts';

const written = { event: 12, atMs: 1500.25, peer: 'a', kind: 'hears', text: 'b @ 1500.000  cells.ping  round=1' };

test('a line is read as it was written, and other text is no line', () => {
  expect(parseTraceLine(traceLineText(written))).toEqual(written);
  expect(parseTraceLine('3 of 4 seeds failed')).toBeUndefined();
});

test('a filter keeps lines of the kinds and of the peers that it names, and text is made of those alone', () => {
  const trace = new Trace({ kinds: ['crash', 'start'], peers: ['a'] });
  let made = 0;
  const note = (peer: string, kind: string): void => trace.note(1, 0, peer, kind, () => `${++made}`);
  note('a', 'start');
  note('a', 'hears');
  note('b', 'start');
  note('a', 'crash');
  expect(trace.lines().map((line) => parseTraceLine(line)?.kind)).toEqual(['start', 'crash']);
  expect(made).toBe(2);
});

test('the hash sees another order, another number and other bytes', () => {
  const hash = (...mixed: readonly (number | Uint8Array)[]): string => {
    const trace = new Trace();
    for (const one of mixed)
      typeof one === 'number' ? trace.mix(one) : trace.mixPart({ bytes: one, at: 0, end: one.length });
    return trace.hash;
  };
  const hashes = [hash(1, 2), hash(2, 1), hash(1, 3), hash(Uint8Array.of(1, 2)), hash(Uint8Array.of(1, 3))];
  expect(new Set(hashes).size).toBe(5);
  expect(hash(1, 2)).toBe(hash(1, 2));
});

describe('time stops where it was told to', () => {
  const happened = (until: { ms?: number; event?: number }) => {
    const universe = new Universe({ seed: 1, until });
    let count = 0;
    for (let ms = 1; ms <= 10; ms++) universe.after(ms, () => void count++);
    universe.run(6);
    universe.run(20);
    return { count, nowMs: universe.nowMs, isStopped: universe.isStopped };
  };

  test('behind a moment', () => expect(happened({ ms: 7 })).toEqual({ count: 7, nowMs: 7, isStopped: true }));
  test('behind an event', () => expect(happened({ event: 8 })).toEqual({ count: 8, nowMs: 8, isStopped: true }));
  test('or nowhere', () => expect(happened({})).toEqual({ count: 10, nowMs: 20, isStopped: false }));
});
