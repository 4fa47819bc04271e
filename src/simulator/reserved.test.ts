import { expect, test } from 'vitest';
import { answerOf, ask, problems, put, servingSystem } from '../../test/askedSubject.ts';
import { bytesOfText } from '../base/index.ts';
import type { Answer, Command, SimpleCommand } from '../command/index.ts';
import type { Reply } from '../store/index.ts';
import { RespReader, type RespReply } from './respReader.ts';
import type { SimulatedSubject } from './subject.ts';

const seed = 1;
const leaseMs = 15_000;

function reserve(subject: SimulatedSubject, key: string, holder: string, isExclusive = true): Answer {
  const asked = { kind: 'reserve', key, holder, label: holder, sinceMs: undefined, isExclusive, leaseMs } as const;
  return answerOf(ask(subject, asked)) as Answer;
}

function renew(key: string, holder: string): SimpleCommand {
  return { kind: 'renew', key, holder, isExclusive: true, leaseMs };
}

function together(...commands: SimpleCommand[]): Command {
  return { kind: 'transaction', checks: [], ranges: [], commands };
}

/** Asks with so little patience that nobody lets go meanwhile. */
function impatiently(subject: SimulatedSubject, command: Command): Reply | 'lost' | undefined {
  let reply: Reply | 'lost' | undefined;
  subject.ask(command, 1_000, (one) => {
    reply = one;
  });
  subject.universe.runFor(4_000, () => reply !== undefined);
  return reply;
}

test('who writes what is reserved waits, and is told that it did not happen, and never does', () => {
  const subject = servingSystem(seed);
  expect(reserve(subject, 'k', 'Ada')).toMatchObject({ obstacle: undefined });
  const reply = impatiently(subject, put('k', 'stolen'));
  expect(reply).toMatchObject({
    kind: 'refused',
    because: 'reserved',
    reason: expect.stringContaining('Ada has reserved'),
  });
  ask(subject, { kind: 'release', key: 'k', holder: 'Ada' });
  subject.universe.runFor(5_000);
  expect(answerOf(ask(subject, { kind: 'get', key: 'k' }))).toEqual({ kind: 'missing' });
  expect(problems(subject)).toEqual([]);
});

test('who is patient writes when the lease is over', () => {
  const subject = servingSystem(seed);
  reserve(subject, 'k', 'Ada');
  const beganMs = subject.nowMs;
  expect(answerOf(ask(subject, put('k', 'late')))).toMatchObject({ kind: 'ok' });
  expect(subject.nowMs - beganMs).toBeGreaterThan(leaseMs - 2_000);
});

test('over several cells all or nothing happens of what rests on reservations, and others are told who has them', () => {
  const subject = servingSystem(seed);
  ask(subject, { kind: 'border', at: 'm' });
  subject.universe.runFor(3_000);
  for (const key of ['a', 'z']) expect(reserve(subject, key, 'Ada')).toMatchObject({ obstacle: undefined });
  expect(impatiently(subject, together(put('a', 'x'), put('z', 'x')))).toMatchObject({
    kind: 'refused',
    because: 'reserved',
  });
  const own = together(renew('a', 'Ada'), renew('z', 'Ada'), put('a', 'mine'), put('z', 'mine'));
  expect(answerOf(ask(subject, own))).toMatchObject({ kind: 'executed' });
  ask(subject, { kind: 'release', key: 'z', holder: 'Ada' });
  const gone = together(renew('a', 'Ada'), renew('z', 'Ada'), put('a', 'again'), put('z', 'again'));
  expect(answerOf(ask(subject, gone))).toEqual({ kind: 'conflict' });
  expect(answerOf(ask(subject, { kind: 'length', key: 'a' }))).toMatchObject({ value: 4 });
  expect(subject.undecided()).toBe(0);
});

test('a client of the gateway is told who has a key, for all that waited behind, and goes on', () => {
  const subject = servingSystem(seed);
  reserve(subject, 'k', 'Ada');
  const replies: (RespReply | 'lost')[] = [];
  const reader = new RespReader();
  const connection = subject.universe.connect(subject.hosts[0]!, {
    opened: () => connection.send(bytesOfText('SET k stolen\r\nSET k2 behind\r\n')),
    data: (bytes) => {
      reader.add(bytes);
      for (let reply = reader.take(); reply !== undefined; reply = reader.take()) replies.push(reply);
    },
    closed: () => replies.push('lost'),
  });
  subject.universe.runFor(8_000, () => replies.length === 2);
  const refusal = { kind: 'error', text: expect.stringMatching(/^RESERVED Ada has reserved it for another \d+\.\d s/) };
  expect(replies).toMatchObject([refusal, refusal]);
  connection.send(bytesOfText('SET k2 mine\r\nGET k\r\nGET k2\r\n'));
  subject.universe.runFor(8_000, () => replies.length === 5);
  expect(replies.slice(2)).toEqual([{ kind: 'text', text: 'OK' }, { kind: 'nil' }, { kind: 'text', text: 'mine' }]);
});
