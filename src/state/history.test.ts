import { expect, test } from 'vitest';
import { LoggedState } from '../../test/loggedState.ts';
import { bytesOfText, everything, type Range, textOfBytes } from '../base/index.ts';
import type { Answer, Command, SimpleCommand } from '../command/index.ts';
import { type ChangesAnswer, Pursuit, rangeBehind } from '../store/index.ts';
import { History } from './history.ts';
import { historyChangesMax } from './limits.ts';

function put(key: string, value: string, afterMs?: number): SimpleCommand {
  const expiry = afterMs === undefined ? ({ kind: 'never' } as const) : ({ kind: 'after', afterMs } as const);
  return { kind: 'put', key, value: bytesOfText(value), when: { kind: 'always' }, expiry, returnPrevious: false };
}

function ask(cell: LoggedState, range: Range, since: ChangesAnswer['next'] | undefined, rowsMax = 100): ChangesAnswer {
  const asked: Command = { kind: 'changes', ...range, since, rowsMax, bytesMax: 1e6, waits: false, locks: false };
  const answer = cell.read(asked) as Answer;
  if (answer.kind !== 'changes') throw new Error(JSON.stringify(answer));
  return answer;
}

/** What was told, as short texts. */
function texts({ changes, missed }: Pick<ChangesAnswer, 'changes' | 'missed'>): string[] {
  const told = changes.map(({ kind, key, value }) => `${kind} ${key}${value ? ` ${textOfBytes(value)}` : ''}`);
  return missed ? ['missed', ...told] : told;
}

test('whoever asks from a place on is told each change behind it once, a few at a time', () => {
  const cell = new LoggedState();
  cell.run(put('a', 'before'));
  const begun = ask(cell, everything, undefined);
  expect(texts(begun)).toEqual([]);
  cell.run(put('a', '1'));
  cell.run({
    kind: 'putMany',
    entries: ['b', 'c', 'd'].map((key) => ({ key, value: bytesOfText('2') })),
    whenAllAbsent: false,
  });
  cell.run({ kind: 'delete', keys: ['a', 'z'] });
  const told: string[] = [];
  let since = begun.next;
  for (let i = 0; i < 4; i++) {
    const answer = ask(cell, everything, since, 2);
    told.push(...texts(answer));
    since = answer.next;
  }
  expect(told).toEqual(['put a 1', 'put b 2', 'put c 2', 'put d 2', 'delete a']);
  expect(texts(ask(cell, { from: 'b', to: 'd' }, begun.next))).toEqual(['put b 2', 'put c 2']);
});

test('expiries and clears are told, and what a transaction tries is told when it happens', () => {
  const cell = new LoggedState();
  const { next } = ask(cell, everything, undefined);
  cell.run(put('a', '1', 50));
  cell.timeMs += 100;
  cell.run({ kind: 'transaction', checks: [], ranges: [], commands: [put('b', '2'), put('b', '3')] });
  cell.run({ kind: 'clear' });
  expect(texts(ask(cell, everything, next))).toEqual(['put a 1', 'put b 2', 'put b 3', 'expire a', 'clear ']);
});

test('a replica that begins anew knows what it replays, and says where something may be missing', () => {
  const cell = new LoggedState();
  cell.run(put('a', '1'));
  const { next } = ask(cell, everything, undefined);
  cell.run(put('a', '2'));
  cell.checkpoint();
  cell.run(put('a', '3'));
  const again = new LoggedState(cell.storage, { index: cell.index - 1 });
  expect(texts(ask(again, everything, next))).toEqual(['missed']);
  again.sequence = cell.sequence;
  const { next: now } = ask(again, everything, undefined);
  again.run(put('a', '4'));
  expect(texts(ask(again, everything, now))).toEqual(['put a 4']);
});

test('what does not fit is forgotten, and whoever comes for it is told so', () => {
  const history = new History();
  for (let index = 1; index <= historyChangesMax + 10; index++) {
    history.begin(index);
    history.add('delete', `k${index % 7}`, index, undefined);
  }
  const read = (index: number) =>
    history.read({ ...everything, since: { index, offset: 0 }, rowsMax: 1e6, bytesMax: 1e9, locks: false });
  expect(read(10)).toMatchObject({ missed: true, changes: [] });
  expect(read(11)).toMatchObject({ missed: false });
  expect(read(11).changes).toHaveLength(historyChangesMax);
});

test('a pursuit goes on where a token says, and in both parts of a cell that was split meanwhile', () => {
  const cell = new LoggedState();
  const { from, to, next } = ask(cell, everything, undefined);
  const pursuit = new Pursuit([{ from, to, since: next }]);
  for (const key of ['a', 'n', 'b']) cell.run(put(key, '1'));
  const [whole] = pursuit.pieces;
  const taken = pursuit.take(whole!, ask(cell, whole!, whole!.since));
  expect(taken.next().value).toMatchObject({ change: { key: 'a' } });
  const resumed = Pursuit.resume(pursuit.token)!;
  const past = cell.split('upper', 'm');
  cell.run(put('c', '2'));
  const [rest] = resumed.pieces;
  const told = [...resumed.take(rest!, ask(cell, rest!, rest!.since))].map(({ change }) => change?.key);
  expect(told).toEqual(['b', 'c']);
  const upper = [...resumed.pieces].find((piece) => piece.from === 'm')!;
  expect(past.read({ ...upper, rowsMax: 10, bytesMax: 1e6, locks: false }).changes.map(({ key }) => key)).toEqual([
    'n',
  ]);
  expect(rangeBehind(everything, 'm')).toEqual({ from: 'm', to: undefined });
  expect(Pursuit.resume(bytesOfText('nonsense'))).toBeUndefined();
});
