import { expect, test } from 'vitest';
import { TestClock } from '../../test/testClock.ts';
import { noBallot } from './ballot.ts';
import { LeaseGranter, LeaseHolder, momentOf } from './lease.ts';
import { leaseDriftMs, leaseMs } from './limits.ts';

test('a lease counts from before its request and ends before the grant does', () => {
  const clock = new TestClock();
  const holder = new LeaseHolder(clock, 2);
  const asked = momentOf(clock);
  clock.pass(100);
  const granter = new LeaseGranter(clock, noBallot);
  granter.grant('a');
  holder.granted('b', asked);
  clock.pass(leaseMs - leaseDriftMs - 101);
  expect(holder.isValid()).toBe(true);
  clock.pass(1);
  expect(holder.isValid()).toBe(false);
  expect(granter.blocks('c')).toBe(true);
});

test('time that the monotonic clock slept through ends a lease', () => {
  const clock = new TestClock();
  const holder = new LeaseHolder(clock, 2);
  holder.granted('b', momentOf(clock));
  expect(holder.isValid()).toBe(true);
  clock.wall += leaseMs;
  expect(holder.isValid()).toBe(false);
});

test('a majority must have granted', () => {
  const clock = new TestClock();
  const holder = new LeaseHolder(clock, 3);
  holder.granted('b', momentOf(clock));
  expect(holder.isValid()).toBe(false);
  holder.granted('c', momentOf(clock));
  expect(holder.isValid()).toBe(true);
  holder.giveUp();
  expect(holder.isValid()).toBe(false);
});

test('after a start the last promise counts as a lease, for its holder and against all others', () => {
  const clock = new TestClock();
  const granter = new LeaseGranter(clock, { n: 3, member: 'a' });
  expect(granter.blocks('a')).toBe(false);
  expect(granter.blocks('b')).toBe(true);
  clock.pass(leaseMs);
  expect(granter.blocks('b')).toBe(false);
  expect(new LeaseGranter(clock, noBallot).blocks('b')).toBe(false);
});
