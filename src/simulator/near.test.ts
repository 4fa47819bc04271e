import { expect, test } from 'vitest';
import { answerOf, ask, put, servingSystem } from '../../test/askedSubject.ts';
import { bytesOfText } from '../base/index.ts';
import type { Reply } from '../store/index.ts';
import type { SimulatedSubject } from './subject.ts';

/** Reads what may be so old, of the peer of that name; undefined where nobody says it. */
function near(subject: SimulatedSubject, key: string, staleMs: number, via: string, patienceMs = 1_000): unknown {
  let reply: Reply | 'lost' | undefined;
  const told = (one: Reply | 'lost'): void => {
    reply = one;
  };
  subject.ask({ kind: 'get', key }, patienceMs, told, via, { staleMs });
  subject.universe.runFor(patienceMs + 500, () => reply !== undefined);
  return answerOf(reply ?? 'lost');
}

function followerOf(subject: SimulatedSubject) {
  return subject.hosts.find(({ name }) => !subject.leaderReport()!.leader.startsWith(name))!;
}

/** Seeds whose leader reads by its lease. */
const seed = 1;

test.each([
  ['a follower answers what may be old', 1_000, true],
  ['only the leader can say what is written at this moment', 0, false],
])('%s', (_, staleMs, isOfFollower) => {
  const subject = servingSystem(seed);
  ask(subject, put('k', 'one'));
  subject.universe.runFor(1_000);
  subject.coverage.begin();
  expect(near(subject, 'k', staleMs, followerOf(subject).name)).toMatchObject({ value: bytesOfText('one') });
  subject.universe.runFor(500);
  expect(subject.coverage.seen.has('read of a follower')).toBe(isOfFollower);
});

test('who is cut off answers as long as it may, and then only who takes anything', () => {
  const subject = servingSystem(seed);
  ask(subject, put('k', 'one'));
  subject.universe.runFor(1_000);
  const follower = followerOf(subject);
  for (const other of subject.hosts) if (other !== follower) subject.universe.network.cut(follower, other);
  ask(subject, put('k', 'two'), follower.name === 'a' ? 'b' : 'a');
  expect(near(subject, 'k', 5_000, follower.name)).toMatchObject({ value: bytesOfText('one') });
  subject.universe.runFor(5_000);
  expect(near(subject, 'k', 5_000, follower.name)).toMatchObject({ kind: 'refused' });
  expect(near(subject, 'k', Number.POSITIVE_INFINITY, follower.name)).toMatchObject({ value: bytesOfText('one') });
});

test('a follower answers its own peer without a message, and the leader is two away', () => {
  const subject = servingSystem(seed);
  ask(subject, put('k', 'one'));
  const stepMs = 40;
  subject.universe.network.setConditions({ latencyMs: stepMs, tailMs: 0 });
  subject.universe.runFor(1_000);
  const { name } = followerOf(subject);
  const stepsOf = (staleMs: number): number => {
    const beganMs = subject.nowMs;
    expect(near(subject, 'k', staleMs, name)).toMatchObject({ value: bytesOfText('one') });
    return Math.floor((subject.nowMs - beganMs) / stepMs);
  };
  expect([stepsOf(1_000), stepsOf(0)]).toEqual([0, 2]);
});
