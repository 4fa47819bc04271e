import { expect, test } from 'vitest';
import { TestClock } from '../../test/testClock.ts';
import { Freshness } from './freshness.ts';
import { momentOf } from './lease.ts';

test('what is applied is as old as the question that a leader answered, with a tenth for slow clocks', () => {
  const clock = new TestClock();
  const freshness = new Freshness(clock);
  expect(freshness.isWithin(60_000, 7)).toBe(false);
  const asked = momentOf(clock);
  clock.pass(100);
  freshness.vouched(asked, 7);
  expect(freshness.isWithin(109, 7)).toBe(false);
  expect(freshness.isWithin(111, 7)).toBe(true);
  clock.pass(900);
  expect(freshness.isWithin(1_099, 7)).toBe(false);
  expect(freshness.isWithin(1_101, 7)).toBe(true);
});

test('what is not applied yet does not count', () => {
  const clock = new TestClock();
  const freshness = new Freshness(clock);
  freshness.vouched(momentOf(clock), 5);
  clock.pass(100);
  freshness.vouched(momentOf(clock), 9);
  expect(freshness.isWithin(50, 8)).toBe(false);
  expect(freshness.isWithin(200, 8)).toBe(true);
  expect(freshness.isWithin(50, 9)).toBe(true);
});

test('a state that was fetched again and is older counts for nothing until it has caught up', () => {
  const clock = new TestClock();
  const freshness = new Freshness(clock);
  freshness.vouched(momentOf(clock), 9);
  expect(freshness.isWithin(50, 9)).toBe(true);
  expect(freshness.isWithin(50, 4)).toBe(false);
});

test('time that one of the clocks slept through counts', () => {
  const clock = new TestClock();
  const freshness = new Freshness(clock);
  freshness.vouched(momentOf(clock), 1);
  clock.wall += 2_000;
  expect(freshness.isWithin(1_000, 1)).toBe(false);
  clock.wall -= 5_000;
  clock.monotonic += 2_000;
  expect(freshness.isWithin(1_000, 1)).toBe(false);
});
