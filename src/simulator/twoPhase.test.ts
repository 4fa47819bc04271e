import { expect, test } from 'vitest';
import { answerOf, ask, problems, put, servingSystem } from '../../test/askedSubject.ts';
import { bytesOfText, textOfBytes } from '../base/index.ts';
import type { Command } from '../command/index.ts';
import type { CommitWay, Reply } from '../store/index.ts';
import type { SimulatedHost } from '../world/simulated/index.ts';
import type { SimulatedSubject } from './subject.ts';

const patienceMs = 5_000;

function putBoth(value: string): Command {
  const entries = ['a', 'z'].map((key) => ({ key, value: bytesOfText(value) }));
  return { kind: 'putMany', entries, whenAllAbsent: false };
}

/** Two cells, which both hold a nought, and a peer that leads none of them. */
function system(seed: number): { subject: SimulatedSubject; coordinator: SimulatedHost } {
  const subject = servingSystem(seed);
  ask(subject, { kind: 'border', at: 'm' });
  ask(subject, putBoth('0'));
  subject.universe.runFor(1_000);
  const leader = subject.leaderReport()!.leader;
  return { subject, coordinator: subject.hosts.find(({ name }) => !leader.startsWith(name))! };
}

/** What both keys hold; undefined where they stay locked for longer than somebody waits. */
function values(subject: SimulatedSubject, via?: string): readonly string[] | undefined {
  let reply: Reply | 'lost' | undefined;
  const told = (one: Reply | 'lost'): void => {
    reply = one;
  };
  subject.ask({ kind: 'getMany', keys: ['a', 'z'] }, patienceMs, told, via);
  subject.universe.runFor(patienceMs + 1_000, () => reply !== undefined);
  const answer = answerOf(reply ?? 'lost') as { answers?: { value: Uint8Array }[] };
  return answer.answers?.map(({ value }) => textOfBytes(value));
}

/** Has the coordinator die when the first vote is applied: all will vote, and nobody hears it. */
function orphan(seed: number, commit: CommitWay) {
  const { subject, coordinator } = system(seed);
  let isStruck = false;
  subject.universe.ambush('commit/2 a vote is applied', () => {
    isStruck = true;
    subject.after(0, () => subject.crash(coordinator));
  });
  subject.ask(putBoth('1'), patienceMs, () => undefined, coordinator.name, { commit });
  subject.universe.runFor(1_000, () => isStruck && !coordinator.isRunning);
  return { subject, coordinator };
}

test('who commits by votes is finished by others, and its keys are free within seconds', () => {
  const { subject, coordinator } = orphan(1, 'votes');
  const beganMs = subject.nowMs;
  expect(values(subject)).toEqual(['1', '1']);
  expect(subject.nowMs - beganMs).toBeLessThan(4_000);
  subject.start(coordinator);
  expect(problems(subject)).toEqual([]);
});

test('who commits in two phases keeps its keys locked until it is back', () => {
  const { subject, coordinator } = orphan(1, 'twoPhase');
  const beganMs = subject.nowMs;
  while (subject.nowMs < beganMs + 60_000) expect(values(subject)).toBeUndefined();
  expect(subject.undecided()).toBe(2);
  subject.start(coordinator);
  const backMs = subject.nowMs;
  subject.universe.runFor(10_000, () => subject.undecided() === 0);
  expect(subject.nowMs - backMs).toBeLessThan(5_000);
  // It remembers nothing, and no decision was logged: so there is none.
  expect(values(subject)).toEqual(['0', '0']);
  expect(problems(subject)).toEqual([]);
});

test('who meets keys that nobody can free now is told that nothing happened, and nothing does', () => {
  const { subject, coordinator } = orphan(1, 'twoPhase');
  const commands: Command[] = [put('a', '2'), { kind: 'get', key: 'z' }];
  const replies: (Reply | 'lost')[] = [];
  for (const command of commands) subject.ask(command, patienceMs, (reply) => replies.push(reply));
  subject.universe.runFor(patienceMs + 2_000, () => replies.length === commands.length);
  const refusal = { kind: 'refused', because: 'locked', reason: expect.stringContaining('this was not done') };
  expect(replies).toEqual(commands.map(() => expect.objectContaining(refusal)));
  subject.start(coordinator);
  subject.universe.runFor(10_000, () => subject.undecided() === 0);
  expect(values(subject)).toEqual(['0', '0']);
  expect(problems(subject)).toEqual([]);
});

test('who commits in two phases and dies at any moment leaves all of it or nothing, once it is back', () => {
  const seen = new Set<string>();
  for (let ms = 0; ms < 20; ms += 1) {
    const { subject, coordinator } = system(100 + ms);
    subject.ask(putBoth('1'), patienceMs, () => undefined, coordinator.name, { commit: 'twoPhase' });
    subject.universe.runFor(ms);
    subject.crash(coordinator);
    subject.universe.runFor(3_000);
    subject.start(coordinator);
    subject.universe.runFor(15_000, () => subject.undecided() === 0);
    const [a, z] = values(subject) ?? [];
    expect(a).toBe(z);
    seen.add(a!);
    expect(problems(subject)).toEqual([]);
  }
  expect([...seen].sort()).toEqual(['0', '1']);
});

test('in two phases a caller is told as ever, after four message steps more', () => {
  const { subject, coordinator } = system(2);
  subject.universe.network.setConditions({ latencyMs: 40, tailMs: 0 });
  const stepsOf = (commit: CommitWay): number => {
    const beganMs = subject.nowMs;
    let reply: Reply | 'lost' | undefined;
    const told = (one: Reply | 'lost'): void => {
      reply = one;
    };
    subject.ask(putBoth('1'), patienceMs, told, coordinator.name, { commit });
    subject.universe.runFor(patienceMs, () => reply !== undefined);
    expect(answerOf(reply!)).toMatchObject({ kind: 'ok' });
    return Math.floor((subject.nowMs - beganMs) / 40);
  };
  expect(stepsOf('votes')).toBe(4);
  subject.universe.runFor(1_000);
  expect(stepsOf('twoPhase')).toBe(8);
});
