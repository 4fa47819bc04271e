import { expect, test } from 'vitest';
import { coverageOf, shareOf } from './holdings.ts';

test('a ring in which each holds what is behind its predecessor covers all keys once', () => {
  const holdings = [
    { behind: 80, upTo: 10 },
    { behind: 10, upTo: 50 },
    { behind: 50, upTo: 80 },
  ];
  expect(coverageOf(holdings, 100)).toEqual({ twice: 0, never: 0 });
  expect(holdings.map((one) => shareOf(one, 100))).toEqual([0.3, 0.4, 0.3]);
});

test('keys with two holders and keys of nobody are told apart', () => {
  const holdings = [
    { behind: 90, upTo: 20 },
    { behind: 10, upTo: 40 },
  ];
  const { twice, never } = coverageOf(holdings, 100);
  expect(twice).toBeCloseTo(0.1);
  expect(never).toBeCloseTo(0.5);
});

test('who is alone holds everything, and where nobody is nobody does', () => {
  expect(shareOf({ behind: 7, upTo: 7 }, 100)).toBe(1);
  expect(coverageOf([{ behind: 7, upTo: 7 }], 100)).toEqual({ twice: 0, never: 0 });
  expect(coverageOf([], 100)).toEqual({ twice: 0, never: 1 });
});
