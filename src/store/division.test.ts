import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyCollectionCommand, collectionKeys, collectionsIn } from '../../test/anyCollectionCommand.ts';
import { anyCommand } from '../../test/anyCommand.ts';
import { anyListCommand } from '../../test/anyListCommand.ts';
import { anySortedCommand } from '../../test/anySortedCommand.ts';
import { LoggedState } from '../../test/loggedState.ts';
import type { Key, Range } from '../base/index.ts';
import type { Answer, SimpleCommand, Work } from '../command/index.ts';
import { divide, join, type PlacedAnswer, participantsOf, wholePart } from './division.ts';

interface Cell {
  readonly span: Range;
  readonly state: LoggedState;
}

/** Two cells, of which the upper begins at the key, and the spans that they hold. */
function cellsAt(at: Key): Cell[] {
  const lower = new LoggedState();
  lower.split('upper', at);
  lower.storage.settle();
  const range = { from: at, to: undefined };
  const upper = new LoggedState(lower.storage, { cell: 'upper', range, index: lower.index });
  return [
    { span: { from: '', to: at }, state: lower },
    { span: range, state: upper },
  ];
}

/** Prepares a part in each cell and settles it: the answers as one; undefined where one cell alone can do it. */
function cross(cells: readonly Cell[], id: string, work: Work): unknown {
  const spans = cells.map(({ span }) => span);
  const participants = participantsOf(work, spans);
  const parts = divide(wholePart(work, participants), spans);
  if (parts === undefined) return undefined;
  const name = { id, beganMs: cells[0]!.state.timeMs, participants };
  const placed: PlacedAnswer[][] = work.commands.map(() => []);
  let version = 0;
  for (const { pieces, commands, checks, ranges } of parts) {
    const { state } = cells.find(({ span }) => span.from <= pieces[0]!.from && !(span.to! <= pieces[0]!.from))!;
    const own = commands.map(({ command }) => command);
    const vote = state.run({ kind: 'prepare', name, pieces, checks, ranges, commands: own, waits: false });
    if (vote.kind !== 'voted' || vote.vote !== 'yes') throw new Error(JSON.stringify(vote));
    version = Math.max(version, vote.version);
    commands.forEach((one, i) => void placed[one.place]!.push({ ...one, answer: vote.answers[i]! }));
  }
  for (const { state, span } of cells) {
    const pieces = participants.filter(({ from }) => from >= span.from && !(span.to! <= from));
    for (const within of pieces) state.run({ kind: 'settle', within, outcomes: [{ id, version }] });
  }
  return work.commands.map((command, place) => plain(join(command, placed[place]!)));
}

/** An answer but for versions, which are those of different cells. */
function plain(answer: Answer): unknown {
  const replace = (key: string, value: unknown): unknown =>
    key === 'version' ? undefined : typeof value === 'bigint' ? String(value) : value;
  return JSON.parse(JSON.stringify(answer, replace));
}

function keysIn({ from, to }: Range): string[] {
  return collectionKeys.filter((key) => key >= from && (to === undefined || key < to));
}

function rowsIn({ state, span }: Cell): unknown[] {
  state.apply([]);
  const range = { kind: 'range', ...span, rowsMax: 1000, bytesMax: 1e7, isDown: false, withValues: true } as const;
  const answer = state.read(range, 0);
  if (typeof answer === 'string' || answer.kind !== 'rows') throw new Error(JSON.stringify(answer));
  return answer.rows.map(({ version: _version, ...row }) => ({ ...row, value: [...row.value] }));
}

test('what two cells do in two parts is what one would do, in answers and in keys', () => {
  const anyOne = fc.oneof(anyCommand, anyCollectionCommand, anyListCommand, anySortedCommand);
  const anyStep = fc.record({ passMs: fc.nat(20), commands: fc.array(anyOne, { minLength: 1, maxLength: 4 }) });
  const anyBorder = fc.constantFrom('a', 'aa', 'ab', 'b', '\xff');
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 25 }), anyBorder, (steps, at) => {
      const whole: Cell = { span: { from: '', to: undefined }, state: new LoggedState() };
      const cells = cellsAt(at);
      for (const [i, { passMs, commands }] of steps.entries()) {
        for (const { state } of [whole, ...cells]) state.timeMs += passMs;
        const work = { checks: [], ranges: [], commands: commands as SimpleCommand[] };
        const crossed = cross(cells, `t${i}`, work);
        if (crossed === undefined) continue;
        const done = whole.state.run({ kind: 'transaction', ...work });
        if (done.kind !== 'executed') throw new Error(done.kind);
        expect(crossed).toEqual(done.answers.map(plain));
        expect(cells.flatMap(rowsIn)).toEqual(rowsIn(whole));
        const collections = cells.flatMap(({ span, state }) => collectionsIn(state, keysIn(span)));
        expect(collections).toEqual(collectionsIn(whole.state));
      }
      const sizes = cells.map(({ state }) => {
        state.state.countSome(1000);
        return state.state.size;
      });
      expect(sizes.reduce((sum, { keys }) => sum + keys, 0)).toBe(whole.state.state.size.keys);
      expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(whole.state.state.size.bytes);
    }),
    { numRuns: 300 },
  );
});

test('a check of a range over cells counts in each what is checked there, or cannot be made', () => {
  const spans = [
    { from: '', to: 'm' },
    { from: 'm', to: undefined },
  ];
  const checks = [
    { key: 'a', version: 3 },
    { key: 'k', version: 0 },
    { key: 'z', version: 9 },
  ];
  const range = { from: 'a', to: undefined, count: 2, newestVersion: 9 };
  const part = (count: number) => wholePart({ checks, ranges: [{ ...range, count }], commands: [] }, spans);
  expect(divide(part(2), spans)?.map(({ ranges }) => ranges)).toEqual([
    [{ from: 'a', to: 'm', count: 1, newestVersion: 3 }],
    [{ from: 'm', to: undefined, count: 1, newestVersion: 9 }],
  ]);
  expect(divide(part(3), spans)).toBeUndefined();
  expect(divide(part(0), spans)?.map(({ ranges }) => ranges[0]!.count)).toEqual([0, 0]);
});
