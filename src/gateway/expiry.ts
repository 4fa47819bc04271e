import type { Expiry, ExpiryCondition } from '../store/index.ts';
import { timeAt } from './numbers.ts';
import { ask, type CommandEntry, fail, notAnInteger, type Plan } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';

/** The commands that give a key an expiry: in seconds or milliseconds, from now on or at a Unix time. */
export const expiryCommands: readonly CommandEntry[] = [
  entry('expire', '1.0.0', 'Lets a key expire in so many seconds.', 1000, false),
  entry('pexpire', '2.6.0', 'Lets a key expire in so many milliseconds.', 1, false),
  entry('expireat', '1.2.0', 'Lets a key expire at a Unix time.', 1000, true),
  entry('pexpireat', '2.6.0', 'Lets a key expire at a Unix time in milliseconds.', 1, true),
];

function entry(name: string, since: string, summary: string, unitMs: number, isAbsolute: boolean): CommandEntry {
  return {
    group: 'generic',
    order: 'free',
    name,
    arity: -3,
    flags: ['write', 'fast'],
    keys: [1, 1, 1],
    since,
    summary,
    plan: (request) => planExpiry(request, name, unitMs, isAbsolute),
  };
}

function planExpiry(request: Request, name: string, unitMs: number, isAbsolute: boolean): Plan {
  const when = parseConditions(request);
  if (typeof when !== 'string') return when;
  const timeMs = timeAt(request, 2, unitMs);
  if (timeMs === undefined) return notAnInteger;
  if (timeMs === 'invalid') return fail(`ERR invalid expire time in '${name}' command`);
  const expiry: Expiry = isAbsolute ? { kind: 'at', atMs: timeMs } : { kind: 'after', afterMs: timeMs };
  return ask({ kind: 'setExpiry', key: request.key(1), expiry, when }, renderAnswer);
}

/** NX, XX, GT and LT, as far as they go together. */
function parseConditions(request: Request): ExpiryCondition | Plan {
  const given = new Set<string>();
  for (let i = 3; i < request.count; i++) {
    const option = request.word(i);
    if (option !== 'nx' && option !== 'xx' && option !== 'gt' && option !== 'lt') {
      return fail(`ERR Unsupported option ${request.key(i)}`);
    }
    given.add(option);
  }
  const isLater = given.has('gt');
  const isEarlier = given.has('lt');
  const isPresent = given.has('xx');
  if (given.has('nx')) {
    if (isPresent || isLater || isEarlier)
      return fail('ERR NX and XX, GT or LT options at the same time are not compatible');
    return 'absent';
  }
  if (isLater && isEarlier) return fail('ERR GT and LT options at the same time are not compatible');
  if (isLater) return 'later';
  if (isEarlier) return isPresent ? 'earlierIfPresent' : 'earlier';
  return isPresent ? 'present' : 'always';
}
