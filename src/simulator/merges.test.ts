import { expect, test } from 'vitest';
import { answerOf, ask, patienceMs, problems, put, servingSystem } from '../../test/askedSubject.ts';
import { bytesOfText } from '../base/index.ts';
import type { Reply } from '../store/index.ts';
import { SimulatedSubject } from './subject.ts';

/** A system that serves, split at one key, in a network and on disks that are as good as they get. */
function system(seed: number, peers = 3, borders: readonly string[] = ['m']): SimulatedSubject {
  const subject = servingSystem(seed, peers);
  for (const at of borders) expect(answerOf(ask(subject, { kind: 'border', at }))).toMatchObject({ kind: 'ok' });
  subject.universe.runFor(500);
  expect(subject.cells).toBe(borders.length + 1);
  return subject;
}

function valuesOf(subject: SimulatedSubject, keys: readonly string[]): readonly unknown[] {
  return keys.map((key) => answerOf(ask(subject, { kind: 'get', key })));
}

function leaderOf(subject: SimulatedSubject, from: string) {
  const { leader } = subject.leaders().find((report) => report.from === from)!;
  return subject.hosts.find(({ name }) => leader.startsWith(name))!;
}

test('two cells become one, with all keys of both', () => {
  const subject = system(1);
  const keys = ['a', 'k', 'm', 'z'];
  for (const key of keys) ask(subject, put(key, key));
  expect(answerOf(ask(subject, { kind: 'merge', at: 'm' }))).toMatchObject({ kind: 'ok' });
  subject.universe.runFor(1_000);
  expect(subject.leaders()).toMatchObject([{ cell: '1', from: '', to: undefined, keys: 4, repairs: '' }]);
  expect(valuesOf(subject, keys)).toMatchObject(keys.map((key) => ({ kind: 'value', value: bytesOfText(key) })));
  expect(subject.isWhole()).toBe(true);
  expect(problems(subject)).toEqual([]);
});

test('where no cell begins nothing is to be merged, and the lowest one has nothing below', () => {
  const subject = system(2);
  for (const at of ['k', '']) expect(answerOf(ask(subject, { kind: 'merge', at }))).toMatchObject({ kind: 'ok' });
  expect(subject.cells).toBe(2);
});

test('many cells are merged in any order, split again, and merged again', () => {
  const subject = system(3, 4, ['c', 'm', 't']);
  const keys = ['a', 'd', 'n', 'u'];
  for (const [round, order] of [
    ['m', 't', 'c'],
    ['t', 'c', 'm'],
    ['c', 'm', 't'],
  ].entries()) {
    for (const key of keys) ask(subject, put(key, `${key}${round}`));
    for (const at of order) expect(answerOf(ask(subject, { kind: 'merge', at }))).toMatchObject({ kind: 'ok' });
    subject.universe.runFor(1_000);
    expect(subject.cells).toBe(1);
    const values = keys.map((key) => ({ kind: 'value', value: bytesOfText(`${key}${round}`) }));
    expect(valuesOf(subject, keys)).toMatchObject(values);
    for (const at of order) ask(subject, { kind: 'border', at });
    expect(valuesOf(subject, keys)).toMatchObject(values);
  }
  // Leaders report now and then: the one of the last split has not yet.
  subject.universe.runFor(1_000);
  expect(problems(subject)).toEqual([]);
});

test('calls that are under way while cells merge are all answered, each once', () => {
  const subject = system(4, 5, ['key 3', 'key 5', 'key 7']);
  const counts = new Map<string, number>();
  let isOver = false;
  let open = 0;
  const increment = (key: string, via: string): void => {
    if (isOver) return;
    open++;
    const told = (reply: Reply | 'lost'): void => {
      open--;
      expect(answerOf(reply)).toMatchObject({ kind: 'integer' });
      counts.set(key, (counts.get(key) ?? 0) + 1);
      subject.after(3, () => increment(key, via));
    };
    subject.ask({ kind: 'increment', key, by: 1 }, patienceMs, told, via);
  };
  for (const { name } of subject.hosts) for (let i = 0; i < 10; i++) increment(`key ${i}`, name);
  for (const at of ['key 5', 'key 3', 'key 7']) {
    subject.universe.runFor(700);
    expect(answerOf(ask(subject, { kind: 'merge', at }))).toMatchObject({ kind: 'ok' });
  }
  subject.universe.runFor(700);
  isOver = true;
  subject.universe.runFor(patienceMs, () => open === 0);
  expect(subject.cells).toBe(1);
  for (const [key, count] of counts) {
    expect(answerOf(ask(subject, { kind: 'get', key }))).toMatchObject({ value: bytesOfText(String(count)) });
  }
  expect(problems(subject)).toEqual([]);
});

/** Lets something happen so many milliseconds after a merge was asked for, and looks whether all comes right again. */
function merges(seed: number, ms: number, strike: (subject: SimulatedSubject) => (() => void) | undefined): void {
  const subject = system(seed);
  for (const key of ['a', 'z']) ask(subject, put(key, key));
  subject.ask({ kind: 'merge', at: 'm' }, patienceMs, () => undefined);
  subject.universe.runFor(ms);
  const undo = strike(subject);
  subject.universe.runFor(5_000);
  undo?.();
  subject.universe.runFor(10_000);
  expect(subject.isWhole(), `${seed}: ${JSON.stringify(subject.leaders())}`).toBe(true);
  expect(valuesOf(subject, ['a', 'z'])).toMatchObject(['a', 'z'].map((key) => ({ value: bytesOfText(key) })));
  expect(problems(subject)).toEqual([]);
}

const moments = Array.from({ length: 20 }, (_, i) => 3 * i);

test.each(['', 'm'])('the leader of the cell from "%s" on dies at any moment of a merge', (from) => {
  for (const ms of moments) {
    merges(100 + ms, ms, (subject) => {
      if (!subject.leaders().some((report) => report.from === from)) return undefined;
      const leader = leaderOf(subject, from);
      subject.crash(leader);
      return () => subject.start(leader);
    });
  }
});

test('power fails everywhere at any moment of a merge', () => {
  for (const ms of moments) {
    merges(200 + ms, ms, (subject) => {
      for (const host of subject.hosts) subject.crash(host);
      for (const host of subject.hosts) subject.start(host);
      return undefined;
    });
  }
});

test('a member that was away for a whole merge holds what came of it', () => {
  const subject = system(5);
  for (const key of ['a', 'z']) ask(subject, put(key, key));
  const away = subject.hosts.find((host) => host !== leaderOf(subject, '') && host !== leaderOf(subject, 'm'))!;
  subject.crash(away);
  expect(answerOf(ask(subject, { kind: 'merge', at: 'm' }))).toMatchObject({ kind: 'ok' });
  for (let i = 0; i < 50; i++) ask(subject, put(`k${i}`, 'x'.repeat(10_000)));
  subject.start(away);
  subject.universe.runFor(8_000);
  expect(subject.cells).toBe(1);
  expect(subject.isWhole()).toBe(true);
  expect(problems(subject)).toEqual([]);
});

test('cells that hold little together are merged by themselves where that is asked for, and are not split again', () => {
  const split = { bytes: 20_000, commandsPerSecond: Number.POSITIVE_INFINITY };
  const subject = new SimulatedSubject({ seed: 9, peers: 3, reads: 'lease', split, merge: { bytes: 10_000 } });
  subject.universe.runFor(4_000);
  for (const at of ['c', 'm', 't']) ask(subject, { kind: 'border', at });
  ask(subject, put('d', 'x'.repeat(12_000)));
  subject.universe.runFor(60_000, () => subject.cells === 3);
  subject.universe.runFor(25_000);
  // What holds much stays by itself: the cells above it have become one.
  expect(
    subject
      .leaders()
      .map(({ from }) => from)
      .sort(),
  ).toEqual(['', 'c', 'm']);
  expect(problems(subject)).toEqual([]);
});

test('without a policy nothing is merged', () => {
  const subject = system(10);
  subject.universe.runFor(45_000);
  expect(subject.cells).toBe(2);
});

test('cells that have different members get the same ones first', () => {
  const subject = new SimulatedSubject({ seed: 43, peers: 6, reads: 'quorum' });
  subject.universe.runFor(4_000);
  const seats = subject.witnesses()[0]!.view!.peers.map(({ seat }) => seat);
  const at = seats.sort()[4]!;
  ask(subject, { kind: 'border', at });
  subject.universe.runFor(500);
  for (const key of ['', at]) ask(subject, put(`${key}x`, 'kept'));
  const membersOf = (from: string): string =>
    subject
      .leaders()
      .find((report) => report.from === from)!
      .members.map(({ id }) => id)
      .sort()
      .join();
  // The peers from the home seat on are not the same for both: so are not those who take the place of one that dies.
  const dead = subject.hosts.find(({ name }) => name === 'd')!;
  subject.crash(dead);
  subject.universe.runFor(20_000);
  expect(membersOf('')).not.toBe(membersOf(at));
  const { length } = subject.leaders();
  expect([length, answerOf(ask(subject, { kind: 'merge', at }))]).toMatchObject([2, { kind: 'ok' }]);
  subject.start(dead);
  subject.universe.runFor(8_000);
  expect(subject.isWhole()).toBe(true);
  expect(subject.cells).toBe(1);
  expect(valuesOf(subject, ['x', `${at}x`])).toMatchObject([{ kind: 'value' }, { kind: 'value' }]);
  expect(problems(subject)).toEqual([]);
});
