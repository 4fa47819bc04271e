import { expect, test } from 'vitest';
import { bytesOfText, textOfBytes } from '../base/index.ts';
import type { Command, SimpleCommand } from '../command/index.ts';
import type { Reply } from '../store/index.ts';
import { SimulatedSubject } from './subject.ts';

const patienceMs = 20_000;

/** A system of two cells: the second begins at m. */
function system(seed: number, peers = 3): SimulatedSubject {
  const subject = new SimulatedSubject({ seed, peers, reads: seed % 2 === 0 ? 'quorum' : 'lease' });
  subject.universe.runFor(4_000);
  ask(subject, { kind: 'border', at: 'm' });
  subject.universe.runFor(1_000);
  return subject;
}

function put(key: string, value: string): SimpleCommand {
  const always = { when: { kind: 'always' }, expiry: { kind: 'never' }, returnPrevious: false } as const;
  return { kind: 'put', key, value: bytesOfText(value), ...always };
}

function putMany(values: Record<string, string>, whenAllAbsent = false): Command {
  const entries = Object.entries(values).map(([key, value]) => ({ key, value: bytesOfText(value) }));
  return { kind: 'putMany', entries, whenAllAbsent };
}

function multi(...commands: SimpleCommand[]): Command {
  return { kind: 'transaction', checks: [], ranges: [], commands };
}

/** Asks, lets time pass, and gives the reply. */
function ask(subject: SimulatedSubject, command: Command, via?: string): Reply | 'lost' {
  let reply: Reply | 'lost' | undefined;
  const told = (one: Reply | 'lost'): void => {
    reply = one;
  };
  subject.ask(command, patienceMs, told, via);
  subject.universe.runFor(patienceMs + 1_000, () => reply !== undefined);
  return reply ?? 'lost';
}

function answerOf(reply: Reply | 'lost'): unknown {
  return reply !== 'lost' && reply.kind === 'done' ? reply.answer : reply;
}

function valuesOf(subject: SimulatedSubject, ...keys: string[]): unknown {
  const answer = answerOf(ask(subject, { kind: 'getMany', keys })) as { answers?: { value?: Uint8Array }[] };
  return answer.answers?.map(({ value }) => (value === undefined ? null : textOfBytes(value))) ?? answer;
}

function leaderOf(subject: SimulatedSubject) {
  return subject.hosts.find(({ name }) => subject.leaderReport()!.leader.startsWith(name))!;
}

/** What is wrong once all is over, and what is still locked. */
function problems(subject: SimulatedSubject): readonly string[] {
  subject.universe.runFor(20_000, () => subject.gaps().length === 0 && subject.undecided() === 0);
  return [
    ...subject.universe.faults.map(({ fault }) => String(fault.error)),
    ...subject.log.violations,
    ...subject.gaps(),
    ...(subject.undecided() === 0 ? [] : ['something stays locked']),
  ];
}

test('commands over cells do what they do within one', () => {
  const subject = system(1);
  const answers = (...commands: Command[]): unknown[] => commands.map((command) => answerOf(ask(subject, command)));
  expect(answers(putMany({ a: '1', z: '2' }))).toMatchObject([{ kind: 'ok' }]);
  expect(valuesOf(subject, 'z', 'b', 'a')).toEqual(['2', null, '1']);
  expect(answers({ kind: 'exists', keys: ['a', 'z', 'a', 'y'] })).toEqual([{ kind: 'integer', value: 3 }]);
  expect(answers(putMany({ b: '1', z: '2' }, true), putMany({ b: '1', y: '2' }, true))).toMatchObject([
    { kind: 'notDone' },
    { kind: 'ok' },
  ]);
  expect(
    answers(
      { kind: 'rename', key: 'a', to: 'z', whenAbsent: true },
      { kind: 'rename', key: 'a', to: 'x', whenAbsent: true },
      { kind: 'rename', key: 'a', to: 'z', whenAbsent: false },
      { kind: 'rename', key: 'x', to: 'a', whenAbsent: false },
    ),
  ).toMatchObject([{ kind: 'notDone' }, { kind: 'ok' }, { kind: 'missing' }, { kind: 'ok' }]);
  expect(answers({ kind: 'delete', keys: ['a', 'z', 'nothing'] })).toEqual([{ kind: 'integer', value: 2 }]);
  expect(valuesOf(subject, 'a', 'b', 'y', 'z')).toEqual([null, '1', '2', null]);
  expect(problems(subject)).toEqual([]);
});

test('a transaction reads what it wrote, of all cells, and its checks hold in all or nothing happens', () => {
  const subject = system(2);
  ask(subject, putMany({ a: '1', z: '1' }));
  const range = {
    kind: 'range',
    from: '',
    to: undefined,
    rowsMax: 9,
    bytesMax: 999,
    isDown: true,
    withValues: true,
  } as const;
  const done = answerOf(
    ask(subject, multi({ kind: 'increment', key: 'a', by: 1 }, { kind: 'increment', key: 'z', by: 2 }, range)),
  ) as { version: number };
  expect(done).toMatchObject({
    kind: 'executed',
    answers: [{ value: 2 }, { value: 3 }, { rows: [{ key: 'z' }, { key: 'a' }], more: false }],
  });
  const { version } = done;
  const checked = (a: number, z: number): unknown => {
    const checks = [
      { key: 'a', version: a },
      { key: 'z', version: z },
    ];
    return answerOf(
      ask(subject, { kind: 'transaction', checks, ranges: [], commands: [put('a', '7'), put('z', '7')] }),
    );
  };
  expect(checked(version, version - 1)).toEqual({ kind: 'conflict' });
  expect(valuesOf(subject, 'a', 'z')).toEqual(['2', '3']);
  expect(checked(version, version)).toMatchObject({ kind: 'executed' });
  expect(valuesOf(subject, 'a', 'z')).toEqual(['7', '7']);
});

test('a range over cells that was read does not change unseen', () => {
  const subject = system(3);
  const { version } = answerOf(ask(subject, putMany({ c: '1', n: '1' }))) as { version: number };
  const checks = ['c', 'n'].map((key) => ({ key, version }));
  const ranges = [{ from: 'b', to: 'p', count: 2, newestVersion: version }];
  const command: Command = { kind: 'transaction', checks, ranges, commands: [put('a', '1'), put('z', '1')] };
  expect(answerOf(ask(subject, command))).toMatchObject({ kind: 'executed' });
  ask(subject, put('o', 'a phantom'));
  expect(answerOf(ask(subject, command))).toEqual({ kind: 'conflict' });
});

test('what only one cell can do is refused in words, and nothing of it happens', () => {
  const subject = system(4);
  const refused = ask(subject, multi(put('a', '1'), { kind: 'rename', key: 'a', to: 'z', whenAbsent: false }));
  expect(refused).toMatchObject({ kind: 'refused', reason: expect.stringContaining('more than one cell') });
  expect(ask(subject, multi(put('a', '1'), { kind: 'clear' }))).toMatchObject({ kind: 'refused' });
  const tooLong = ask(subject, putMany({ a: '1', ['z'.repeat(1025)]: '1' }));
  expect(answerOf(tooLong)).toMatchObject({ kind: 'error', problem: 'tooLarge' });
  expect(valuesOf(subject, 'a')).toEqual([null]);
});

test('a transaction over cells takes four message steps, like one in a cell, and one that only reads two reads', () => {
  const subject = system(6);
  const leader = leaderOf(subject).name;
  const other = subject.hosts.find(({ name }) => name !== leader)!.name;
  ask(subject, putMany({ a: '0', z: '0' }), other);
  subject.universe.runFor(1_000);
  const stepMs = 40;
  subject.universe.network.setConditions({ latencyMs: stepMs, tailMs: 0 });
  const stepsOf = (command: Command): number => {
    const beganMs = subject.nowMs;
    expect(answerOf(ask(subject, command, other))).not.toMatchObject({ kind: 'refused' });
    return Math.floor((subject.nowMs - beganMs) / stepMs);
  };
  expect(stepsOf(putMany({ a: '1', b: '1' }))).toBe(4);
  expect(stepsOf(putMany({ a: '1', z: '1' }))).toBe(4);
  subject.universe.runFor(1_000);
  // To the leader and back, and meanwhile the leader asks whether it leads still: this system reads without leases.
  expect(stepsOf({ kind: 'getMany', keys: ['a', 'b'] })).toBe(4);
  expect(stepsOf({ kind: 'getMany', keys: ['a', 'z'] })).toBe(8);
});

test('many that want the same keys of several cells in another order are all done, each once', () => {
  const subject = system(7);
  ask(subject, { kind: 'border', at: 't' });
  ask(subject, putMany({ a: '0', n: '0', z: '0' }));
  let done = 0;
  let asked = 0;
  const orders = [
    ['a', 'n', 'z'],
    ['z', 'a'],
    ['n', 'z'],
    ['z', 'n', 'a'],
  ] as const;
  for (let client = 0; client < 12; client++) {
    const next = (round: number): void => {
      if (round === 0) return;
      asked++;
      const increments = orders[client % 4]!.map((key) => ({ kind: 'increment', key, by: 1 }) as const);
      subject.ask(multi(...increments), patienceMs, (reply) => {
        expect(answerOf(reply)).toMatchObject({ kind: 'executed' });
        done++;
        next(round - 1);
      });
    };
    next(8);
  }
  subject.universe.runFor(60_000, () => done === 96);
  expect([asked, done]).toEqual([96, 96]);
  // Three quarters of them increment each key but z, which all do.
  expect(valuesOf(subject, 'a', 'n', 'z')).toEqual(['72', '72', '96']);
  expect(problems(subject)).toEqual([]);
});

test('a coordinator that dies at any moment leaves all of a transaction or nothing, and nothing locked', () => {
  for (let ms = 0; ms < 12; ms += 0.75) {
    const subject = system(100 + Math.round(ms * 4));
    ask(subject, putMany({ a: '0', z: '0' }));
    const leader = leaderOf(subject);
    const coordinator = subject.hosts.find((host) => host !== leader)!;
    subject.ask(putMany({ a: '1', z: '1' }), patienceMs, () => undefined, coordinator.name);
    subject.universe.runFor(ms);
    subject.crash(coordinator);
    const beganMs = subject.nowMs;
    const [a, z] = valuesOf(subject, 'a', 'z') as string[];
    expect(a).toBe(z);
    expect(subject.nowMs - beganMs).toBeLessThan(4_000);
    expect(problems(subject)).toEqual([]);
  }
});

test('a leader that dies at any moment of a transaction leaves all of it or nothing, as its caller is told', () => {
  for (let ms = 0; ms < 12; ms += 0.75) {
    const subject = system(200 + Math.round(ms * 4));
    ask(subject, putMany({ a: '0', z: '0' }));
    const leader = leaderOf(subject);
    const coordinator = subject.hosts.find((host) => host !== leader)!;
    let told: Reply | 'lost' | undefined;
    const done = (reply: Reply | 'lost'): void => {
      told = reply;
    };
    subject.ask(putMany({ a: '1', z: '1' }), patienceMs, done, coordinator.name);
    subject.universe.runFor(ms);
    subject.crash(leader);
    subject.universe.runFor(patienceMs, () => told !== undefined);
    expect(answerOf(told!)).toMatchObject({ kind: 'ok' });
    expect(valuesOf(subject, 'a', 'z')).toEqual(['1', '1']);
    subject.start(leader);
    expect(problems(subject)).toEqual([]);
  }
});

test('cells that split at any moment of a transaction do all of it or nothing, and nothing stays locked', () => {
  for (let ms = 0; ms < 12; ms += 0.75) {
    const subject = system(300 + Math.round(ms * 4));
    const keys = { a: '0', c: '0', n: '0', z: '0' };
    ask(subject, putMany(keys));
    const told: unknown[] = [];
    for (const at of ['b', 'o']) subject.ask({ kind: 'border', at }, patienceMs, () => undefined);
    subject.universe.runFor(ms);
    for (const value of ['1', '2']) {
      const values = Object.fromEntries(Object.keys(keys).map((key) => [key, value]));
      subject.ask(putMany(values), patienceMs, (reply) => void told.push(answerOf(reply)));
    }
    subject.universe.runFor(patienceMs, () => told.length === 2);
    expect(told).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }]);
    const values = valuesOf(subject, ...Object.keys(keys)) as string[];
    expect(new Set(values).size).toBe(1);
    subject.universe.runFor(1_000);
    expect(subject.cells).toBe(4);
    expect(problems(subject)).toEqual([]);
  }
});

test('what became of a transaction whose outcome was unknown can be asked through any peer', () => {
  const outcomes = new Set<string>();
  for (let ms = 0; ms < 8; ms++) {
    const subject = system(400 + ms);
    ask(subject, putMany({ a: '0', z: '0' }));
    const leader = leaderOf(subject);
    const [first, second] = subject.hosts.filter((host) => host !== leader);
    let told: Reply | 'lost' | undefined;
    const done = (reply: Reply | 'lost'): void => {
      told = reply;
    };
    subject.ask(putMany({ a: '1', z: '1' }), 60, done, first!.name);
    subject.universe.runFor(ms * 0.4);
    subject.crash(leader);
    subject.universe.runFor(10_000, () => told !== undefined);
    if (told === undefined || told === 'lost' || told.kind !== 'unknown') continue;
    const resolve = { kind: 'resolve', ...told.operation } as const;
    const outcome = answerOf(ask(subject, resolve, second!.name)) as { state: string };
    outcomes.add(outcome.state);
    const value = outcome.state === 'executed' ? '1' : '0';
    expect(valuesOf(subject, 'a', 'z')).toEqual([value, value]);
    expect(problems(subject)).toEqual([]);
  }
  expect([...outcomes].sort()).toEqual(['executed', 'never']);
});
