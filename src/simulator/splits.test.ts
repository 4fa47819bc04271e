import { expect, test } from 'vitest';
import { answerOf, ask, patienceMs, problems, put, servingSystem } from '../../test/askedSubject.ts';
import { bytesOfText, textOfBytes } from '../base/index.ts';
import type { Reply } from '../store/index.ts';
import type { SimulatedSubject } from './subject.ts';

function rangeOf(subject: SimulatedSubject, isDown: boolean, rowsMax = 100): unknown {
  const range = { from: '', to: undefined, bytesMax: 1e6, withValues: false };
  const answer = answerOf(ask(subject, { kind: 'range', ...range, rowsMax, isDown })) as { rows?: { key: string }[] };
  return answer.rows?.map(({ key }) => key) ?? answer;
}

test('a cell splits at a key, both parts are led by its leader, and all keys are where they were', () => {
  const subject = servingSystem(1);
  for (const key of ['a', 'k', 'm', 'z']) ask(subject, put(key, key));
  const leader = subject.leaderReport()?.leader;
  expect(answerOf(ask(subject, { kind: 'border', at: 'm' }))).toMatchObject({ kind: 'ok' });
  subject.universe.runFor(1_000);
  expect(subject.cells).toBe(2);
  const leaders = subject.leaders().map((report) => [report.from, report.to, report.leader, report.epoch, report.keys]);
  expect(leaders.sort()).toEqual([
    ['', 'm', leader, leaders[0]![3], 2],
    ['m', undefined, leader, leaders[0]![3], 2],
  ]);
  for (const key of ['a', 'k', 'm', 'z']) {
    const answer = answerOf(ask(subject, { kind: 'get', key }, 'b'));
    expect(answer).toMatchObject({ kind: 'value', value: bytesOfText(key) });
  }
  expect(problems(subject)).toEqual([]);
});

test('a border that is there already needs nothing, and the lowest key always has one', () => {
  const subject = servingSystem(2);
  for (const at of ['m', 'm', '']) expect(answerOf(ask(subject, { kind: 'border', at }))).toMatchObject({ kind: 'ok' });
  subject.universe.runFor(1_000);
  expect(subject.cells).toBe(2);
});

test('calls that are under way while cells split are all answered, each once', () => {
  const subject = servingSystem(3, 5);
  const counts = new Map<string, number>();
  let isOver = false;
  let open = 0;
  const increment = (key: string, via: string): void => {
    if (isOver) return;
    open++;
    subject.ask(
      { kind: 'increment', key, by: 1 },
      patienceMs,
      (reply) => {
        open--;
        expect(answerOf(reply)).toMatchObject({ kind: 'integer' });
        counts.set(key, (counts.get(key) ?? 0) + 1);
        subject.after(3, () => increment(key, via));
      },
      via,
    );
  };
  for (const { name } of subject.hosts) for (let i = 0; i < 10; i++) increment(`key ${i}`, name);
  for (const at of ['key 3', 'key 7', 'key 5', 'key 1']) {
    subject.universe.runFor(700);
    expect(answerOf(ask(subject, { kind: 'border', at }))).toMatchObject({ kind: 'ok' });
  }
  subject.universe.runFor(700);
  isOver = true;
  subject.universe.runFor(patienceMs, () => open === 0);
  expect(subject.cells).toBe(5);
  for (const [key, count] of counts) {
    expect(answerOf(ask(subject, { kind: 'get', key }))).toMatchObject({ value: bytesOfText(String(count)) });
  }
  expect(problems(subject)).toEqual([]);
});

test('what concerns all keys is asked of one cell after the other', () => {
  const subject = servingSystem(4);
  for (const key of ['a', 'b', 'k', 'm', 'z']) ask(subject, put(key, key));
  for (const at of ['b', 'm']) ask(subject, { kind: 'border', at });
  expect(rangeOf(subject, false)).toEqual(['a', 'b', 'k', 'm', 'z']);
  expect(rangeOf(subject, true)).toEqual(['z', 'm', 'k', 'b', 'a']);
  expect(rangeOf(subject, false, 3)).toEqual(['a', 'b', 'k']);
  expect(rangeOf(subject, true, 4)).toEqual(['z', 'm', 'k', 'b']);
  expect(answerOf(ask(subject, { kind: 'count' }))).toEqual({ kind: 'integer', value: 5 });
  expect(answerOf(ask(subject, { kind: 'clear' }))).toMatchObject({ kind: 'ok' });
  expect(answerOf(ask(subject, { kind: 'count' }))).toEqual({ kind: 'integer', value: 0 });
});

test('a leader that dies at any moment of a split leaves the cell whole or in two, with all keys', () => {
  for (let ms = 0; ms < 36; ms += 3) {
    const subject = servingSystem(100 + ms);
    for (const key of ['a', 'z']) ask(subject, put(key, key));
    const leader = subject.hosts.find(({ name }) => subject.leaderReport()!.leader.startsWith(name))!;
    subject.ask({ kind: 'border', at: 'm' }, patienceMs, () => undefined, leader.name);
    subject.universe.runFor(ms);
    subject.crash(leader);
    subject.universe.runFor(5_000);
    subject.start(leader);
    subject.universe.runFor(8_000);
    expect(subject.isWhole()).toBe(true);
    for (const key of ['a', 'z']) expect(answerOf(ask(subject, { kind: 'get', key }))).toMatchObject({ kind: 'value' });
    expect(problems(subject)).toEqual([]);
  }
});

test('power that fails everywhere at any moment of a split leaves the cell whole or in two, with all keys', () => {
  for (let ms = 0; ms < 36; ms += 3) {
    const subject = servingSystem(200 + ms);
    for (const key of ['a', 'z']) ask(subject, put(key, key));
    subject.ask({ kind: 'border', at: 'm' }, patienceMs, () => undefined);
    subject.universe.runFor(ms);
    for (const host of subject.hosts) subject.crash(host);
    for (const host of subject.hosts) subject.start(host);
    subject.universe.runFor(10_000);
    expect(subject.isWhole()).toBe(true);
    for (const key of ['a', 'z']) expect(answerOf(ask(subject, { kind: 'get', key }))).toMatchObject({ kind: 'value' });
    expect(problems(subject)).toEqual([]);
  }
});

test('a member that was away while its cell was split twice holds all parts when it is back', () => {
  const subject = servingSystem(6);
  const away = subject.hosts.find(({ name }) => !subject.leaderReport()!.leader.startsWith(name))!;
  subject.crash(away);
  for (const at of ['m', 'c']) expect(answerOf(ask(subject, { kind: 'border', at }))).toMatchObject({ kind: 'ok' });
  subject.start(away);
  subject.universe.runFor(5_000);
  expect(subject.cells).toBe(3);
  expect(subject.isWhole()).toBe(true);
  expect(problems(subject)).toEqual([]);
});

test('what became of an operation of a cell that was split off can be asked through any peer', () => {
  const subject = servingSystem(7);
  ask(subject, { kind: 'border', at: 'm' });
  const leader = subject.hosts.find(({ name }) => subject.leaderReport()!.leader.startsWith(name))!;
  const other = subject.hosts.find((host) => host !== leader)!;
  ask(subject, put('z', '0'), other.name);
  let unknown: Reply | 'lost' | undefined;
  subject.ask(
    put('z', '1'),
    50,
    (reply) => {
      unknown = reply;
    },
    other.name,
  );
  subject.universe.runFor(1);
  subject.crash(leader);
  subject.universe.runFor(10_000, () => unknown !== undefined);
  if (unknown === undefined || unknown === 'lost' || unknown.kind !== 'unknown') throw new Error('it is known');
  expect(unknown.operation.session).toContain('.');
  const asked = { kind: 'resolve', ...unknown.operation } as const;
  const third = subject.hosts.find((host) => host !== leader && host !== other)!;
  const outcome = answerOf(ask(subject, asked, third.name)) as { state: string };
  expect(['executed', 'never']).toContain(outcome.state);
  const value = outcome.state === 'executed' ? '1' : '0';
  expect(answerOf(ask(subject, { kind: 'get', key: 'z' }))).toMatchObject({ value: bytesOfText(value) });
});

test('what one connection pipelines is done in its order, also by two cells, and while one becomes two', () => {
  const subject = servingSystem(8);
  const [reader, writer] = subject.hosts;
  const rounds = 150;
  let replies = 0;
  subject.universe.network.setConditions({ lossProbability: 0.05, duplicateProbability: 0.1, tailMs: 20 });
  const next = (): void => {
    const round = replies / 2 + 1;
    if (round <= rounds) connection.send(bytesOfText(`SET z ${round}\r\nSET a ${round}\r\n`));
  };
  const connection = subject.universe.connect(writer!, {
    opened: next,
    data: (bytes) => {
      const before = replies;
      replies += bytes.filter((byte) => byte === '+'.charCodeAt(0)).length;
      if (replies > before && replies % 2 === 0) next();
    },
    closed: () => undefined,
  });
  subject.after(500, () => subject.ask({ kind: 'border', at: 'm' }, patienceMs, () => undefined));
  const late: string[] = [];
  const look = (): void => {
    const read = (key: string, then: (value: number) => void): void => {
      const told = (reply: Reply | 'lost'): void => {
        const { value } = answerOf(reply) as { value?: Uint8Array };
        then(value === undefined ? 0 : Number(textOfBytes(value)));
      };
      subject.ask({ kind: 'get', key }, patienceMs, told, reader!.name);
    };
    read('a', (a) =>
      read('z', (z) => {
        // Each round writes z first: whoever finds a in a round finds z in it, or in a later one.
        if (z < a) late.push(`z is of round ${z}, and a was of ${a}`);
        if (replies < 2 * rounds) subject.after(1, look);
      }),
    );
  };
  look();
  subject.universe.runFor(120_000, () => replies === 2 * rounds);
  expect(replies).toBe(2 * rounds);
  expect(subject.cells).toBe(2);
  expect(late).toEqual([]);
  expect(problems(subject)).toEqual([]);
});
