import { expect, test } from 'vitest';
import { spaced } from './names.ts';

test('names that have room stand where they belong', () => {
  expect(spaced([-80, 0, 70], 13, -120, 120)).toEqual([-80, 0, 70]);
  expect(spaced([], 13, -120, 120)).toEqual([]);
});

test('names of peers that are close stand below each other', () => {
  expect(spaced([10, 11, 12, 80], 13, -120, 120)).toEqual([10, 23, 36, 80]);
});

test('at the bottom they give way upwards, and where there are too many they share what there is', () => {
  expect(spaced([100, 118, 119], 13, -120, 120)).toEqual([94, 107, 120]);
  const many = spaced(
    Array.from({ length: 41 }, () => 0),
    13,
    -120,
    120,
  );
  expect([many[0], many[1]! - many[0]!, many[40]]).toEqual([-120, 6, 120]);
});
