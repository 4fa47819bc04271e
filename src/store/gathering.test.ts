import { expect, test } from 'vitest';
import { intersection, keyAfter, type Range } from '../base/index.ts';
import { type Command, movedAnswer } from '../command/index.ts';
import type { Reply } from './access.ts';
import { Gathering } from './gathering.ts';
import type { TransactionsHost } from './round.ts';

type Settle = Command & { readonly kind: 'settle' };
type Asked = readonly [command: Settle, then: (reply: Reply) => void];

/** Cells that begin at these keys, what they are asked, and what came of it. */
function town(...borders: string[]) {
  const asked: Asked[] = [];
  const heard: string[] = [];
  const later: (() => void)[] = [];
  const cells = (): Range[] => borders.map((from, i) => ({ from, to: borders[i + 1] }));
  const host: TransactionsHost = {
    address: 'here',
    nowMs: 0,
    wallMs: 0,
    fraction: () => 0,
    newId: () => '',
    after: (_, run) => void later.push(run),
    spans: (range) => cells().flatMap((cell) => intersection(cell, range) ?? []),
    cellAt: (key) => borders.findLast((from) => from <= key)!,
    reach: () => undefined,
    ask: (command, _, then) => void asked.push([command as Settle, then]),
  };
  const gathering = new Gathering<{ id: string; pieces: readonly Range[] }>(host, {
    waitMs: 1,
    busyWaitMs: 20,
    make: (items, within) => ({ kind: 'settle', within, outcomes: items.map(({ id }) => ({ id, version: 1 })) }),
    done: ({ id }, isHeard) => void heard.push(`${id} ${isHeard}`),
  });
  const add = (id: string, ...keys: string[]): void =>
    gathering.add({ id, pieces: keys.map((from) => ({ from, to: keyAfter(from) })) });
  const flush = (): void => later.splice(0).forEach((run) => void run());
  return { add, flush, asked, heard, borders };
}

const ok: Reply = { kind: 'done', tag: 0, answer: { kind: 'ok', version: 0 } };
const moved: Reply = { kind: 'done', tag: 0, answer: movedAnswer };
const ids = ([{ outcomes }]: Asked): string => outcomes.map(({ id }) => id).join(' ');

test('what is to be said to a cell at one time is said in one command', () => {
  const { add, flush, asked, heard } = town('', 'm');
  add('s', 'a', 'z');
  add('t', 'b', 'y');
  add('u', 'c');
  flush();
  expect(asked.map(ids)).toEqual(['s t u', 's t']);
  expect(asked[0]![0].within).toEqual({ from: 'a', to: keyAfter('c') });
  asked[0]![1](ok);
  expect(heard).toEqual(['u true']);
  asked[1]![1](ok);
  expect(heard).toEqual(['u true', 's true', 't true']);
});

test('what comes while cells are busy waits for their answers, and is said at once then', () => {
  const { add, flush, asked, heard } = town('');
  add('s', 'a');
  flush();
  add('t', 'b');
  add('u', 'c');
  expect(asked.map(ids)).toEqual(['s']);
  asked[0]![1](ok);
  flush();
  expect(asked.map(ids)).toEqual(['s', 't u']);
  asked[1]![1](ok);
  expect(heard).toEqual(['s true', 't true', 'u true']);
});

test('what comes while cells are busy does not wait for ever', () => {
  const { add, flush, asked } = town('');
  add('s', 'a');
  flush();
  add('t', 'b');
  flush();
  expect(asked.map(ids)).toEqual(['s', 't']);
});

test('whoever could not be asked leaves all unheard that was for it', () => {
  const { add, flush, asked, heard } = town('', 'm');
  add('s', 'a', 'z');
  add('t', 'b');
  flush();
  asked[0]![1](ok);
  asked[1]![1]({ kind: 'refused', tag: 0, reason: 'nobody leads' });
  expect(heard).toEqual(['t true', 's false']);
});

test('where the cell has split meanwhile each is said by itself, to those who hold its pieces', () => {
  const { add, flush, asked, heard, borders } = town('');
  add('s', 'a', 'z');
  add('t', 'b');
  flush();
  const [whole] = asked.splice(0);
  borders.push('m');
  whole![1](moved);
  expect(asked.map(ids)).toEqual(['s', 's', 't']);
  for (const [, then] of asked) then(ok);
  expect(heard).toEqual(['s true', 't true']);
});
