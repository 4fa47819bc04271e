import { expect, test } from 'vitest';
import { NumberedMap } from './index.ts';

test('it holds what a map would hold, whatever comes and goes', () => {
  const map = new NumberedMap<string>();
  const model = new Map<number, string>();
  let random = 7;
  for (let step = 0; step < 20_000; step++) {
    random = (random * 48_271) % 2_147_483_647;
    const at = Math.floor(step / 8) + (random % 400);
    if (random % 3 === 0) expect(map.delete(at)).toBe(model.delete(at));
    else {
      map.set(at, `${step}`);
      model.set(at, `${step}`);
    }
    expect(map.get(at)).toBe(model.get(at));
    expect(map.has(at + 1)).toBe(model.has(at + 1));
    expect(map.size).toBe(model.size);
  }
  expect([...map].sort(([a], [b]) => a - b)).toEqual([...model].sort(([a], [b]) => a - b));
  expect([...map.keys()].length).toBe(model.size);
  expect([...map.values()].sort()).toEqual([...model.values()].sort());
});

test('numbers that grow are gone through in their order, also while they go', () => {
  const map = new NumberedMap<number>();
  for (let at = 1; at <= 1_000; at++) map.set(at, at * 2);
  const seen: number[] = [];
  for (const [at, value] of map) {
    expect(value).toBe(at * 2);
    map.delete(at);
    if (at % 10 === 0) map.delete(at + 1);
    seen.push(at);
  }
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen).toHaveLength(901);
  expect(map.size).toBe(0);
});

test('large numbers and those below 0 are as good as small ones, and nothing is left after all is cleared', () => {
  const map = new NumberedMap<string>();
  map.set(Number.MAX_SAFE_INTEGER, 'last');
  map.set(0, 'first');
  map.set(-1, 'below');
  map.set(-64, 'far below');
  expect([...map]).toEqual([
    [Number.MAX_SAFE_INTEGER, 'last'],
    [0, 'first'],
    [-64, 'far below'],
    [-1, 'below'],
  ]);
  map.clear();
  expect([...map]).toEqual([]);
  expect(() => map.set(1.5, 'none')).toThrow('whole numbers');
});
