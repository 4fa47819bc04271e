import { describe, expect, test } from 'vitest';
import { Random } from '../base/index.ts';
import type { Exchange } from './exchange.ts';
import { strictlySerializable } from './serializability.ts';

/** Keys with what was read of them and what is written: `['x', 1, 2]` reads 1 and writes 2. */
type Step = readonly [key: string, read: number | undefined, write?: number];
type Line = readonly [invokedMs: number, returnedMs: number | undefined, ...steps: readonly Step[]];

const check = strictlySerializable<readonly Step[], 'done'>({
  transaction: (steps) => ({
    reads: steps.flatMap(([key, read]) => (read === undefined ? [] : [[key, read] as const])),
    writes: steps.flatMap(([key, , write]) => (write === undefined ? [] : [[key, write] as const])),
  }),
  initial: () => 0,
});

function exchangeOf([invokedMs, returnedMs, ...call]: Line, client: number): Exchange<readonly Step[], 'done'> {
  const answer = returnedMs === undefined ? undefined : 'done';
  return { client, via: 'a', call, invokedMs, returnedMs: returnedMs ?? Number.POSITIVE_INFINITY, answer };
}
const judge = (lines: readonly Line[]): readonly string[] => check.judge(lines.map(exchangeOf));

describe('accepts', () => {
  const good: readonly (readonly [string, readonly Line[]])[] = [
    [
      'one after the other',
      [
        [0, 1, ['x', 0, 1]],
        [2, 3, ['x', 1, 2], ['y', 0, 1]],
        [4, 5, ['x', 2], ['y', 1]],
      ],
    ],
    [
      'at once, in the one order that explains it',
      [
        [0, 9, ['x', 0, 1], ['y', 0]],
        [0, 9, ['x', 1], ['y', 0, 1]],
      ],
    ],
    [
      'blind writes at once, read in either order',
      [
        [0, 9, ['x', undefined, 1]],
        [0, 9, ['x', undefined, 2]],
        [10, 11, ['x', 1]],
      ],
    ],
    [
      'no answer, and what it wrote is read much later',
      [
        [0, undefined, ['x', 0, 1]],
        [5, 6, ['x', 0]],
        [50, 51, ['x', 1]],
      ],
    ],
    [
      'no answer, and never read',
      [
        [0, undefined, ['x', 0, 1]],
        [5, 6, ['x', 0, 2]],
        [50, 51, ['x', 2]],
      ],
    ],
  ];
  test.each(good)('%s', (_name, lines) => expect(judge(lines)).toEqual([]));
});

describe('rejects', () => {
  const bad: readonly (readonly [string, string, readonly Line[]])[] = [
    ['a dirty or made-up read', 'nobody wrote', [[0, 1, ['x', 7]]]],
    [
      'a lost update',
      'an update was lost',
      [
        [0, 9, ['x', 0, 1]],
        [0, 9, ['x', 0, 2]],
      ],
    ],
    [
      'write skew',
      'each come before the next',
      [
        [0, 9, ['x', 0], ['y', 0, 1]],
        [0, 9, ['y', 0], ['x', 0, 1]],
      ],
    ],
    [
      'a torn read of two writes',
      'each come before the next',
      [
        [0, 9, ['x', 0, 1], ['y', 0, 1]],
        [0, 9, ['x', 1], ['y', 0]],
      ],
    ],
    [
      'a long fork',
      'each come before the next',
      [
        [0, 9, ['x', 0, 1]],
        [0, 9, ['y', 0, 1]],
        [0, 9, ['x', 1], ['y', 0]],
        [0, 9, ['x', 0], ['y', 1]],
      ],
    ],
    [
      'a stale read of what had ended (serializable, but not strictly)',
      'began when it had ended',
      [
        [0, 1, ['x', 0, 1]],
        [5, 6, ['x', 0]],
      ],
    ],
    [
      'a read of the future',
      'each come before the next',
      [
        [0, 1, ['x', 1]],
        [5, 6, ['x', 0, 1]],
      ],
    ],
    [
      'blind writes that are seen in both orders',
      'can be in no order',
      [
        [0, 9, ['x', undefined, 1]],
        [0, 9, ['x', undefined, 2]],
        [10, 11, ['x', 1]],
        [12, 13, ['x', 2]],
      ],
    ],
    [
      'an aborted read: seen, and then gone',
      'each come before the next',
      [
        [0, undefined, ['x', 0, 1]],
        [2, 3, ['x', 1]],
        [4, 5, ['x', 0]],
      ],
    ],
    [
      'values that are not unique',
      'no read tells',
      [
        [0, 1, ['x', 0, 1]],
        [2, 3, ['x', 1, 1]],
      ],
    ],
  ];
  test.each(bad)('%s', (_name, words, lines) => {
    const sentences = judge(lines);
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toContain(words);
  });
});

/** Transactions that worked, at random moments of their time, of clients that overlap. */
function longHistory(count: number, clients: number, keys: number): Exchange<readonly Step[], 'done'>[] {
  const random = new Random(1);
  const state = new Map<string, number>();
  const open: (Exchange<readonly Step[], 'done'> | undefined)[] = [];
  const done: Exchange<readonly Step[], 'done'>[] = [];
  for (let i = 0; i < count; i++) {
    const client = random.below(clients);
    const before = open[client];
    if (before !== undefined) {
      const call = before.call.map(([key, , ...write]): Step => [key, state.get(key) ?? 0, ...write]);
      for (const [key, , write] of call) if (write !== undefined) state.set(key, write);
      done.push({ ...before, call, returnedMs: i, answer: 'done' });
    }
    const names = random.shuffle(Array.from({ length: keys }, (_, k) => `k${k}`)).slice(0, random.between(1, 3));
    const call = names.map((key): Step => (random.chance(0.5) ? [key, undefined] : [key, undefined, i + 1]));
    open[client] = { client, via: 'a', call, invokedMs: i, returnedMs: Number.POSITIVE_INFINITY, answer: undefined };
  }
  return done.sort((a, b) => a.invokedMs - b.invokedMs);
}

describe('10,000 transactions of 10 clients on 20 keys', () => {
  const long = longHistory(10_000, 10, 20);

  test('are judged, and hold', () => expect(check.judge(long)).toEqual([]));

  test('are judged, and one stale read among them is found', () => {
    const at = long.findIndex(({ call }, i) => i > 9_000 && call.length === 1 && call[0]![2] === undefined);
    const key = long[at]!.call[0]![0];
    const old = long.find(({ call }) => call.some(([name, , write]) => name === key && write !== undefined))!;
    const write = old.call.find(([name]) => name === key)![2]!;
    const stale = long.with(at, { ...long[at]!, call: [[key, write]] });
    expect(check.judge(stale)).toHaveLength(1);
  });
});
