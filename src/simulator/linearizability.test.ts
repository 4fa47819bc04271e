import { describe, expect, test } from 'vitest';
import { type Act, History, type Seen } from './history.ts';
import { checkLinearizable } from './linearizability.ts';

/** client, begin, end (undefined: outcome unknown), act, what was seen */
type Line = readonly [number, number, number | undefined, Act, Seen?];

function judge(lines: readonly Line[], isExecuted = false): string[] {
  const history = new History();
  for (const [client, begin, end, act, seen] of lines) {
    const operation = history.begin(client, 'k', act, begin);
    operation.seen = seen;
    if (end !== undefined) operation.returnedMs = end;
    if (seen === undefined && isExecuted) operation.isExecuted = true;
  }
  return checkLinearizable(history);
}

const put = (value: string): Act => ({ kind: 'put', value });
const get: Act = { kind: 'get' };
const ok: Seen = { kind: 'done', isDone: true };
const notDone: Seen = { kind: 'done', isDone: false };
const value = (seen: string | undefined): Seen => ({ kind: 'value', value: seen });
const number = (seen: number): Seen => ({ kind: 'number', value: seen });
const increment: Act = { kind: 'increment', by: 1 };

describe('accepts', () => {
  test('reads that overlap a write and see either side of it', () => {
    expect(
      judge([
        [1, 0, 10, put('a'), ok],
        [2, 1, 3, get, value(undefined)],
        [3, 4, 6, get, value('a')],
      ]),
    ).toEqual([]);
  });

  test('a write of unknown outcome that happens long after its client gave up', () => {
    expect(
      judge([
        [1, 0, 1, put('a'), ok],
        [2, 2, undefined, put('b')],
        [3, 10, 11, get, value('a')],
        [3, 12, 13, get, value('b')],
      ]),
    ).toEqual([]);
  });

  test('a write of unknown outcome that never happens', () => {
    expect(
      judge([
        [1, 0, undefined, put('a')],
        [2, 5, 6, get, value(undefined)],
      ]),
    ).toEqual([]);
  });

  test('concurrent increments that each see another sum', () => {
    expect(
      judge([
        [1, 0, 10, increment, number(2)],
        [2, 0, 10, increment, number(1)],
        [3, 0, 10, increment, number(3)],
      ]),
    ).toEqual([]);
  });
});

describe('rejects', () => {
  const bad: readonly (readonly [string, readonly Line[]])[] = [
    [
      'a stale read behind a finished write',
      [
        [1, 0, 1, put('a'), ok],
        [1, 2, 3, put('b'), ok],
        [2, 4, 5, get, value('a')],
      ],
    ],
    [
      'nil behind a finished write',
      [
        [1, 0, 1, put('a'), ok],
        [2, 2, 3, get, value(undefined)],
      ],
    ],
    [
      'a value that nobody wrote',
      [
        [1, 0, 1, put('a'), ok],
        [2, 2, 3, get, value('z')],
      ],
    ],
    [
      'a value read before it was written',
      [
        [2, 0, 1, get, value('a')],
        [1, 2, 3, put('a'), ok],
      ],
    ],
    [
      'two reads that see two concurrent writes in both orders',
      [
        [1, 0, 10, put('a'), ok],
        [2, 0, 10, put('b'), ok],
        [3, 11, 12, get, value('a')],
        [4, 13, 14, get, value('b')],
      ],
    ],
    [
      'a value that comes back after it was overwritten (a retry that was executed twice)',
      [
        [1, 0, 1, put('a'), ok],
        [2, 2, 3, put('b'), ok],
        [3, 4, 5, get, value('b')],
        [3, 6, 7, get, value('a')],
      ],
    ],
    [
      'two increments that see the same sum',
      [
        [1, 0, 10, increment, number(1)],
        [2, 0, 10, increment, number(1)],
      ],
    ],
    [
      'a lost increment',
      [
        [1, 0, 1, increment, number(1)],
        [2, 2, 3, increment, number(1)],
      ],
    ],
    [
      'a put that must not happen but is answered as done',
      [
        [1, 0, 1, put('a'), ok],
        [2, 2, 3, { kind: 'putIfAbsent', value: 'b' }, ok],
      ],
    ],
    ['a put that is refused although there was nothing', [[1, 0, 1, { kind: 'putIfAbsent', value: 'a' }, notDone]]],
    ['a delete that finds what is not there', [[1, 0, 1, { kind: 'delete' }, number(1)]]],
    [
      'a dirty read: a value that is seen and then was never there',
      [
        [1, 0, undefined, put('a')],
        [2, 1, 2, get, value('a')],
        [2, 3, 4, get, value(undefined)],
      ],
    ],
    [
      'an append that loses what was appended before',
      [
        [1, 0, 1, { kind: 'append', value: 'xx' }, number(2)],
        [2, 2, 3, { kind: 'append', value: 'y' }, number(1)],
      ],
    ],
  ];
  test.each(bad)('%s', (_name, lines) => {
    expect(judge(lines)).toHaveLength(1);
  });

  test('an operation that is known as executed but left no trace', () => {
    expect(
      judge(
        [
          [1, 0, 5, put('a')],
          [2, 10, 11, get, value(undefined)],
        ],
        true,
      ),
    ).toHaveLength(1);
  });
});

test('a long history with many clients is judged quickly', () => {
  const history = new History();
  let state = 0;
  for (let i = 0; i < 5000; i++) {
    const begin = history.begin(i % 8, 'k', increment, i);
    state++;
    begin.seen = number(state);
    begin.returnedMs = i + 6;
  }
  expect(checkLinearizable(history)).toEqual([]);
});
