import { expect, test } from 'vitest';
import { Random } from '../base/index.ts';
import { constant, type Distribution, exponential, logNormal, normal, uniform, zipf } from './distribution.ts';

function draws(distribution: Distribution, count = 20_000): number[] {
  const random = new Random(7);
  return Array.from({ length: count }, () => distribution(random)).sort((a, b) => a - b);
}
const meanOf = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
const medianOf = (values: readonly number[]): number => values[values.length >> 1]!;

test('distributions have the means, medians and bounds that they are asked for', () => {
  expect(draws(constant(3), 10)).toEqual(Array.from({ length: 10 }, () => 3));
  const even = draws(uniform(10, 20));
  expect(even[0]).toBeGreaterThanOrEqual(10);
  expect(even.at(-1)).toBeLessThan(20);
  expect(meanOf(even)).toBeCloseTo(15, 0);
  expect(meanOf(draws(exponential(50))) / 50).toBeCloseTo(1, 1);
  expect(medianOf(draws(exponential(50))) / (50 * Math.LN2)).toBeCloseTo(1, 1);
  const bell = draws(normal(100, 15));
  expect(meanOf(bell) / 100).toBeCloseTo(1, 1);
  expect(Math.sqrt(meanOf(bell.map((one) => (one - 100) ** 2))) / 15).toBeCloseTo(1, 1);
  expect(medianOf(draws(logNormal(80, 0.5))) / 80).toBeCloseTo(1, 1);
});

test('of keys drawn by Zipf the first is twice as frequent as the second, and none is outside', () => {
  const keys = draws(zipf(100));
  const countOf = (key: number): number => keys.filter((one) => one === key).length;
  expect(countOf(0) / countOf(1)).toBeCloseTo(2, 0);
  expect(countOf(0) / countOf(9)).toBeCloseTo(10, -1);
  expect([keys[0], keys.at(-1)! < 100]).toEqual([0, true]);
  expect(new Set(draws(zipf(4, 0), 1000))).toEqual(new Set([0, 1, 2, 3]));
});
