import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyCollectionCommand, collectionKeys, collectionsIn } from '../../test/anyCollectionCommand.ts';
import { anyCommand } from '../../test/anyCommand.ts';
import { anySortedCommand } from '../../test/anySortedCommand.ts';
import { LoggedState, startMs } from '../../test/loggedState.ts';
import { bytesOfText, type Key, type Range } from '../base/index.ts';
import type { Answer, Command, RowAnswer, SimpleCommand } from '../command/index.ts';
import { historyChangesMax } from './limits.ts';

const whole: Range = { from: '', to: undefined };
const pieces: readonly Range[] = [
  { from: 'a', to: 'a\0' },
  { from: 'z', to: 'z\0' },
];

function put(key: Key, value: string, afterMs?: number): SimpleCommand {
  const expiry = afterMs === undefined ? ({ kind: 'never' } as const) : ({ kind: 'after', afterMs } as const);
  return { kind: 'put', key, value: bytesOfText(value), when: { kind: 'always' }, expiry, returnPrevious: false };
}

/** Two cells with a border at the key. */
function pair(at: Key = 'm'): { lower: LoggedState; upper: LoggedState } {
  const lower = new LoggedState();
  lower.split('upper', at);
  lower.storage.settle();
  const upper = new LoggedState(lower.storage, {
    cell: 'upper',
    range: { from: at, to: undefined },
    index: lower.index,
  });
  return { lower, upper };
}

function rowsOf(cell: LoggedState): readonly RowAnswer[] {
  const asked = { kind: 'range', ...whole, rowsMax: 1000, bytesMax: 1e7, isDown: false, withValues: true } as const;
  const answer = cell.read(asked, 0);
  if (typeof answer === 'string' || answer.kind !== 'rows') throw new Error(JSON.stringify(answer));
  return answer.rows;
}

function keysOf(command: Command): readonly Key[] {
  const to = 'to' in command && command.kind !== 'range' && command.to !== undefined ? [command.to] : [];
  if ('key' in command) return [command.key, ...to];
  if ('keys' in command) return [...command.keys, ...to];
  return 'entries' in command ? command.entries.map(({ key }) => key) : [];
}

test('two cells become one that holds what both held, whatever was on the disk', () => {
  const anyMoment = fc.constantFrom('none' as const, 'settled' as const);
  const steps = fc.array(fc.record({ command: anyCommand, passMs: fc.nat(20), moment: anyMoment }), { maxLength: 40 });
  fc.assert(
    fc.property(steps, fc.constantFrom('a', 'aa', 'b', 'c', '\xff'), (story, at) => {
      const { lower, upper } = pair(at);
      const values = new Map<Key, RowAnswer>();
      for (const { command, passMs, moment } of story) {
        const keys = keysOf(command);
        const cell = keys.every((key) => key < at) ? lower : keys.every((key) => key >= at) ? upper : undefined;
        if (cell === undefined || keys.length === 0) continue;
        cell.timeMs += passMs;
        cell.run(command);
        if (moment === 'settled') cell.checkpoint();
      }
      const times = Math.max(lower.timeMs, upper.timeMs);
      for (const cell of [lower, upper]) {
        cell.timeMs = times;
        cell.apply([]);
        for (const row of rowsOfPart(cell)) values.set(row.key, row);
      }
      const versions = Math.max(lower.state.version, upper.state.version);
      lower.absorb(upper);
      expect(rowsOf(lower)).toEqual([...values.values()]);
      expect(lower.state.version).toBe(versions);
      lower.state.countSome(1000);
      expect(lower.state.size.keys).toBe(values.size);
      lower.checkpoint();
      const again = new LoggedState(lower.storage, { index: lower.index });
      expect(rowsOf(again)).toEqual([...values.values()]);
    }),
    { numRuns: 200 },
  );
});

test('what collections hold goes into the one cell with them, whatever was on the disk', () => {
  const command = fc.oneof(anyCollectionCommand, anySortedCommand);
  const steps = fc.array(fc.record({ command, isSettled: fc.boolean() }), { maxLength: 40 });
  fc.assert(
    fc.property(steps, fc.constantFrom(...collectionKeys.slice(1)), (story, at) => {
      const { lower, upper } = pair(at);
      for (const { command: asked, isSettled } of story) {
        const keys = keysOf(asked);
        const cell = keys.every((key) => key < at) ? lower : keys.every((key) => key >= at) ? upper : undefined;
        if (cell === undefined) continue;
        cell.run(asked);
        if (isSettled) cell.checkpoint();
      }
      const [below, above] = [collectionKeys.filter((key) => key < at), collectionKeys.filter((key) => key >= at)];
      const held = [...collectionsIn(lower, below), ...collectionsIn(upper, above)];
      lower.absorb(upper);
      expect(collectionsIn(lower)).toEqual(held);
      lower.checkpoint();
      expect(collectionsIn(new LoggedState(lower.storage, { index: lower.index }))).toEqual(held);
    }),
    { numRuns: 200 },
  );
});

function rowsOfPart(cell: LoggedState): readonly RowAnswer[] {
  const { from, to } = cell.range;
  const asked = { kind: 'range', from, to, rowsMax: 1000, bytesMax: 1e7, isDown: false, withValues: true } as const;
  const answer = cell.read(asked, 0);
  return typeof answer !== 'string' && answer.kind === 'rows' ? answer.rows : [];
}

test('what expires goes from the cell that absorbed it, and log time is the later one', () => {
  const { lower, upper } = pair();
  upper.run(put('z', '1', 50));
  upper.timeMs += 20;
  upper.apply([]);
  lower.absorb(upper);
  expect(lower.state.timeMs).toBe(startMs + 20);
  expect(lower.state.nextExpiryMs()).toBe(startMs + 50);
  lower.timeMs = startMs + 51;
  lower.apply([]);
  expect(lower.state.size.keys).toBe(0);
});

test('what was executed in the sealed cell is answered as before, and nothing more is done under its names', () => {
  const { lower, upper } = pair();
  const known = { sequence: 5, command: { kind: 'increment', key: 'z', by: 1 } as const };
  const answered = upper.apply([known]);
  lower.absorb(upper);
  const late = { sequence: 6, command: put('z', 'x') };
  expect(lower.apply([known, late], 0, upper.session)).toMatchObject([answered[0], { answer: { problem: 'moved' } }]);
  const resolve = (sequence: number): Answer => lower.run({ kind: 'resolve', session: upper.session, sequence });
  expect([5, 6, 7].map(resolve)).toMatchObject([{ state: 'executed' }, { state: 'never' }, { state: 'never' }]);
  const opening = { sequence: 0, command: { kind: 'openSession', openedMs: startMs } as const };
  expect(lower.apply([opening], 0, 'new.upper')).toMatchObject([{ answer: { problem: 'sessionRefused' } }]);
});

test('a sealed cell answers what it has executed, and of the rest that it has moved', () => {
  const { upper } = pair();
  const known = { sequence: 5, command: { kind: 'increment', key: 'z', by: 1 } as const };
  upper.apply([known]);
  upper.state.skip({ epoch: 1, index: ++upper.index }, { kind: 'sealed', lower: '1', lowerEpoch: 2, nonce: 'n' });
  upper.checkpoint();
  upper.state.load(upper.range);
  expect(upper.close(upper.session, [5, 6])).toMatchObject([
    { kind: 'done', answer: { kind: 'integer' } },
    { kind: 'done', answer: { problem: 'moved' } },
  ]);
  expect(upper.close('nobody.upper', [1])).toEqual([{ kind: 'unknownSession' }]);
});

/** A transaction of both cells: what became of it in each, before they are one. */
function prepared(...voters: readonly LoggedState[]): { readonly name: string; readonly version: number } {
  let version = 0;
  for (const cell of voters) {
    const [piece] = pieces.filter(({ from }) => (cell.cell === 'upper') === from > 'm');
    const name = { id: 't', beganMs: startMs, participants: pieces };
    const work = { checks: [], ranges: [], commands: [put(piece!.from, 'new')] };
    const answer = cell.run({ kind: 'prepare', name, pieces: [piece!], ...work, waits: false });
    if (answer.kind !== 'voted') throw new Error(answer.kind);
    version = Math.max(version, answer.version);
  }
  return { name: 't', version };
}

function voteOf(cell: LoggedState): string {
  const name = { id: 't', beganMs: startMs, participants: pieces };
  const answer = cell.run({ kind: 'inquire', name, pieces });
  return answer.kind === 'voted' ? answer.vote : answer.kind;
}

function textOf(cell: LoggedState, key: Key): string {
  const answer = cell.read({ kind: 'get', key });
  return typeof answer === 'string' || answer.kind !== 'value' ? 'nothing' : new TextDecoder().decode(answer.value);
}

test('a transaction that both cells have voted for is one, and is settled as one', () => {
  const { lower, upper } = pair();
  const { version } = prepared(lower, upper);
  lower.absorb(upper);
  expect(voteOf(lower)).toBe('yes');
  expect(lower.apply([{ sequence: 90, command: put('z', 'x') }])).toEqual([{ kind: 'locked' }]);
  lower.run({ kind: 'settle', within: whole, outcomes: [{ id: 't', version }] });
  expect(['a', 'z'].map((key) => textOf(lower, key))).toEqual(['new', 'new']);
});

test.each([0, 1])('a transaction that only one of them has voted for is not committed: number %i', (which) => {
  const { lower, upper } = pair();
  prepared([lower, upper][which]!);
  lower.absorb(upper);
  expect(lower.state.transactions.undecided).toBe(0);
  expect(voteOf(lower)).toBe('barred');
  lower.run(put('a', 'x'));
  expect(textOf(lower, 'a')).toBe('x');
});

test('what one of them had not voted for cannot be voted for when they are parted again', () => {
  const { lower, upper } = pair();
  prepared(lower);
  lower.absorb(upper);
  lower.split('again', 'm');
  lower.storage.settle();
  const range = { from: 'm', to: undefined };
  const again = new LoggedState(lower.storage, { cell: 'again', range, index: lower.index });
  const name = { id: 't', beganMs: startMs, participants: pieces };
  const work = { checks: [], ranges: [], commands: [put('z', 'new')] };
  const late = again.run({ kind: 'prepare', name, pieces: [pieces[1]!], ...work, waits: false });
  expect(late).toMatchObject({ kind: 'voted', vote: 'barred' });
});

test.each([0, 1])('what one of them has committed happens in the other when they become one: number %i', (which) => {
  const { lower, upper } = pair();
  const { version } = prepared(lower, upper);
  [lower, upper][which]!.run({ kind: 'settle', within: pieces[which]!, outcomes: [{ id: 't', version }] });
  const since = lower.state.history.end;
  lower.absorb(upper);
  expect(['a', 'z'].map((key) => textOf(lower, key))).toEqual(['new', 'new']);
  expect(voteOf(lower)).toBe('committed');
  expect(lower.state.transactions.undecided).toBe(0);
  const told = changesOf(lower, which === 0 ? { from: 'm', to: undefined } : { from: '', to: 'm' }, since);
  expect(told.filter(({ version: one }) => one === version)).toHaveLength(1);
});

test('a transaction of one of them and a third cell stays as it is', () => {
  const { lower, upper } = pair();
  const participants = [{ from: 'z', to: 'z\0' }];
  const name = { id: 't', beganMs: startMs, participants };
  upper.run({
    ...{ kind: 'prepare', name, pieces: participants, checks: [], ranges: [] },
    ...{ commands: [put('z', 'new')], waits: false },
  });
  lower.absorb(upper);
  expect(lower.state.transactions.undecided).toBe(1);
});

/** All that is told of a range from a place on, however many answers it takes. */
function changesOf(cell: LoggedState, range: Range, since: { readonly index: number; readonly offset: number }) {
  const told: { key: string; version: number; kind: string }[] = [];
  for (let i = 0, place = since; i < 10; i++) {
    const asked = {
      kind: 'changes',
      ...range,
      since: place,
      rowsMax: 2,
      bytesMax: 1e6,
      waits: false,
      locks: false,
    } as const;
    const answer = cell.read(asked);
    if (typeof answer === 'string' || answer.kind !== 'changes') throw new Error(JSON.stringify(answer));
    if (answer.missed) told.push({ key: '', version: 0, kind: 'missed' });
    told.push(...answer.changes.map(({ key, version, kind }) => ({ key, version, kind })));
    place = answer.next;
  }
  return told;
}

test('a place of either cell stays good, and who asks for the keys of both is told of one after the other', () => {
  const { lower, upper } = pair();
  const begun = lower.state.history.end;
  for (let i = 0; i < 5; i++) upper.run(put(`z${i}`, 'before'));
  const upperPlace = upper.state.history.end;
  const lowerPlace = lower.state.history.end;
  lower.run(put('a', 'before'));
  for (let i = 0; i < 3; i++) upper.run(put(`y${i}`, 'before'));
  lower.absorb(upper);
  lower.run(put('b', 'behind'));
  lower.run(put('x', 'behind'));
  const keys = (range: Range, since: typeof begun): string[] => changesOf(lower, range, since).map(({ key }) => key);
  expect(keys({ from: 'm', to: undefined }, upperPlace)).toEqual(['y0', 'y1', 'y2', 'x']);
  expect(keys({ from: '', to: 'm' }, lowerPlace)).toEqual(['a', 'b']);
  const asked = {
    kind: 'changes',
    ...whole,
    since: begun,
    rowsMax: 100,
    bytesMax: 1e6,
    waits: true,
    locks: false,
  } as const;
  expect(lower.read(asked)).toMatchObject({ from: '', to: 'm', missed: false });
});

test('whoever was away for longer than is remembered is told that something is missing', () => {
  const { lower, upper } = pair();
  const place = upper.state.history.end;
  upper.run(put('z', 'before'));
  lower.absorb(upper);
  for (let i = 0; i <= historyChangesMax; i++) lower.run(put('a', `${i}`));
  expect(changesOf(lower, { from: 'm', to: undefined }, place)[0]).toMatchObject({ kind: 'missed' });
  const again = pair();
  const old = again.upper.state.history.end;
  again.lower.absorb(again.upper);
  again.lower.checkpoint();
  again.lower.state.load(whole);
  expect(changesOf(again.lower, { from: 'm', to: undefined }, old)[0]).toMatchObject({ kind: 'missed' });
});
