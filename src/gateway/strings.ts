import type { Bytes, Key } from '../base/index.ts';
import type { Condition } from '../command/index.ts';
import { integerAt, numberAt } from './numbers.ts';
import {
  ask,
  type CommandEntry,
  fail,
  notAnInteger,
  type Plan,
  type Render,
  syntaxError,
  tooLongValue,
  wrongArity,
} from './plan.ts';
import { renderAnswer, renderFlag } from './render.ts';
import type { Request } from './request.ts';
import { always, expiryOf, never, parseExpiry, parseOptions, put } from './stringOptions.ts';

const absent: Condition = { kind: 'absent' };

type Family = Pick<CommandEntry, 'group' | 'order'>;
const family: Family = { group: 'string', order: 'free' };
const one = [1, 1, 1] as const;
const all = [1, -1, 1] as const;
const pairs = [1, -1, 2] as const;

/** Strings: get and set, whole and in part. */
export const stringCommands: readonly CommandEntry[] = [
  {
    ...family,
    name: 'get',
    arity: 2,
    flags: ['readonly', 'fast'],
    keys: one,
    since: '1.0.0',
    summary: 'Returns the value of a key.',
    plan: (request) => ask({ kind: 'get', key: request.key(1) }, renderAnswer),
  },
  {
    ...family,
    name: 'set',
    arity: -3,
    flags: ['write', 'denyoom'],
    keys: one,
    since: '1.0.0',
    summary: 'Sets the value of a key, under conditions and with an expiry if you like.',
    plan: planSet,
  },
  {
    ...family,
    name: 'mget',
    arity: -2,
    flags: ['readonly', 'fast'],
    keys: all,
    since: '1.0.0',
    summary: 'Returns the values of keys as they were at one moment.',
    plan: (request) => ask({ kind: 'getMany', keys: request.keys(1) }, renderAnswer),
  },
  {
    ...family,
    name: 'mset',
    arity: -3,
    flags: ['write', 'denyoom'],
    keys: pairs,
    since: '1.0.1',
    summary: 'Sets the values of keys as one.',
    plan: (request) => planPutMany(request, false, renderAnswer),
  },
  {
    ...family,
    name: 'msetnx',
    arity: -3,
    flags: ['write', 'denyoom'],
    keys: pairs,
    since: '1.0.1',
    summary: 'Sets the values of keys as one, if none of them exists.',
    plan: (request) => planPutMany(request, true, renderFlag),
  },
  {
    ...family,
    name: 'getset',
    arity: 3,
    flags: ['write', 'denyoom', 'fast'],
    keys: one,
    since: '1.0.0',
    summary: 'Sets the value of a key and returns the old one.',
    plan: (request) => ask(put(request.key(1), request.copy(2), always, never, true), renderAnswer),
  },
  {
    ...family,
    name: 'getdel',
    arity: 2,
    flags: ['write', 'fast'],
    keys: one,
    since: '6.2.0',
    summary: 'Deletes a key and returns its value.',
    plan: (request) => ask({ kind: 'take', key: request.key(1) }, renderAnswer),
  },
  {
    ...family,
    name: 'getex',
    arity: -2,
    flags: ['write', 'fast'],
    keys: one,
    since: '6.2.0',
    summary: 'Returns the value of a key and sets or removes its expiry.',
    plan: planGetEx,
  },
  {
    ...family,
    name: 'setnx',
    arity: 3,
    flags: ['write', 'denyoom', 'fast'],
    keys: one,
    since: '1.0.0',
    summary: 'Sets the value of a key that does not exist.',
    plan: (request) => ask(put(request.key(1), request.copy(2), absent, never, false), renderFlag),
  },
  {
    ...family,
    name: 'setex',
    arity: 4,
    flags: ['write', 'denyoom'],
    keys: one,
    since: '2.0.0',
    summary: 'Sets the value of a key and its expiry in seconds.',
    plan: (request) => planSetExpiring(request, 'setex', 1000),
  },
  {
    ...family,
    name: 'psetex',
    arity: 4,
    flags: ['write', 'denyoom'],
    keys: one,
    since: '2.6.0',
    summary: 'Sets the value of a key and its expiry in milliseconds.',
    plan: (request) => planSetExpiring(request, 'psetex', 1),
  },
  {
    ...family,
    name: 'append',
    arity: 3,
    flags: ['write', 'denyoom', 'fast'],
    keys: one,
    since: '2.0.0',
    summary: 'Appends to the value of a key.',
    plan: (request) => ask({ kind: 'append', key: request.key(1), value: request.copy(2) }, renderAnswer),
  },
  {
    ...family,
    name: 'strlen',
    arity: 2,
    flags: ['readonly', 'fast'],
    keys: one,
    since: '2.2.0',
    summary: 'Returns the length of the value of a key.',
    plan: (request) => ask({ kind: 'length', key: request.key(1) }, renderAnswer),
  },
  {
    ...family,
    name: 'getrange',
    arity: 4,
    flags: ['readonly'],
    keys: one,
    since: '2.4.0',
    summary: 'Returns a part of the value of a key.',
    plan: planGetRange,
  },
  {
    ...family,
    name: 'substr',
    arity: 4,
    flags: ['readonly'],
    keys: one,
    since: '1.0.0',
    summary: 'Returns a part of the value of a key.',
    plan: planGetRange,
  },
  {
    ...family,
    name: 'setrange',
    arity: 4,
    flags: ['write', 'denyoom'],
    keys: one,
    since: '2.2.0',
    summary: 'Writes over a part of the value of a key.',
    plan: planSetRange,
  },
];

function planSet(request: Request): Plan {
  const options = parseOptions(request, 3, true);
  if (options === undefined) return syntaxError;
  const expiry = options.expiry === undefined ? never : parseExpiry(request, options.expiry, 'set');
  if (expiry.kind === 'fail') return expiry;
  return ask(put(request.key(1), request.copy(2), options.when, expiry, options.returnPrevious), renderAnswer);
}

function planGetEx(request: Request): Plan {
  const key = request.key(1);
  const options = parseOptions(request, 2, false);
  if (options === undefined) return syntaxError;
  if (options.expiry === undefined) return ask({ kind: 'get', key }, renderAnswer);
  const expiry = parseExpiry(request, options.expiry, 'getex');
  if (expiry.kind === 'fail') return expiry;
  return ask({ kind: 'getAndExpire', key, expiry }, renderAnswer);
}

function planSetExpiring(request: Request, name: string, unitMs: 1 | 1000): Plan {
  const expiry = expiryOf(request, 2, { unitMs, isAbsolute: false }, name);
  if (expiry.kind === 'fail') return expiry;
  return ask(put(request.key(1), request.copy(3), always, expiry, false), renderAnswer);
}

function planPutMany(request: Request, whenAllAbsent: boolean, render: Render): Plan {
  if (request.count % 2 === 0) return wrongArity(request.word(0));
  const entries: { key: Key; value: Bytes }[] = [];
  for (let i = 1; i < request.count; i += 2) entries.push({ key: request.key(i), value: request.copy(i + 1) });
  return ask({ kind: 'putMany', entries, whenAllAbsent }, render);
}

function planGetRange(request: Request): Plan {
  const first = numberAt(request, 2);
  const last = numberAt(request, 3);
  if (first === undefined || last === undefined) return notAnInteger;
  return ask({ kind: 'part', key: request.key(1), first, last }, renderAnswer);
}

function planSetRange(request: Request): Plan {
  const offset = integerAt(request, 2);
  if (offset === undefined) return notAnInteger;
  if (offset < 0) return fail('ERR offset is out of range');
  const key = request.key(1);
  if (request.view(3).length === 0) return ask({ kind: 'length', key }, renderAnswer);
  if (typeof offset === 'bigint') return tooLongValue;
  return ask({ kind: 'overwrite', key, offset, value: request.copy(3) }, renderAnswer);
}
