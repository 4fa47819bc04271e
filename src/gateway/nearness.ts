import type { Client } from './client.ts';
import { readonlyStaleMs, staleMsMax } from './limits.ts';
import { numberAt } from './numbers.ts';
import { type CommandEntry, fail, type Plan, sayOk } from './plan.ts';
import type { Request } from './request.ts';

const family = {
  group: 'cluster',
  // They count from the next command on, whatever of those before is under way.
  order: 'through',
  arity: 1,
  flags: ['loading', 'stale', 'fast'],
  keys: [0, 0, 0],
  since: '3.0.0',
} as const;

/** How exact a connection wants its reads and writes, in the words of Redis Cluster. */
export const nearnessCommands: readonly CommandEntry[] = [
  {
    ...family,
    name: 'readonly',
    summary: `Lets the nearest copy answer reads, if it is not older than ${readonlyStaleMs} ms.`,
    plan: (_request, client) => {
      client.staleMs = readonlyStaleMs;
      return sayOk;
    },
  },
  {
    ...family,
    name: 'readwrite',
    summary: 'Has all reads see what was written last.',
    plan: (_request, client) => {
      client.staleMs = 0;
      return sayOk;
    },
  },
];

/** SELFMAN STALE ms|any: how old at most the answers to reads of this connection may be. */
export function planStale(request: Request, client: Client): Plan {
  if (client.transaction !== undefined) return insideMulti('STALE');
  const isAny = request.word(2) === 'any';
  const given = isAny ? Number.POSITIVE_INFINITY : numberAt(request, 2);
  if (given === undefined || given < 0 || (!isAny && given > staleMsMax)) return badStale;
  client.staleMs = given;
  return sayOk;
}

/** SELFMAN EVENTUAL on|off: whether plain writes of this connection are answered before they are done. */
export function planEventual(request: Request, client: Client): Plan {
  if (client.transaction !== undefined) return insideMulti('EVENTUAL');
  const word = request.word(2);
  if (word !== 'on' && word !== 'off') return fail('ERR say SELFMAN EVENTUAL with ON or with OFF');
  client.isEventual = word === 'on';
  return sayOk;
}

const badStale = fail(`ERR say SELFMAN STALE with milliseconds from 0 (off) to ${staleMsMax}, or with ANY`);

function insideMulti(word: string): Plan {
  return fail(`ERR SELFMAN ${word} inside MULTI is not allowed`);
}
