import { expect, test } from 'vitest';
import { answerOf, ask, patienceMs, problems, put, servingSystem } from '../../test/askedSubject.ts';
import { bytesOfText } from '../base/index.ts';
import type { Reply } from '../store/index.ts';
import type { SimulatedSubject } from './subject.ts';

/** Has all keys of a prefix held by so many members, or as many as others where that is 0. */
function wish(subject: SimulatedSubject, prefix: string, replicas: number, at = prefix): Reply | 'lost' {
  return ask(subject, { kind: 'arrange', at, wish: { kind: 'degree', prefix, replicas } });
}

/** What cells there are, in their order, each as where it begins and how many members it has. */
function cellsOf(subject: SimulatedSubject): string {
  const leaders = subject.leaders().sort((a, b) => (a.from < b.from ? -1 : 1));
  return leaders.map(({ from, members }) => `${from}:${members.length}`).join(' ');
}

function settle(subject: SimulatedSubject, cells: string): void {
  subject.universe.runFor(
    30_000,
    () => cellsOf(subject) === cells && subject.leaders().every((one) => one.repairs === ''),
  );
  expect(cellsOf(subject)).toBe(cells);
}

test('the keys of a prefix come to have more members and fewer while they are written, and other keys stay as they are', () => {
  const subject = servingSystem(1, 6);
  for (const key of ['a', 'n', 'z']) answerOf(ask(subject, put(key, key)));
  const replies: (Reply | 'lost')[] = [];
  const keys = ['n1', 'n2', 'n3', 'a1', 'z1'];
  let isOver = false;
  const write = (count: number): void => {
    if (isOver) return;
    subject.ask(put(keys[count % keys.length]!, String(count)), patienceMs, (reply) => replies.push(reply));
    subject.after(20, () => write(count + 1));
  };
  write(0);
  for (const replicas of [3, 5, 1, 3, 7, 3]) {
    expect(answerOf(wish(subject, 'n', replicas))).toEqual({ kind: 'arranged', upTo: 'o' });
    settle(subject, `:3 n:${Math.min(replicas, 5)} o:3`);
  }
  isOver = true;
  subject.universe.runFor(patienceMs);
  expect(replies.length).toBeGreaterThan(100);
  for (const reply of replies) expect(reply).toMatchObject({ kind: 'done', answer: { kind: 'ok' } });
  for (const key of ['a', 'n', 'z']) {
    expect(answerOf(ask(subject, { kind: 'get', key }))).toMatchObject({ value: bytesOfText(key) });
  }
  expect(subject.universe.faults).toEqual([]);
  expect(problems(subject)).toEqual([]);
});

test('of two prefixes the longer one decides, and where it asks for nothing any more the shorter one does', () => {
  const subject = servingSystem(2, 6);
  expect(answerOf(wish(subject, 'n', 5))).toMatchObject({ kind: 'arranged' });
  expect(answerOf(wish(subject, 'nn', 1))).toEqual({ kind: 'arranged', upTo: 'no' });
  settle(subject, ':3 n:5 nn:1 no:5 o:3');
  // The cells below, of, and above the longer prefix take note of it in turn.
  for (const at of ['n', 'nn', 'no']) expect(answerOf(wish(subject, 'n', 3, at))).toMatchObject({ kind: 'arranged' });
  settle(subject, ':3 n:3 nn:1 no:3 o:3');
  expect(answerOf(wish(subject, 'nn', 0))).toEqual({ kind: 'arranged', upTo: 'no' });
  settle(subject, ':3 n:3 nn:3 no:3 o:3');
  expect(problems(subject)).toEqual([]);
});

test('cells of which other numbers are wanted are not merged, and those of which the same is wanted are', () => {
  const subject = servingSystem(3, 5);
  expect(answerOf(wish(subject, 'n', 5))).toMatchObject({ kind: 'arranged' });
  settle(subject, ':3 n:5 o:3');
  expect(answerOf(ask(subject, { kind: 'merge', at: 'n' }))).toMatchObject({ kind: 'declined' });
  expect(answerOf(ask(subject, { kind: 'border', at: 'nn' }))).toMatchObject({ kind: 'ok' });
  settle(subject, ':3 n:5 nn:5 o:3');
  expect(answerOf(ask(subject, { kind: 'merge', at: 'nn' }))).toMatchObject({ kind: 'ok' });
  settle(subject, ':3 n:5 o:3');
  expect(answerOf(wish(subject, 'n', 0))).toMatchObject({ kind: 'arranged' });
  settle(subject, ':3 n:3 o:3');
  expect(answerOf(ask(subject, { kind: 'merge', at: 'n' }))).toMatchObject({ kind: 'ok' });
  settle(subject, ':3 o:3');
  expect(problems(subject)).toEqual([]);
});

test('a number that no cell can have is declined', () => {
  const subject = servingSystem(4, 3);
  expect(answerOf(wish(subject, 'n', 2))).toEqual({ kind: 'declined', reason: 'a cell has 1, 3, 5, 7 members, not 2' });
  expect(subject.cells).toBe(1);
});

test('what is wanted outlasts the power of all peers', () => {
  const subject = servingSystem(5, 5);
  expect(answerOf(wish(subject, 'n', 5))).toMatchObject({ kind: 'arranged' });
  settle(subject, ':3 n:5 o:3');
  for (const host of subject.hosts) subject.crash(host);
  for (const host of subject.hosts) subject.start(host);
  settle(subject, ':3 n:5 o:3');
  expect(subject.leaders().find(({ from }) => from === 'n')?.degrees).toEqual([{ prefix: 'n', replicas: 5 }]);
});
