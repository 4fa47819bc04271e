import { expect, test } from 'vitest';
import { LoggedState, startMs } from '../../test/loggedState.ts';
import { bytesOfText, everything, textOfBytes } from '../base/index.ts';
import type { Answer, Command, OperationResult, SimpleCommand } from '../command/index.ts';

const leaseMs = 1_000;

function put(key: string, value: string): SimpleCommand {
  const how = { when: { kind: 'always' }, expiry: { kind: 'never' }, returnPrevious: false } as const;
  return { kind: 'put', key, value: bytesOfText(value), ...how };
}

function reserve(key: string, holder: string, isExclusive: boolean, sinceMs?: number): Command {
  return { kind: 'reserve', key, holder, label: `name of ${holder}`, sinceMs, isExclusive, leaseMs };
}

function renew(key: string, holder: string, isExclusive = true): SimpleCommand {
  return { kind: 'renew', key, holder, isExclusive, leaseMs };
}

function together(...commands: SimpleCommand[]): Command {
  return { kind: 'transaction', checks: [], ranges: [], commands };
}

function attempt(cell: LoggedState, command: Command): OperationResult {
  return cell.apply([{ sequence: cell.sequence++, command }])[0]!;
}

function heldAt(cell: LoggedState, key: string): string | undefined {
  const answer = cell.read({ kind: 'get', key });
  return typeof answer !== 'string' && answer.kind === 'value' ? textOfBytes(answer.value) : undefined;
}

function hasIt(answer: Answer): boolean {
  return answer.kind === 'reserved' && answer.obstacle === undefined;
}

/** What those see who watch all keys, from the first change on. */
function told(cell: LoggedState, locks: boolean): string[] {
  const limits = { rowsMax: 100, bytesMax: 1e6, waits: false };
  const answer = cell.read({ kind: 'changes', ...everything, since: { index: 1, offset: 0 }, ...limits, locks });
  if (typeof answer === 'string' || answer.kind !== 'changes') throw new Error('no changes');
  return answer.changes.map(({ kind, key }) => `${kind} ${key}`);
}

test('what one has reserved for itself others read and do not write, and the holder writes it', () => {
  const cell = new LoggedState();
  cell.run(put('a', 'old'));
  expect(hasIt(cell.run(reserve('a', 'ada', true)))).toBe(true);
  expect(attempt(cell, put('a', 'stolen'))).toEqual({ kind: 'reserved', label: 'name of ada', remainingMs: leaseMs });
  expect(attempt(cell, together(renew('a', 'bob'), put('a', 'stolen')))).toMatchObject({ kind: 'reserved' });
  expect(attempt(cell, { kind: 'clear' })).toMatchObject({ kind: 'reserved' });
  expect(heldAt(cell, 'a')).toBe('old');
  expect(cell.run(together(renew('a', 'ada'), put('a', 'new')))).toMatchObject({ kind: 'executed' });
  cell.run({ kind: 'release', key: 'a', holder: 'ada' });
  expect(cell.run(put('a', 'newer'))).toMatchObject({ kind: 'ok' });
  expect(heldAt(cell, 'a')).toBe('newer');
});

test('what several share nobody writes, not one of them either, until one alone has it', () => {
  const cell = new LoggedState();
  expect(hasIt(cell.run(reserve('a', 'ada', false, 5)))).toBe(true);
  expect(hasIt(cell.run(reserve('a', 'bob', false, 3)))).toBe(true);
  expect(attempt(cell, together(renew('a', 'ada', false), put('a', 'x')))).toMatchObject({ kind: 'reserved' });
  expect(cell.run(reserve('a', 'eve', true))).toMatchObject({ obstacle: { holder: 'bob', sinceMs: 3 } });
  expect(cell.run(reserve('a', 'ada', true, 5))).toMatchObject({ obstacle: { holder: 'bob' } });
  cell.run({ kind: 'release', key: 'a', holder: 'bob' });
  expect(hasIt(cell.run(reserve('a', 'ada', true, 5)))).toBe(true);
  expect(cell.run(together(renew('a', 'ada'), put('a', 'x')))).toMatchObject({ kind: 'executed' });
});

test('a lease that is not renewed ends by log time, and what rests on it does not happen', () => {
  const cell = new LoggedState();
  cell.run(reserve('a', 'ada', true));
  cell.run(reserve('b', 'ada', true));
  expect(cell.state.nextExpiryMs()).toBe(startMs + leaseMs);
  cell.timeMs += leaseMs - 1;
  expect(cell.run(renew('b', 'ada'))).toMatchObject({ obstacle: undefined });
  cell.timeMs += 1;
  expect(cell.run(renew('a', 'ada'))).toMatchObject({ obstacle: { holder: '' } });
  expect(cell.state.transactions.reserved).toBe(1);
  expect(cell.run(together(renew('a', 'ada'), renew('b', 'ada'), put('b', 'x')))).toEqual({ kind: 'conflict' });
  expect(heldAt(cell, 'b')).toBeUndefined();
  cell.timeMs += leaseMs;
  expect(cell.run(put('b', 'y'))).toMatchObject({ kind: 'ok' });
  expect(cell.state.nextExpiryMs()).toBeUndefined();
});

test('a part of a transaction over cells is voted for if what it rests on is reserved, and others are told that it is busy', () => {
  const cell = new LoggedState();
  cell.run(reserve('a', 'ada', true));
  const participants = [everything];
  const prepare = (id: string, ...commands: SimpleCommand[]): Answer =>
    cell.run({
      ...{ kind: 'prepare', name: { id, beganMs: startMs, participants }, pieces: participants, waits: false },
      ...{ checks: [], ranges: [], commands },
    });
  expect(prepare('1', put('a', 'stolen'))).toMatchObject({ vote: 'busy' });
  expect(prepare('2', renew('a', 'eve'), put('c', 'x'))).toMatchObject({ vote: 'no' });
  expect(prepare('3', renew('a', 'ada'), put('a', 'new'))).toMatchObject({ vote: 'yes' });
  // What is decided later is voted on: the lease may be over by then, and nobody else has the key before.
  cell.timeMs += 2 * leaseMs;
  expect(attempt(cell, reserve('a', 'eve', true))).toEqual({ kind: 'locked' });
  expect(attempt(cell, { kind: 'release', key: 'a', holder: 'ada' })).toEqual({ kind: 'locked' });
  cell.run({ kind: 'settle', within: everything, outcomes: [{ id: '3', version: cell.state.version }] });
  expect(heldAt(cell, 'a')).toBe('new');
  expect(hasIt(cell.run(reserve('a', 'eve', true)))).toBe(true);
});

test('reservations stand in checkpoints, and go with their keys over splits and merges', () => {
  const lower = new LoggedState();
  for (const key of ['a', 'b', 'x', 'y']) lower.run(reserve(key, 'ada', true));
  lower.run({ kind: 'release', key: 'b', holder: 'ada' });
  lower.checkpoint();
  lower.run({ kind: 'release', key: 'y', holder: 'ada' });
  const past = lower.split('2', 'm');
  lower.storage.settle();
  const upper = new LoggedState(lower.storage, { cell: '2', range: { from: 'm', to: undefined }, index: lower.index });
  upper.state.history = past;
  expect([lower, upper].map(({ state }) => state.transactions.reserved)).toEqual([1, 1]);
  expect(attempt(upper, put('x', 'stolen'))).toMatchObject({ kind: 'reserved' });
  expect(attempt(upper, put('y', 'mine'))).toMatchObject({ kind: 'done' });
  lower.checkpoint();
  upper.checkpoint();
  const again = new LoggedState(lower.storage, { index: lower.index, range: { from: '', to: 'm' } });
  again.sequence = lower.sequence;
  expect(attempt(again, put('a', 'stolen'))).toMatchObject({ kind: 'reserved' });
  again.absorb(upper);
  expect(again.state.transactions.reserved).toBe(2);
  expect(attempt(again, put('x', 'stolen'))).toMatchObject({ kind: 'reserved' });
  expect(again.run(together(renew('x', 'ada'), put('x', 'new')))).toMatchObject({ kind: 'executed' });
});

test('who asks for it is told who reserves for writing and that it ends, among the changes and in their order', () => {
  const cell = new LoggedState();
  cell.run(reserve('shared', 'ada', false));
  cell.run(reserve('a', 'ada', true));
  cell.run(together(renew('a', 'ada'), put('a', 'x')));
  cell.run({ kind: 'release', key: 'a', holder: 'ada' });
  cell.run(reserve('b', 'ada', true));
  cell.timeMs += leaseMs;
  cell.run(put('c', 'y'));
  expect(told(cell, false)).toEqual(['put a', 'put c']);
  expect(told(cell, true)).toEqual(['lock a', 'put a', 'release a', 'lock b', 'release b', 'put c']);
});

test('what cannot be reserved so is refused in words', () => {
  const cell = new LoggedState();
  const wrong = (change: object): Answer => cell.run({ ...reserve('a', 'ada', true), ...change } as Command);
  expect(wrong({ leaseMs: 1e9 })).toMatchObject({ kind: 'error', problem: 'malformed' });
  expect(wrong({ leaseMs: Number.NaN })).toMatchObject({ kind: 'error', problem: 'malformed' });
  expect(wrong({ label: 'x'.repeat(129) })).toMatchObject({ kind: 'error', problem: 'malformed' });
  expect(wrong({ key: 'k'.repeat(2_000) })).toMatchObject({ kind: 'error', problem: 'tooLarge' });
});
