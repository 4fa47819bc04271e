import { expect, test } from 'vitest';
import { LoggedState, startMs } from '../../test/loggedState.ts';
import { bytesOfText, type Key, keyAfter, type Range } from '../base/index.ts';
import type { Answer, Command, SimpleCommand, TransactionName } from '../command/index.ts';
import { overdueMs, transactionKeepMs } from './limits.ts';

const whole: Range = { from: '', to: undefined };

function put(key: Key, value: string, afterMs?: number): SimpleCommand {
  const expiry = afterMs === undefined ? ({ kind: 'never' } as const) : ({ kind: 'after', afterMs } as const);
  return { kind: 'put', key, value: bytesOfText(value), when: { kind: 'always' }, expiry, returnPrevious: false };
}

function nameOf(id: string, participants: readonly Range[] = [whole]): TransactionName {
  return { id, beganMs: startMs, participants };
}

interface Wish {
  readonly name?: TransactionName;
  readonly checks?: readonly { readonly key: Key; readonly version: number }[];
  readonly commands?: readonly SimpleCommand[];
  readonly waits?: boolean;
}

function prepare(id: string, wish: Wish = {}): Command {
  const { name = nameOf(id), checks = [], commands = [], waits = false } = wish;
  return { kind: 'prepare', name, pieces: name.participants, checks, ranges: [], commands, waits };
}

function settle(id: string, version: number): Command {
  return { kind: 'settle', within: whole, outcomes: [{ id, version }] };
}

function inquire(id: string): Command {
  return { kind: 'inquire', name: nameOf(id), pieces: [whole] };
}

function voteOf(answer: Answer): string {
  return answer.kind === 'voted' ? answer.vote : answer.kind;
}

function versionOf(answer: Answer): number {
  if (answer.kind !== 'voted') throw new Error(answer.kind);
  return answer.version;
}

/** What the command comes to: 'locked' where it is left undone. */
function tryOut(cell: LoggedState, command: Command): string {
  const [result] = cell.apply([{ sequence: cell.sequence++, command }]);
  return result!.kind === 'done' ? result!.answer.kind : result!.kind;
}

function textOf(cell: LoggedState, key: Key): string {
  const answer = cell.read({ kind: 'get', key });
  if (typeof answer === 'string') return answer;
  return answer.kind === 'value' ? new TextDecoder().decode(answer.value) : answer.kind;
}

test('what is prepared is seen by nobody, and then happens as of the version of the transaction', () => {
  const cell = new LoggedState();
  cell.run(put('a', '1'));
  const vote = cell.run(prepare('t', { commands: [put('a', '2'), { kind: 'get', key: 'a' }] }));
  expect(vote).toMatchObject({ vote: 'yes', answers: [{ kind: 'ok' }, { value: bytesOfText('2') }] });
  expect(() => textOf(cell, 'a')).toThrow('locked');
  expect(tryOut(cell, put('a', '3'))).toBe('locked');
  const version = versionOf(vote) + 5;
  cell.run(settle('t', version));
  expect(cell.read({ kind: 'get', key: 'a' })).toMatchObject({ value: bytesOfText('2'), version });
  expect(cell.state.version).toBeGreaterThanOrEqual(version);
});

test('a backup knows until when it must wait: for what was voted for before it was wished for, and no longer', () => {
  const cell = new LoggedState();
  cell.run(prepare('t', { commands: [put('a', '1')] }));
  const wishedMs = cell.state.timeMs;
  cell.timeMs += 10;
  const later = cell.run(prepare('u', { commands: [put('b', '1')] }));
  expect(cell.state.isDecidedUpTo(wishedMs)).toBe(false);
  cell.run(settle('t', versionOf(later)));
  expect(cell.state.isDecidedUpTo(wishedMs)).toBe(true);
  expect(cell.state.isDecidedUpTo(cell.state.timeMs)).toBe(false);
});

test('what is not committed leaves nothing behind', () => {
  const cell = new LoggedState();
  cell.run(put('a', '1', 1000));
  const before = cell.state.size;
  cell.run(prepare('t', { commands: [{ kind: 'delete', keys: ['a'] }, put('b', '2', 50), put('a', 'long', 70)] }));
  expect(cell.state.size).toEqual(before);
  expect(cell.state.nextExpiryMs()).toBe(startMs + 1000);
  cell.run(settle('t', 0));
  expect([textOf(cell, 'a'), textOf(cell, 'b')]).toEqual(['1', 'missing']);
  expect(voteOf(cell.run(inquire('t')))).toBe('barred');
});

test('what a transaction has read may be read by all and written by nobody', () => {
  const cell = new LoggedState();
  cell.run(put('a', '1'));
  cell.run(prepare('t', { commands: [{ kind: 'get', key: 'a' }] }));
  cell.run(prepare('u', { commands: [{ kind: 'get', key: 'a' }, put('c', '2')] }));
  expect(textOf(cell, 'a')).toBe('1');
  expect(tryOut(cell, put('a', '2'))).toBe('locked');
  cell.run(settle('t', 0));
  expect(tryOut(cell, put('a', '2'))).toBe('locked');
  cell.run(settle('u', 0));
  expect(tryOut(cell, put('a', '2'))).toBe('ok');
});

test('nothing comes into a range that a transaction has read, and nobody reads a range that it writes to', () => {
  const cell = new LoggedState();
  const range = {
    kind: 'range',
    from: 'b',
    to: 'd',
    rowsMax: 9,
    bytesMax: 99,
    isDown: false,
    withValues: true,
  } as const;
  cell.run(prepare('t', { commands: [range] }));
  expect(tryOut(cell, put('c', '1'))).toBe('locked');
  expect(tryOut(cell, { kind: 'clear' })).toBe('locked');
  expect(tryOut(cell, put('d', '1'))).toBe('ok');
  cell.run(settle('t', 0));
  cell.run(prepare('u', { commands: [put('c', '1')] }));
  expect(() => cell.read(range)).toThrow('locked');
  expect(() => cell.read({ ...range, to: 'c' })).not.toThrow();
});

test('a vote waits for nobody, unless it is asked to wait', () => {
  const cell = new LoggedState();
  cell.run(prepare('t', { commands: [put('a', '1')] }));
  expect(voteOf(cell.run(prepare('u', { commands: [put('a', '2')] })))).toBe('busy');
  expect(tryOut(cell, prepare('v', { commands: [put('a', '2')], waits: true }))).toBe('locked');
  cell.run(settle('t', 0));
  expect(voteOf(cell.run(prepare('v', { commands: [put('a', '2')], waits: true })))).toBe('yes');
});

test('a check that does not hold is a vote of no, and locks nothing', () => {
  const cell = new LoggedState();
  cell.run(put('a', '1'));
  expect(voteOf(cell.run(prepare('t', { checks: [{ key: 'a', version: 7 }], commands: [put('a', '2')] })))).toBe('no');
  expect(tryOut(cell, put('a', '2'))).toBe('ok');
});

test('the first vote counts: who asks before it is cast bars it, and who asks later hears what it was', () => {
  const cell = new LoggedState();
  expect(voteOf(cell.run(inquire('t')))).toBe('barred');
  expect(voteOf(cell.run(prepare('t', { commands: [put('a', '1')] })))).toBe('barred');
  expect(tryOut(cell, put('a', '2'))).toBe('ok');
  const vote = cell.run(prepare('u', { commands: [put('a', '3')] }));
  expect(cell.run(inquire('u'))).toMatchObject({ vote: 'yes', version: versionOf(vote) });
  cell.run(settle('u', versionOf(vote) + 1));
  expect(cell.run(inquire('u'))).toMatchObject({ vote: 'committed', version: versionOf(vote) + 1 });
});

test('an outcome is said once: what is said later is not heard', () => {
  const cell = new LoggedState();
  const version = versionOf(cell.run(prepare('t', { commands: [put('a', '1')] })));
  cell.run(settle('t', version));
  cell.run(settle('t', 0));
  cell.run(settle('t', version + 1));
  expect(cell.read({ kind: 'get', key: 'a' })).toMatchObject({ version });
  expect(voteOf(cell.run(inquire('t')))).toBe('committed');
});

test('what is done everywhere is forgotten at once where its caller knows it, and else when nobody may ask any more', () => {
  const cell = new LoggedState();
  for (const id of ['t', 'u']) cell.run(settle(id, versionOf(cell.run(prepare(id, { commands: [put(id, '1')] })))));
  for (const id of ['t', 'u']) cell.run({ kind: 'forget', within: whole, over: [{ id, isTold: id === 't' }] });
  expect(voteOf(cell.run(inquire('u')))).toBe('committed');
  cell.timeMs += transactionKeepMs + 1;
  expect(voteOf(cell.run(inquire('t')))).toBe('closed');
  cell.run({ kind: 'forget', within: whole, over: [{ id: 'u', isTold: false }] });
  expect(voteOf(cell.run(inquire('u')))).toBe('closed');
});

test('long after its beginning a transaction is not voted for, so a bar may go', () => {
  const cell = new LoggedState();
  cell.run(inquire('t'));
  cell.timeMs += transactionKeepMs + 1;
  expect(voteOf(cell.run(inquire('t')))).toBe('closed');
  expect(voteOf(cell.run(prepare('t', { commands: [put('a', '1')] })))).toBe('closed');
});

test('what expires is locked for its reader alone: nobody sees it gone before the transaction is decided', () => {
  const cell = new LoggedState();
  cell.run(put('a', '1', 20));
  cell.run(prepare('t', { commands: [{ kind: 'get', key: 'a' }, put('b', '1')] }));
  cell.timeMs += 30;
  cell.apply([]);
  expect(() => cell.read({ kind: 'get', key: 'a' })).toThrow('locked');
  cell.run(settle('t', cell.state.version));
  expect([textOf(cell, 'a'), textOf(cell, 'b')]).toEqual(['missing', '1']);
});

test('a transaction that nobody finishes becomes overdue', () => {
  const cell = new LoggedState();
  cell.run(prepare('t', { commands: [put('a', '1')] }));
  expect(cell.state.overdue(startMs + overdueMs)).toEqual([]);
  expect(cell.state.overdue(startMs + overdueMs + 1)).toEqual([nameOf('t')]);
});

test('a checkpoint keeps votes, locks and what is intended', () => {
  const cell = new LoggedState();
  const version = versionOf(cell.run(prepare('t', { commands: [put('a', '1'), { kind: 'get', key: 'b' }] })));
  cell.run(inquire('u'));
  cell.checkpoint();
  cell.state.load(whole);
  expect(voteOf(cell.run(prepare('u')))).toBe('barred');
  expect([tryOut(cell, put('a', '2')), tryOut(cell, put('b', '2'))]).toEqual(['locked', 'locked']);
  cell.run(settle('t', version));
  cell.checkpoint();
  cell.state.load(whole);
  expect([textOf(cell, 'a'), voteOf(cell.run(inquire('t')))]).toEqual(['1', 'committed']);
  expect(tryOut(cell, put('b', '2'))).toBe('ok');
});

test.each([true, false])(
  'a split gives votes, locks and intentions to the part that holds the keys (saved: %s)',
  (isSaved) => {
    const lower = new LoggedState();
    const range = {
      kind: 'range',
      from: 'k',
      to: 'n',
      rowsMax: 9,
      bytesMax: 99,
      isDown: false,
      withValues: true,
    } as const;
    const vote = lower.run(
      prepare('t', { commands: [put('a', '1'), put('z', '1'), { kind: 'get', key: 'y' }, range] }),
    );
    lower.run(inquire('u'));
    lower.run(prepare('v', { name: nameOf('v', [{ from: 'x', to: 'xx' }]), commands: [] }));
    if (isSaved) lower.checkpoint();
    lower.split('upper', 'm');
    lower.storage.settle();
    const upper = new LoggedState(lower.storage, {
      cell: 'upper',
      range: { from: 'm', to: undefined },
      index: lower.index,
    });
    for (const cell of [lower, upper]) {
      const { from, to } = cell === lower ? { from: '', to: 'm' } : { from: 'm', to: undefined };
      const [own, read] = cell === lower ? ['a', 'l'] : ['z', 'y'];
      expect(() => textOf(cell, own!)).toThrow('locked');
      expect(tryOut(cell, put(read!, '2'))).toBe('locked');
      expect(cell.run({ kind: 'inquire', name: nameOf('u'), pieces: [{ from, to }] })).toMatchObject({
        vote: 'barred',
      });
      cell.run({ kind: 'settle', within: { from, to }, outcomes: [{ id: 't', version: versionOf(vote) }] });
      expect(textOf(cell, own!)).toBe('1');
      expect(tryOut(cell, put(read!, '2'))).toBe('ok');
    }
    expect(tryOut(upper, put('mm', '2'))).toBe('ok');
    expect(upper.state.overdue(startMs + overdueMs + 1).map(({ id }) => id)).toEqual(['v']);
    expect(lower.state.overdue(startMs + overdueMs + 1)).toEqual([]);
  },
);

test('a part that the cell does not hold all of, or that is not all that it holds, is not voted on', () => {
  const cell = new LoggedState();
  cell.split('upper', 'm');
  const name = nameOf('t', [
    { from: 'a', to: keyAfter('a') },
    { from: 'k', to: keyAfter('z') },
  ]);
  const moved = { kind: 'error', problem: 'moved' };
  const parts = [name.participants, name.participants.slice(0, 1), [{ from: 'a', to: keyAfter('a') }]];
  for (const pieces of parts) {
    expect(cell.run({ ...(prepare('t', { name }) as Command & { kind: 'prepare' }), pieces })).toMatchObject(moved);
  }
  const pieces = [
    { from: 'a', to: keyAfter('a') },
    { from: 'k', to: 'm' },
  ];
  expect(voteOf(cell.run({ ...(prepare('t', { name }) as Command & { kind: 'prepare' }), pieces }))).toBe('yes');
  const late = {
    kind: 'settle',
    within: { from: 'a', to: keyAfter('z') },
    outcomes: [{ id: 't', version: 0 }],
  } as const;
  expect(cell.run(late)).toMatchObject(moved);
});

test('of an operation whose vote was yes only the participants know what became of it', () => {
  const cell = new LoggedState();
  const sequence = cell.sequence;
  cell.run(prepare('t', { commands: [put('a', '1')] }));
  cell.run(prepare('u', { commands: [put('a', '1')] }));
  const resolve = (at: number): Command => ({ kind: 'resolve', session: 'a-session', sequence: at });
  expect(cell.run(resolve(sequence))).toMatchObject({
    state: 'executed',
    answer: { kind: 'voted', name: nameOf('t') },
  });
  expect(cell.run(resolve(sequence + 1))).toMatchObject({ state: 'never' });
});
