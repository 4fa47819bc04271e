import { expect, test } from 'vitest';
import { answerOf, ask, put, servingSystem } from '../../test/askedSubject.ts';
import { bytesOfText } from '../base/index.ts';
import type { Command } from '../command/index.ts';
import { owedMax } from '../store/limits.ts';
import type { AskWay } from './caller.ts';
import type { SimulatedSubject } from './subject.ts';

/** Asks a peer, and gives how long its answer took, or `never`, by the end of some time. */
function timed(subject: SimulatedSubject, command: Command, via: string, how: AskWay, withinMs = 3_000) {
  const beganMs = subject.nowMs;
  const seen: { answer?: unknown; tookMs: number | 'never' } = { tookMs: 'never' };
  subject.ask(
    command,
    withinMs,
    (reply) => Object.assign(seen, { answer: answerOf(reply), tookMs: subject.nowMs - beganMs }),
    via,
    how,
  );
  subject.universe.runFor(withinMs + 500, () => seen.tookMs !== 'never');
  return seen;
}

const eventual = { isEventual: true } as const;
const get = (key: string): Command => ({ kind: 'get', key });
const followerOf = (subject: SimulatedSubject) =>
  subject.hosts.find(({ name }) => !subject.leaderReport()!.leader.startsWith(name))!;

function cutOff(subject: SimulatedSubject): void {
  const follower = followerOf(subject);
  for (const other of subject.hosts) if (other !== follower) subject.universe.network.cut(follower, other);
}

test('an eventual write is answered at once, and is there for everybody some steps later', () => {
  const subject = servingSystem(1);
  subject.universe.network.setConditions({ latencyMs: 40, tailMs: 0 });
  const { name } = followerOf(subject);
  expect(timed(subject, put('k', 'one'), name, eventual)).toMatchObject({ tookMs: 0, answer: { kind: 'ok' } });
  expect(subject.eventualOf(name)).toMatchObject({ taken: 1, owed: 1, lost: 0 });
  subject.universe.runFor(1_000);
  expect(subject.eventualOf(name)).toMatchObject({ taken: 1, owed: 0, lost: 0 });
  expect(answerOf(ask(subject, get('k')))).toMatchObject({ value: bytesOfText('one') });
});

test('whatever names its key waits for it at the peer that took it, and reads of what may be old do not', () => {
  const subject = servingSystem(1);
  ask(subject, put('k', 'zero'));
  subject.universe.runFor(1_000);
  const { name } = followerOf(subject);
  const anyAge = { staleMs: Number.POSITIVE_INFINITY };
  cutOff(subject);
  timed(subject, put('k', 'one'), name, eventual);
  expect(timed(subject, get('k'), name, anyAge)).toMatchObject({ tookMs: 0, answer: { value: bytesOfText('zero') } });
  expect(timed(subject, get('k'), name, {})).toMatchObject({ answer: { kind: 'refused' } });
  subject.universe.network.heal();
  expect(timed(subject, get('k'), name, {}, 20_000)).toMatchObject({ answer: { value: bytesOfText('one') } });
});

test('what a peer owes is lost with it, and nothing else is', () => {
  const subject = servingSystem(1);
  const follower = followerOf(subject);
  cutOff(subject);
  timed(subject, put('k', 'lost'), follower.name, eventual);
  subject.universe.runFor(1_000);
  subject.crash(follower);
  subject.universe.network.heal();
  subject.start(follower);
  subject.universe.runFor(10_000);
  expect(answerOf(ask(subject, get('k')))).toMatchObject({ kind: 'missing' });
  expect(subject.eventualOf(follower.name)).toMatchObject({ taken: 0, owed: 0, lost: 0 });
});

test('what its cell does not take within a minute is given up, and counted', () => {
  const subject = servingSystem(1);
  const { name } = followerOf(subject);
  cutOff(subject);
  timed(subject, put('k', 'late'), name, eventual);
  subject.universe.runFor(59_000);
  expect(subject.eventualOf(name)).toMatchObject({ owed: 1, lost: 0 });
  subject.universe.runFor(2_000);
  expect(subject.eventualOf(name)).toMatchObject({ owed: 0, lost: 1 });
});

test('who writes more than a peer may owe waits until it is done', () => {
  const subject = servingSystem(1);
  const { name } = followerOf(subject);
  cutOff(subject);
  for (let i = 0; i < owedMax; i++) subject.ask(put(`k${i}`, 'v'), 1_000, () => undefined, name, eventual);
  subject.universe.runFor(10);
  expect(subject.eventualOf(name)).toMatchObject({ owed: owedMax });
  expect(timed(subject, put('one more', 'v'), name, eventual)).toMatchObject({ answer: { kind: 'refused' } });
  subject.universe.network.heal();
  subject.universe.runFor(10_000);
  expect(subject.eventualOf(name)).toMatchObject({ owed: 0, lost: 0 });
});
