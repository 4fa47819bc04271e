import type { Answer, Command } from '../command/index.ts';
import { numberAt } from './numbers.ts';
import { ask, type CommandEntry, fail, type Plan, type Render, syntaxError } from './plan.ts';
import { renderAnswer, renderFlag } from './render.ts';
import type { Request } from './request.ts';

const family = { group: 'generic', order: 'free' } as const;
const one = [1, 1, 1] as const;
const all = [1, -1, 1] as const;
const two = [1, 2, 1] as const;

/** Keys whatever they hold. */
export const keyCommands: readonly CommandEntry[] = [
  {
    ...family,
    name: 'del',
    arity: -2,
    flags: ['write'],
    keys: all,
    since: '1.0.0',
    summary: 'Deletes keys.',
    plan: planDelete,
  },
  {
    ...family,
    name: 'unlink',
    arity: -2,
    flags: ['write', 'fast'],
    keys: all,
    since: '4.0.0',
    summary: 'Deletes keys.',
    plan: planDelete,
  },
  {
    ...family,
    name: 'exists',
    arity: -2,
    flags: ['readonly', 'fast'],
    keys: all,
    since: '1.0.0',
    summary: 'Counts the keys that exist.',
    plan: planExists,
  },
  {
    ...family,
    name: 'touch',
    arity: -2,
    flags: ['readonly', 'fast'],
    keys: all,
    since: '3.2.1',
    summary: 'Counts the keys that exist.',
    plan: planExists,
  },
  {
    ...family,
    name: 'type',
    arity: 2,
    flags: ['readonly', 'fast'],
    keys: one,
    since: '1.0.0',
    summary: 'Tells what a key holds.',
    plan: (request) => ask({ kind: 'typeOf', key: request.key(1) }, renderAnswer),
  },
  {
    ...family,
    name: 'rename',
    arity: 3,
    flags: ['write'],
    keys: two,
    since: '1.0.0',
    summary: 'Gives a key another name.',
    plan: (request) => planRename(request, false, renderAnswer),
  },
  {
    ...family,
    name: 'renamenx',
    arity: 3,
    flags: ['write', 'fast'],
    keys: two,
    since: '1.0.0',
    summary: 'Gives a key another name that is not taken.',
    plan: (request) => planRename(request, true, renderFlag),
  },
  {
    ...family,
    name: 'copy',
    arity: -3,
    flags: ['write', 'denyoom'],
    keys: two,
    since: '6.2.0',
    summary: 'Copies what a key holds to another key.',
    plan: planCopy,
  },
  {
    ...family,
    name: 'persist',
    arity: 2,
    flags: ['write', 'fast'],
    keys: one,
    since: '2.2.0',
    summary: 'Takes the expiry of a key away.',
    plan: (request) => ask({ kind: 'persist', key: request.key(1) }, renderAnswer),
  },
  lifetimeEntry('ttl', '1.0.0', 'Tells in how many seconds a key expires.', (answer) => seconds(answer.remainingMs)),
  lifetimeEntry('pttl', '2.6.0', 'Tells in how many milliseconds a key expires.', (answer) => answer.remainingMs),
  lifetimeEntry('expiretime', '7.0.0', 'Tells at which Unix time a key expires.', (answer) =>
    seconds(answer.expiresAtMs),
  ),
  lifetimeEntry('pexpiretime', '7.0.0', 'Tells at which Unix time in milliseconds a key expires.', (answer) => {
    return answer.expiresAtMs;
  }),
];

function planDelete(request: Request): Plan {
  return ask({ kind: 'delete', keys: request.keys(1) }, renderAnswer);
}

function planExists(request: Request): Plan {
  return ask({ kind: 'exists', keys: request.keys(1) }, renderAnswer);
}

/** COPY source destination [DB 0] [REPLACE]. */
function planCopy(request: Request): Plan {
  let replaces = false;
  for (let i = 3; i < request.count; i++) {
    const option = request.word(i);
    if (option === 'replace') replaces = true;
    else if (option !== 'db' || i + 1 >= request.count) return syntaxError;
    else {
      const database = numberAt(request, ++i);
      if (database === undefined) return fail('ERR value is not an integer or out of range');
      if (database !== 0) return fail('ERR DB index is out of range');
    }
  }
  const [key, to] = [request.key(1), request.key(2)];
  if (key === to) return fail('ERR source and destination objects are the same');
  return ask({ kind: 'copy', key, to, replaces }, renderAnswer);
}

function planRename(request: Request, whenAbsent: boolean, render: Render): Plan {
  const command: Command = { kind: 'rename', key: request.key(1), to: request.key(2), whenAbsent };
  return ask(command, (reply, answer) => {
    if (answer.kind === 'missing') reply.error('ERR no such key');
    else render(reply, answer);
  });
}

type Lifetime = Answer & { readonly kind: 'lifetime' };

function lifetimeEntry(
  name: string,
  since: string,
  summary: string,
  tell: (answer: Lifetime) => number | undefined,
): CommandEntry {
  const render: Render = (reply, answer) => {
    if (answer.kind === 'missing') reply.integer(-2);
    else if (answer.kind === 'lifetime') reply.integer(Math.floor(tell(answer) ?? -1));
    else renderAnswer(reply, answer);
  };
  return {
    ...family,
    name,
    arity: 2,
    flags: ['readonly', 'fast'],
    keys: one,
    since,
    summary,
    plan: (request) => ask({ kind: 'lifetime', key: request.key(1) }, render),
  };
}

/** Rounded as Redis rounds. */
function seconds(timeMs: number | undefined): number | undefined {
  return timeMs === undefined ? undefined : Math.floor((timeMs + 500) / 1000);
}
