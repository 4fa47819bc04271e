import { describe, expect, test } from 'vitest';
import { Random } from '../base/index.ts';
import { type Act, execute, History, type KeyState, type Operation, type Seen } from './history.ts';
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

/** What clients saw of registers and counters that worked: each does one operation after the other, and they overlap. */
function longHistory(operations: number, clients: number, keys: number): History {
  const random = new Random(1);
  const history = new History();
  const states = new Map<string, KeyState>();
  const open: Operation[] = [];
  for (let i = 0; i < operations; i++) {
    const slot = random.below(clients);
    const before = open[slot];
    if (before !== undefined) {
      // It happens at its end, unless its client never hears of it.
      const { next, seen: answer } = execute(states.get(before.key), before.act);
      const isHeard = !random.chance(0.0002);
      if (isHeard || random.chance(0.5)) states.set(before.key, next);
      if (isHeard) {
        before.seen = answer;
        before.returnedMs = i;
      }
    }
    const number = random.below(keys);
    const act: Act = random.chance(0.5) ? get : number % 3 === 0 ? increment : put(`v${i}`);
    open[slot] = history.begin(slot, `k${number}`, act, i);
  }
  return history;
}

describe('100,000 operations of 50 clients on 15 keys, a few of unknown outcome', () => {
  const history = longHistory(100_000, 50, 15);

  test('are judged, and hold', () => {
    expect(checkLinearizable(history)).toEqual([]);
  });

  test('are judged, and one read near the end that saw a value from the beginning is found', () => {
    const reads = history.operations.filter(({ seen, key }) => seen?.kind === 'value' && key === 'k1');
    const stale = reads.at(-2)!;
    const right = stale.seen;
    stale.seen = reads[10]!.seen;
    const violations = checkLinearizable(history);
    stale.seen = right;
    expect(violations.map((one) => one.split('\n')[0])).toEqual(['the history of k1 is not linearizable:']);
  });
});
