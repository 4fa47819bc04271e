import { expect, test } from 'vitest';
import { answerOf, ask, problems, put, servingSystem } from '../../test/askedSubject.ts';
import { textOfBytes } from '../base/index.ts';
import type { Answer, Command, SimpleCommand } from '../command/index.ts';
import type { SimulatedSubject } from './subject.ts';

const accounts = ['a', 'f', 'k', 'p', 'u', 'z'];
const balance = 100;
const patienceMs = 10_000;
const snapshotsMost = 6;

/** What `store.snapshot` asks of the store. */
const limits = { rowsMax: 10_000, bytesMax: 1e6, isDown: false, withValues: true } as const;
const everything: SimpleCommand = { kind: 'range', from: '', to: undefined, ...limits };

function multi(...commands: SimpleCommand[]): Command {
  return { kind: 'transaction', checks: [], ranges: [], commands };
}

/** Moves money between two accounts, on and on. */
function move(subject: SimulatedSubject, isOver: () => boolean): void {
  if (isOver()) return;
  const [from, to] = subject.universe.random.shuffle(accounts);
  const command = multi({ kind: 'increment', key: from!, by: -1 }, { kind: 'increment', key: to!, by: 1 });
  const again = (): void => subject.after(10, () => move(subject, isOver));
  if (subject.ask(command, patienceMs, again) === undefined) again();
}

function sumIn(answer: Answer | undefined): number | undefined {
  const rows = answer?.kind === 'executed' ? answer.answers[0] : undefined;
  if (rows?.kind !== 'rows' || rows.rows.length !== accounts.length) return undefined;
  return rows.rows.reduce((sum, { value }) => sum + Number(textOfBytes(value)), 0);
}

test.each([1, 2])('a snapshot over three cells has all the money while it moves between them (seed %s)', (seed) => {
  const subject = servingSystem(seed);
  for (const at of ['h', 'r']) ask(subject, { kind: 'border', at });
  for (const key of accounts) ask(subject, put(key, String(balance)));
  let snapshots = 0;
  const isOver = (): boolean => snapshots >= snapshotsMost;
  for (let i = 0; i < 4; i++) move(subject, isOver);
  for (; snapshots < snapshotsMost; snapshots++) {
    const answer = answerOf(ask(subject, multi(everything))) as Answer;
    expect(sumIn(answer)).toBe(accounts.length * balance);
  }
  subject.universe.runFor(patienceMs);
  expect(subject.cells).toBe(3);
  expect(problems(subject)).toEqual([]);
});
