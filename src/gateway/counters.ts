import { type Integer, isDecimal } from '../command/index.ts';
import { integerAt } from './numbers.ts';
import { ask, type CommandEntry, fail, notAnInteger, type Plan, type Render } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';
import { notAFloat } from './scores.ts';

const family = {
  group: 'string',
  order: 'free',
  flags: ['write', 'denyoom', 'fast'],
  keys: [1, 1, 1],
  since: '1.0.0',
} as const;

/** Counters: exact integers of 64 bits. */
export const counterCommands: readonly CommandEntry[] = [
  {
    ...family,
    name: 'incr',
    arity: 2,
    summary: 'Adds one to the integer at a key.',
    plan: (request) => increment(request, 1),
  },
  {
    ...family,
    name: 'decr',
    arity: 2,
    summary: 'Takes one from the integer at a key.',
    plan: (request) => increment(request, -1),
  },
  {
    ...family,
    name: 'incrby',
    arity: 3,
    summary: 'Adds to the integer at a key.',
    plan: (request) => {
      const by = integerAt(request, 2);
      return by === undefined ? notAnInteger : increment(request, by);
    },
  },
  {
    ...family,
    name: 'decrby',
    arity: 3,
    summary: 'Takes from the integer at a key.',
    plan: planDecrement,
  },
  {
    ...family,
    name: 'incrbyfloat',
    arity: 3,
    since: '2.6.0',
    summary: 'Adds to the decimal number at a key.',
    plan: (request) =>
      planDecimal(request, 2, (by) => ask({ kind: 'incrementDecimal', key: request.key(1), by }, renderSum)),
  },
];

/** Adds what an argument spells: decimal numbers, exactly. */
export function planDecimal(request: Request, at: number, plan: (by: string) => Plan): Plan {
  const by = request.key(at);
  if (/^[+-]?inf(inity)?$/i.test(by)) return fail(notFinite);
  return isDecimal(by) ? plan(by) : notAFloat;
}

export const renderSum: Render = (reply, answer) => {
  if (answer.kind === 'error' && answer.problem === 'overflow') reply.error(notFinite);
  else renderAnswer(reply, answer);
};

const notFinite = 'ERR increment would produce NaN or Infinity';

function increment(request: Request, by: Integer): Plan {
  return ask({ kind: 'increment', key: request.key(1), by }, renderAnswer);
}

function planDecrement(request: Request): Plan {
  const by = integerAt(request, 2);
  if (by === undefined) return notAnInteger;
  // The lowest integer of 64 bits is the one that has no opposite.
  if (by === -(2n ** 63n)) return fail('ERR decrement would overflow');
  return increment(request, -by);
}
