import { type Command, parseInteger } from '../command/index.ts';
import { rangeRowsMax } from '../state/index.ts';
import type { Client } from './client.ts';
import { planSubcommand } from './clients.ts';
import { planEventual, planStale } from './nearness.ts';
import { numberAt } from './numbers.ts';
import { ask, type CommandEntry, fail, notAnInteger, type Plan, syntaxError } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';
import type { Services } from './services.ts';

const rangeBytesMax = 8 * 1024 * 1024;

/** What Redis has no word for. */
export const selfmanCommands: readonly CommandEntry[] = [
  {
    group: 'selfman',
    order: 'free',
    name: 'selfman',
    arity: -2,
    flags: [],
    keys: [0, 0, 0],
    since: '7.2.0',
    summary:
      'RANGE lists keys and values in order; OUTCOME tells what became of a command; STALE lets the nearest copy answer reads; EVENTUAL has writes answered at once.',
    plan: (request: Request, client: Client, services: Services) =>
      planSubcommand('selfman', subcommands, request, client, services),
  },
];

const subcommands = new Map([
  ['range', { arity: -4, plan: planRange }],
  ['outcome', { arity: 3, plan: planOutcome }],
  ['stale', { arity: 3, plan: planStale }],
  ['eventual', { arity: 3, plan: planEventual }],
]);

/**
 * RANGE from to [LIMIT n]: keys from `from` on and below `to`, each followed by its value. An empty `to` is the end of
 * all keys. Never fewer than asked for without saying so.
 */
function planRange(request: Request): Plan {
  let limit = rangeRowsMax;
  if (request.count > 4) {
    if (request.count !== 6 || request.word(4) !== 'limit') return syntaxError;
    const given = numberAt(request, 5);
    if (given === undefined) return notAnInteger;
    if (given < 0 || given > rangeRowsMax) return fail(`ERR LIMIT is from 0 to ${rangeRowsMax}`);
    limit = given;
  }
  const isLimited = request.count > 4;
  const to = request.key(3);
  const command: Command = {
    kind: 'range',
    from: request.key(2),
    to: to === '' ? undefined : to,
    rowsMax: limit,
    bytesMax: rangeBytesMax,
    isDown: false,
    withValues: true,
  };
  return ask(command, (reply, answer) => {
    const isCut = answer.kind === 'rows' && answer.more && (!isLimited || answer.rows.length < limit);
    if (isCut) reply.error(`ERR the range is larger than one reply; ask with LIMIT ${Math.max(1, answer.rows.length)}`);
    else renderAnswer(reply, answer);
  });
}

/** OUTCOME id: what became of a command that was answered UNKNOWN. One that was not executed by then never will be. */
function planOutcome(request: Request): Plan {
  const id = request.key(2);
  const dash = id.lastIndexOf('-');
  const sequence = parseInteger(request.view(2).subarray(dash + 1));
  if (dash < 1 || typeof sequence !== 'number' || sequence < 0) return fail('ERR no operation has such an id');
  return ask({ kind: 'resolve', session: id.slice(0, dash), sequence }, renderAnswer);
}
