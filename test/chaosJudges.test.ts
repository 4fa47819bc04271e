import { expect, test } from 'vitest';
import { Gate } from '../bench/chaos/gate.mjs';
import { judgeKey } from '../bench/chaos/watchers.mjs';

/** Five writes of one key, the third of unknown outcome, the fifth refused. */
const written = ['acknowledged', 'acknowledged', 'unknown', 'acknowledged', 'refused'].map((state, at) => ({
  number: at + 1,
  state,
}));

function judged(...told: (number | 'missed')[]): readonly string[] {
  return judgeKey('key', written, told);
}

test('what a watch may be told: from some number on, an unknown one early, late or never, and gaps where it missed some', () => {
  expect(judged(1, 2, 3, 4)).toEqual([]);
  expect(judged(2, 4)).toEqual([]);
  expect(judged(1, 2, 4, 3)).toEqual([]);
  expect(judged(1, 'missed', 4)).toEqual([]);
  expect(judged('missed')).toEqual([]);
});

test('what it must not be told is found', () => {
  expect(judged(1, 2, 3)).toEqual(['key: a watch was never told 4']);
  expect(judged(1, 4)).toEqual(['key: a watch was never told 2']);
  expect(judged(1, 2, 2, 4)).toHaveLength(2);
  expect(judged(1, 2, 3, 4, 3)).toEqual(['key: a watch was told something twice: 1 2 3 4 3']);
  expect(judged(2, 1, 4)).not.toEqual([]);
  expect(judged(1, 2, 4, 5)).toContain('key: a watch was told 5, which was refused');
});

test('who is alone behind a gate is alone, also where both come in one step', async () => {
  const gate = new Gate();
  const inside = new Set<string>();
  const seen: string[][] = [];
  const stay = (name: string) => async () => {
    inside.add(name);
    seen.push([...inside]);
    await new Promise((done) => setTimeout(done, 1));
    inside.delete(name);
  };
  await Promise.all([
    gate.beside(stay('a split')),
    gate.alone(stay('a restart of all')),
    gate.alone(stay('a journal without its end')),
    gate.beside(stay('a leave')),
  ]);
  expect(seen).toHaveLength(4);
  for (const alone of ['a restart of all', 'a journal without its end'])
    expect(seen.filter((names) => names.includes(alone))).toEqual([[alone]]);
});
