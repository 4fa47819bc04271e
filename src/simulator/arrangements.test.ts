import { expect, test } from 'vitest';
import { answerOf, ask, patienceMs, problems, put, servingSystem } from '../../test/askedSubject.ts';
import { bytesOfText } from '../base/index.ts';
import type { Arrangement } from '../command/index.ts';
import type { Reply } from '../store/index.ts';
import type { SimulatedSubject } from './subject.ts';

function arrange(subject: SimulatedSubject, wish: Arrangement): unknown {
  return answerOf(ask(subject, { kind: 'arrange', at: 'k', wish }));
}

function namesIn(subject: SimulatedSubject): { leader: string; members: string } {
  const { leader, members } = subject.leaders()[0]!;
  return {
    leader: leader[0]!,
    members: members
      .map(({ id }) => id[0])
      .sort()
      .join(''),
  };
}

test('the lead goes to the member that is named, one after the other, and writes wait for no more than a few messages', () => {
  const subject = servingSystem(1);
  for (let round = 0; round < 6; round++) {
    const { leader, members } = namesIn(subject);
    const peer = [...members].find((name) => name !== leader)!;
    const sentMs = subject.nowMs;
    const answeredMs: number[] = [];
    const write = (): void => {
      if (answeredMs.length === 40) return;
      subject.ask(put('k', String(round)), patienceMs, (reply) => {
        expect(reply).toMatchObject({ kind: 'done' });
        answeredMs.push(subject.nowMs);
        write();
      });
    };
    write();
    expect(arrange(subject, { kind: 'lead', peer })).toMatchObject({ kind: 'arranged' });
    subject.universe.runFor(5_000, () => answeredMs.length === 40);
    const gaps = answeredMs.map((atMs, i) => atMs - (answeredMs[i - 1] ?? sentMs));
    expect(Math.max(...gaps)).toBeLessThan(150);
    subject.universe.runFor(1_000);
    expect(namesIn(subject).leader).toBe(peer);
  }
  expect(problems(subject)).toEqual([]);
});

test('a member gives way for the peer that is named, while the cell is written', () => {
  const subject = servingSystem(2, 5);
  const replies: (Reply | 'lost')[] = [];
  let isOver = false;
  const write = (count: number): void => {
    if (isOver) return;
    subject.ask(put(`k${count % 7}`, String(count)), patienceMs, (reply) => replies.push(reply));
    subject.after(20, () => write(count + 1));
  };
  write(0);
  for (let round = 0; round < 6; round++) {
    const { leader, members } = namesIn(subject);
    // The leader gives way as well.
    const from = round % 2 === 0 ? leader : [...members].find((name) => name !== leader)!;
    const to = [...'abcde'].find((name) => !members.includes(name))!;
    expect(arrange(subject, { kind: 'move', from, to })).toMatchObject({ kind: 'arranged' });
    subject.universe.runFor(1_000);
    const wanted = [...members].filter((name) => name !== from).concat(to);
    expect(namesIn(subject).members).toBe(wanted.sort().join(''));
  }
  isOver = true;
  subject.universe.runFor(patienceMs);
  for (const reply of replies) expect(reply).toMatchObject({ kind: 'done', answer: { kind: 'ok' } });
  expect(answerOf(ask(subject, { kind: 'get', key: 'k1' }))).toMatchObject({
    value: expect.any(bytesOfText('').constructor),
  });
  expect(problems(subject)).toEqual([]);
});

test('what cannot be, or would be undone, is declined in words', () => {
  const subject = servingSystem(3, 4);
  const { leader, members } = namesIn(subject);
  const other = [...members].find((name) => name !== leader)!;
  const outside = [...'abcd'].find((name) => !members.includes(name))!;
  const why = (wish: Arrangement): unknown => (arrange(subject, wish) as { reason?: string }).reason;
  expect(why({ kind: 'lead', peer: outside })).toBe(`${outside} is no member`);
  expect(why({ kind: 'move', from: other, to: 'x' })).toBe('no peer x is there');
  expect(why({ kind: 'move', from: leader, to: other })).toBe(`${other} is a member already`);
  expect(why({ kind: 'move', from: 'x', to: outside })).toBe('x is no member');
  subject.kill(subject.hosts.find(({ name }) => name === other)!);
  subject.universe.runFor(10_000, () => subject.leaders().every(({ survivesFailures }) => survivesFailures === 0));
  subject.universe.runFor(5_000);
  expect(why({ kind: 'lead', peer: other })).toBe(`${other} is away`);
  const third = [...members].find((name) => name !== leader && name !== other)!;
  expect(why({ kind: 'move', from: third, to: outside })).toBe(`${other} is away, and that is seen to first`);
  expect(namesIn(subject)).toEqual({ leader, members });
});
