import { expect, test } from 'vitest';
import { gainOfShare, moveFor, shareFor } from './policy.ts';

const pair = { heavy: 100, light: 10, areNeighbours: false, behindLight: 20 };

test('where nobody knows the mean the two share alike, if one carries less than a quarter of the other', () => {
  expect(moveFor(pair, undefined)).toMatchObject({ kind: 'jump', amount: 50, moved: 60 });
  expect(moveFor({ ...pair, areNeighbours: true }, undefined)).toMatchObject({ kind: 'slide', amount: 45, moved: 45 });
  expect(moveFor({ ...pair, light: 30 }, undefined)).toBeUndefined();
});

test('whoever knows the mean gives away what lies above it, and takes no more than a mean at once', () => {
  expect(moveFor(pair, { mean: 30 })).toMatchObject({ kind: 'jump', amount: 30, moved: 40 });
  expect(moveFor(pair, { mean: 80 })).toMatchObject({ kind: 'jump', amount: 20 });
  expect(moveFor({ ...pair, areNeighbours: true }, { mean: 30 })).toMatchObject({ kind: 'slide', amount: 20 });
});

test('below the mean nobody gives, and what is not worth the way stays', () => {
  expect(moveFor(pair, { mean: 120 })).toBeUndefined();
  expect(moveFor({ ...pair, areNeighbours: true, light: 40 }, { mean: 30 })).toBeUndefined();
  // It would hand much to the one behind it, which carries much itself.
  expect(moveFor({ ...pair, light: 24, behindLight: 90 }, { mean: 60 })).toBeUndefined();
  expect(moveFor({ heavy: 62, light: 58, areNeighbours: true, behindLight: 60 }, { mean: 60 })).toBeUndefined();
});

test('the gain of a move is by how much the sum of squares drops', () => {
  const { gain } = moveFor(pair, undefined)!;
  expect(gain).toBe(100 ** 2 + 10 ** 2 + 20 ** 2 - (50 ** 2 + 50 ** 2 + 30 ** 2));
});

test('a newcomer takes half of what nobody knows the mean of, and else what lies above it', () => {
  expect(shareFor(100, undefined)).toBe(50);
  expect(shareFor(100, { mean: 80 })).toBe(20);
  expect(shareFor(100, { mean: 30 })).toBe(30);
  expect(shareFor(20, { mean: 30 })).toBe(10);
  expect(gainOfShare(100, { mean: 80 })).toBe(100 ** 2 - 80 ** 2 - 20 ** 2);
});
