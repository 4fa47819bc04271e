import { expect, test } from 'vitest';
import { checkExpiries } from './expiries.ts';
import { type Act, History, type Seen } from './history.ts';
import { checkLinearizable } from './linearizability.ts';

type Line = readonly [begin: number, end: number, Act, Seen | undefined];

const ok: Seen = { kind: 'done', isDone: true };
const nil: Seen = { kind: 'value', value: undefined };
const get: Act = { kind: 'get' };
const put = (value: string, afterMs: number): Act => ({ kind: 'putExpiring', value, afterMs });

function historyOf(lines: readonly Line[]): History {
  const history = new History();
  for (const [begin, end, act, seen] of lines) {
    const operation = history.begin(1, 'k', act, begin);
    operation.seen = seen;
    if (seen !== undefined) operation.returnedMs = end;
  }
  return history;
}

test('a value that expired may be missed, and one that was overwritten by a shorter one too', () => {
  const lines: Line[] = [
    [0, 10, put('~a', 5_000), ok],
    [20, 30, put('~b', 100), ok],
    [500, 510, get, nil],
  ];
  expect(checkExpiries(historyOf(lines))).toEqual([]);
  expect(checkLinearizable(historyOf(lines))).toEqual([]);
});

test('a put of unknown outcome may have come last', () => {
  const lines: Line[] = [
    [0, 10, put('~a', 100), undefined],
    [20, 30, put('~b', 5_000), ok],
    [500, 510, get, nil],
  ];
  expect(checkExpiries(historyOf(lines))).toEqual([]);
});

test('a value that is missed before its time is a violation', () => {
  const lines: Line[] = [
    [0, 10, put('~a', 5_000), ok],
    [500, 510, get, nil],
  ];
  expect(checkExpiries(historyOf(lines))).toHaveLength(1);
});

test('a value that comes back after it was missed is a violation', () => {
  const lines: Line[] = [
    [0, 10, put('~a', 100), ok],
    [500, 510, get, nil],
    [600, 610, get, { kind: 'value', value: '~a' }],
  ];
  expect(checkLinearizable(historyOf(lines))).toHaveLength(1);
});
