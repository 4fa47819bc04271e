import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyCollectionCommand, collectionKeys, collectionsIn } from '../../test/anyCollectionCommand.ts';
import { anyCommand } from '../../test/anyCommand.ts';
import { anyListCommand } from '../../test/anyListCommand.ts';
import { anySortedCommand } from '../../test/anySortedCommand.ts';
import { LoggedState, startMs } from '../../test/loggedState.ts';
import { MemoryStorage } from '../../test/memoryStorage.ts';
import { bytesOfText, type Key, type Range } from '../base/index.ts';
import type { Command, RowAnswer } from '../command/index.ts';

function put(key: Key, value: string, afterMs?: number): Command {
  const expiry = afterMs === undefined ? ({ kind: 'never' } as const) : ({ kind: 'after', afterMs } as const);
  return { kind: 'put', key, value: bytesOfText(value), when: { kind: 'always' }, expiry, returnPrevious: false };
}

/** The lower cell behind a split at the key, and the upper one as it begins from the disk. */
function splitAt(lower: LoggedState, at: Key): { lower: LoggedState; upper: LoggedState } {
  lower.split('upper', at);
  lower.storage.settle();
  const upper = new LoggedState(lower.storage, {
    cell: 'upper',
    range: { from: at, to: undefined },
    index: lower.index,
  });
  return { lower, upper };
}

function rowsOf(cell: LoggedState, { from, to }: Range): readonly RowAnswer[] {
  const asked = { kind: 'range', from, to, rowsMax: 1000, bytesMax: 1e7, isDown: false, withValues: true } as const;
  const answer = cell.read(asked, 0);
  if (typeof answer === 'string' || answer.kind !== 'rows') throw new Error(JSON.stringify(answer));
  return answer.rows;
}

function moment(cell: LoggedState, kind: 'frozen' | 'settled' | 'none'): void {
  if (kind === 'frozen') cell.freeze();
  if (kind === 'settled') cell.checkpoint();
}

test('a split gives each part its keys, versions and expiries, whatever was on the disk', () => {
  const anyMoment = fc.constantFrom('none' as const, 'settled' as const);
  const anyOne = fc.oneof(anyCommand, anyCollectionCommand, anyListCommand, anySortedCommand);
  const steps = fc.array(fc.record({ command: anyOne, passMs: fc.nat(20), moment: anyMoment }), { maxLength: 30 });
  const anyLast = fc.constantFrom('none' as const, 'settled' as const, 'frozen' as const);
  const keys = fc.constantFrom('a', 'aa', 'b', 'c', '\xff');
  fc.assert(
    fc.property(steps, steps, anyLast, keys, (before, since, last, at) => {
      const whole = new LoggedState();
      const cell = new LoggedState();
      const run = ({
        command,
        passMs,
        moment: one,
      }: {
        command: Command;
        passMs: number;
        moment: 'none' | 'settled';
      }) => {
        for (const each of [whole, cell]) {
          each.timeMs += passMs;
          each.run(command);
        }
        return one;
      };
      for (const step of before) moment(cell, run(step));
      moment(cell, last);
      for (const step of since) run(step);
      whole.apply([]);
      cell.apply([]);
      const { lower, upper } = splitAt(cell, at);
      const rows = rowsOf(whole, { from: '', to: undefined });
      expect(rowsOf(lower, { from: '', to: at })).toEqual(rows.filter(({ key }) => key < at));
      expect(rowsOf(upper, { from: at, to: undefined })).toEqual(rows.filter(({ key }) => key >= at));
      const below = collectionKeys.filter((key) => key < at);
      const above = collectionKeys.filter((key) => key >= at);
      expect(collectionsIn(lower, below)).toEqual(collectionsIn(whole, below));
      expect(collectionsIn(upper, above)).toEqual(collectionsIn(whole, above));
      // Keys are counted some at a time, while others are written and go.
      for (const key of ['a', 'b', '\xff']) {
        const command: Command = key === 'b' ? { kind: 'delete', keys: [key] } : put(key, 'more');
        for (const each of [whole, key < at ? lower : upper]) each.run(command);
        for (const each of [lower, upper]) each.state.countSome(1);
      }
      if (last === 'frozen') lower.state.committed();
      lower.checkpoint();
      lower.state.load({ from: '', to: at });
      for (const each of [lower, upper]) each.state.countSome(100);
      const sizes = [lower.state.size, upper.state.size];
      expect(sizes[0]!.keys + sizes[1]!.keys).toBe(whole.state.size.keys);
      expect(sizes[0]!.bytes + sizes[1]!.bytes).toBe(whole.state.size.bytes);
      const expiries = [lower, upper].map(({ state }) => state.nextExpiryMs() ?? Number.POSITIVE_INFINITY);
      expect(Math.min(...expiries)).toBe(whole.state.nextExpiryMs() ?? Number.POSITIVE_INFINITY);
    }),
    { numRuns: 300 },
  );
});

test('a second split gives away nothing that the first one gave to another, be it on its way to the disk', () => {
  const cell = new LoggedState();
  for (const key of ['a', 'b', 'c']) cell.run(put(key, 'old'));
  cell.freeze();
  cell.run(put('c', 'new'));
  cell.split('highest', 'c');
  const { upper } = splitAt(cell, 'b');
  const highest = new LoggedState(cell.storage, {
    cell: 'highest',
    range: { from: 'c', to: undefined },
    index: cell.index,
  });
  expect(rowsOf(highest, { from: 'c', to: undefined }).map(({ value }) => value)).toEqual([bytesOfText('new')]);
  expect(rowsOf(upper, { from: 'b', to: 'c' }).map(({ key }) => key)).toEqual(['b']);
});

test('what expires behind a split goes from the part that holds it', () => {
  const whole = new LoggedState();
  whole.run(put('a', '1', 50));
  whole.run(put('z', '2', 50));
  const { lower, upper } = splitAt(whole, 'm');
  for (const cell of [lower, upper]) {
    cell.state.countSome(10);
    expect(cell.state.size.keys).toBe(1);
    cell.timeMs = startMs + 51;
    cell.apply([]);
    expect(cell.state.size.keys).toBe(0);
  }
});

test('log time and versions go on in both parts', () => {
  const whole = new LoggedState();
  whole.timeMs += 5_000;
  const before = whole.run(put('z', '1'));
  const { lower, upper } = splitAt(whole, 'm');
  expect(upper.state.timeMs).toBe(startMs + 5_000);
  // The clock of the next leader is behind.
  upper.timeMs = startMs;
  lower.timeMs = startMs;
  for (const [cell, key] of [
    [upper, 'z'],
    [lower, 'a'],
  ] as const) {
    const after = cell.run(put(key, '2'));
    expect(after).toMatchObject({ kind: 'ok' });
    expect((after as { version: number }).version).toBeGreaterThan((before as { version: number }).version);
  }
});

test('an operation of keys that another cell has moved for good, and was answered before if it happened before', () => {
  const whole = new LoggedState();
  const happened = { sequence: 7, command: put('z', '1') };
  const answered = whole.apply([happened]);
  whole.split('upper', 'm');
  expect(whole.apply([happened])).toEqual(answered);
  const late = { sequence: 8, command: put('z', '2') };
  const [moved] = whole.apply([late]);
  expect(moved).toMatchObject({ answer: { kind: 'error', problem: 'moved' } });
  expect(whole.apply([late])).toEqual([moved]);
  expect(whole.run({ kind: 'resolve', session: 'a-session', sequence: 8 })).toMatchObject({ state: 'never' });
  // What follows it waits until another cell has done it.
  expect(whole.apply([{ sequence: 9, after: 8, command: put('a', '1') }])).toEqual([{ kind: 'early' }]);
  expect(whole.apply([{ sequence: 9, command: put('a', '1') }])).toMatchObject([{ kind: 'done' }]);
});

test('a command is moved if any of its keys is elsewhere', () => {
  const { lower, upper } = splitAt(new LoggedState(), 'm');
  const many: Command = { kind: 'getMany', keys: ['a', 'z'] };
  for (const cell of [lower, upper]) {
    expect(cell.read(many)).toMatchObject({ problem: 'moved' });
    expect(cell.read({ kind: 'count' })).toMatchObject({ problem: 'moved' });
  }
  expect(lower.read({ kind: 'countCell', from: '', to: 'm' })).toMatchObject({ value: 0 });
  expect(lower.read({ kind: 'countCell', from: '', to: 'k' })).toMatchObject({ problem: 'moved' });
});

test('a border is there, or needs a split, or is for another cell to make', () => {
  const { lower, upper } = splitAt(new LoggedState(), 'm');
  expect(upper.read({ kind: 'border', at: 'm' })).toMatchObject({ kind: 'ok' });
  expect(upper.read({ kind: 'border', at: 'x' })).toBe('needs leader');
  expect(lower.read({ kind: 'border', at: 'x' })).toMatchObject({ problem: 'moved' });
});

test('a cell that was split is the same after a restart', () => {
  const storage = new MemoryStorage();
  const whole = new LoggedState(storage);
  for (const key of ['a', 'k', 'm', 'z']) whole.run(put(key, key));
  const { lower } = splitAt(whole, 'm');
  lower.checkpoint();
  const again = new LoggedState(storage, { range: { from: '', to: 'm' }, index: lower.index });
  expect(rowsOf(again, { from: '', to: 'm' })).toEqual(rowsOf(lower, { from: '', to: 'm' }));
  again.state.countSome(100);
  lower.state.countSome(100);
  expect(again.state.size).toEqual(lower.state.size);
  expect(lower.read({ kind: 'countCell', from: '', to: 'm' })).toMatchObject({ value: 2 });
});
