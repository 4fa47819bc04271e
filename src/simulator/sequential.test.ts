import { describe, expect, test } from 'vitest';
import type { Exchange } from './exchange.ts';
import { linearizable } from './sequential.ts';

type Call = { readonly kind: 'push'; readonly item: string } | { readonly kind: 'pop'; readonly queue?: string };
interface Answer {
  readonly item?: string | undefined;
  readonly isFull?: boolean;
}
type Line = readonly [invokedMs: number, returnedMs: number | undefined, Call, Answer?];

/** A queue, which no register or counter of the store can stand for. */
const queue = linearizable<Call, Answer, readonly string[]>({
  initial: [],
  apply: (items, call) =>
    call.kind === 'push'
      ? { next: [...items, call.item], answer: {} }
      : { next: items.slice(1), answer: { item: items[0] } },
  isRefusal: ({ isFull }) => isFull === true,
});

function judge(lines: readonly Line[], check = queue): readonly string[] {
  return check.judge(
    lines.map(
      ([invokedMs, returnedMs = Number.POSITIVE_INFINITY, call, answer], i): Exchange<Call, Answer> => ({
        ...{ client: i, via: 'a', invokedMs, returnedMs, call, answer },
      }),
    ),
  );
}
const push = (item: string): Call => ({ kind: 'push', item });
const pop: Call = { kind: 'pop' };

describe('a queue that works', () => {
  const good: readonly (readonly [string, readonly Line[]])[] = [
    [
      'first in, first out',
      [
        [0, 1, push('a'), {}],
        [2, 3, push('b'), {}],
        [4, 5, pop, { item: 'a' }],
      ],
    ],
    [
      'two at once, in either order',
      [
        [0, 9, push('a'), {}],
        [0, 9, push('b'), {}],
        [10, 11, pop, { item: 'b' }],
      ],
    ],
    [
      'a push without an answer that happened',
      [
        [0, undefined, push('a')],
        [5, 6, pop, { item: 'a' }],
      ],
    ],
    [
      'and one that did not',
      [
        [0, undefined, push('a')],
        [5, 6, pop, {}],
      ],
    ],
    [
      'a push that was refused',
      [
        [0, 1, push('a'), { isFull: true }],
        [5, 6, pop, {}],
      ],
    ],
  ];
  test.each(good)('%s', (_name, lines) => expect(judge(lines)).toEqual([]));
});

describe('a queue that does not', () => {
  const bad: readonly (readonly [string, readonly Line[]])[] = [
    [
      'last in, first out',
      [
        [0, 1, push('a'), {}],
        [2, 3, push('b'), {}],
        [4, 5, pop, { item: 'b' }],
      ],
    ],
    [
      'an item that came twice',
      [
        [0, 1, push('a'), {}],
        [2, 3, pop, { item: 'a' }],
        [4, 5, pop, { item: 'a' }],
      ],
    ],
    [
      'an item that was lost',
      [
        [0, 1, push('a'), {}],
        [2, 3, pop, {}],
      ],
    ],
    ['an item that nobody pushed', [[2, 3, pop, { item: 'z' }]]],
    [
      'an item before it was pushed',
      [
        [2, 3, pop, { item: 'a' }],
        [4, 5, push('a'), {}],
      ],
    ],
  ];
  test.each(bad)('%s', (_name, lines) => {
    expect(judge(lines)).toEqual([expect.stringContaining('what clients saw can be in no order:\n  ')]);
  });
});

test('each key is judged alone, and the bad one named', () => {
  const keyed = linearizable<Call, Answer, string>({
    initial: '',
    key: (call) => (call.kind === 'push' ? call.item[0]! : call.queue!),
    apply: (last, call) =>
      call.kind === 'push' ? { next: call.item, answer: {} } : { next: last, answer: { item: last } },
  });
  const lines: Line[] = [
    [0, 1, push('a1'), {}],
    [0, 1, push('b1'), {}],
    [2, 3, { kind: 'pop', queue: 'a' }, { item: 'a1' }],
    [4, 5, { kind: 'pop', queue: 'b' }, { item: '' }],
  ];
  expect(judge(lines, keyed).map((one) => one.split('\n')[0])).toEqual(['what clients saw of b can be in no order:']);
});
