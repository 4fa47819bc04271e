import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Key } from '../base/index.ts';
import { demandKeysMin } from './limits.ts';
import { Middle } from './middle.ts';

const keys = Array.from({ length: 1_000 }, (_, i) => `k${String(i).padStart(3, '0')}`);

function middleOf(sizes: readonly (readonly [Key, number])[], slice = 100): Middle {
  const middle = new Middle(sizes.reduce((sum, [, bytes]) => sum + bytes, 0));
  for (let i = 0; i < sizes.length; i += slice) middle.walk(sizes.slice(i, i + slice));
  return middle;
}

test('where little is asked the border halves the bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 200, maxLength: 1_000 }), (bytes) => {
      const sizes = bytes.map((size, i) => [keys[i]!, size] as const);
      const key = middleOf(sizes).choose([], false)!;
      const total = bytes.reduce((sum, size) => sum + size, 0);
      const below = sizes.reduce((sum, [one, size]) => (one < key ? sum + size : sum), 0);
      expect(Math.abs(below / total - 0.5)).toBeLessThan(0.03);
    }),
  );
});

test('where much is asked of one end the border moves there', () => {
  const sizes = keys.map((key) => [key, 10] as const);
  const demand = keys.slice(0, 200);
  const key = middleOf(sizes).choose(demand, false)!;
  expect(key > 'k090' && key < 'k500').toBe(true);
});

test('no border cools one hot key', () => {
  const sizes = keys.map((key) => [key, 10] as const);
  const hot = Array.from({ length: demandKeysMin }, () => 'k700');
  expect(middleOf(sizes).choose(hot, true)).toBeUndefined();
  const two = [...hot, ...hot.map(() => 'k900')];
  expect(middleOf(sizes).choose(two, true)! > 'k700').toBe(true);
});

test('what one key holds cannot be split', () => {
  expect(middleOf([['a', 1_000]]).choose([], false)).toBeUndefined();
  expect(middleOf([]).choose([], false)).toBeUndefined();
  expect(
    middleOf([
      ['a', 1_000],
      ['b', 1],
    ]).choose([], false),
  ).toBe('b');
});
