import type { Expiry, ExpiryCondition } from '../command/index.ts';
import { type TimeUnit, timeAt } from './numbers.ts';
import { ask, type CommandEntry, fail, invalidExpiry, notAnInteger, type Plan } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';

/** The commands that give a key an expiry: in seconds or milliseconds, from now on or at a Unix time. */
export const expiryCommands: readonly CommandEntry[] = [
  entry('expire', '1.0.0', 'Lets a key expire in so many seconds.', { unitMs: 1000, isAbsolute: false }),
  entry('pexpire', '2.6.0', 'Lets a key expire in so many milliseconds.', { unitMs: 1, isAbsolute: false }),
  entry('expireat', '1.2.0', 'Lets a key expire at a Unix time.', { unitMs: 1000, isAbsolute: true }),
  entry('pexpireat', '2.6.0', 'Lets a key expire at a Unix time in milliseconds.', { unitMs: 1, isAbsolute: true }),
];

function entry(name: string, since: string, summary: string, unit: TimeUnit): CommandEntry {
  return {
    group: 'generic',
    order: 'free',
    name,
    arity: -3,
    flags: ['write', 'fast'],
    keys: [1, 1, 1],
    since,
    summary,
    plan: (request) => planExpiry(request, name, unit),
  };
}

function planExpiry(request: Request, name: string, unit: TimeUnit): Plan {
  const when = parseConditions(request);
  if (typeof when !== 'string') return when;
  const timeMs = timeAt(request, 2, unit);
  if (timeMs === undefined) return notAnInteger;
  if (timeMs === 'invalid') return invalidExpiry(name);
  const expiry: Expiry = unit.isAbsolute ? { kind: 'at', atMs: timeMs } : { kind: 'after', afterMs: timeMs };
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
