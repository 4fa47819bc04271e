import type { Edit, Look } from '../command/index.ts';
import type { Client } from './client.ts';
import { entriesOf } from './collectionEntry.ts';
import { renderName, renderNames } from './collectionRender.ts';
import { planScanOf } from './collectionScan.ts';
import { randomCountMax } from './limits.ts';
import { renderFirstScore, renderFirstScored, renderRank, renderScored, renderScores } from './memberRender.ts';
import { numberAt } from './numbers.ts';
import { ask, type CommandEntry, fail, notAnInteger, type Plan, type Render, syntaxError, wrongArity } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';
import { notAFloat, scoreAt } from './scores.ts';
import type { Services } from './services.ts';

type Scoring = Edit & { readonly kind: 'score' };

const entry = entriesOf('sorted-set');

/** Sorted sets: members in the order of their scores. What reads a part of one stands in `sortedRanges.ts`. */
export const sortedSetCommands: readonly CommandEntry[] = [
  entry('zadd', -4, 'write denyoom fast', '1.2.0', 'Gives members of a sorted set their scores.', planAdd),
  entry('zincrby', 4, 'write denyoom fast', '1.2.0', 'Adds to the score of a member.', (request) => {
    const score = scoreAt(request, 2);
    if (score === undefined) return notAFloat;
    const members = [{ name: request.key(3), score }];
    return edit(request, { ...plainly, members, increments: true });
  }),
  entry('zrem', -3, 'write fast', '1.2.0', 'Removes members from a sorted set.', (request) =>
    edit(request, { kind: 'remove', names: request.keys(2) }),
  ),
  entry('zcard', 2, 'readonly fast', '1.2.0', 'Counts the members of a sorted set.', (request) =>
    look(request, { kind: 'size' }),
  ),
  entry('zscore', 3, 'readonly fast', '1.2.0', 'Returns the score of a member.', (request) =>
    look(request, { kind: 'values', names: request.keys(2) }, renderFirstScore),
  ),
  entry('zmscore', -3, 'readonly fast', '6.2.0', 'Returns the scores of members.', (request) =>
    look(request, { kind: 'values', names: request.keys(2) }, renderScores),
  ),
  entry('zrank', -3, 'readonly fast', '2.0.0', 'Tells how many members come before one.', (request) =>
    planRank(request, false),
  ),
  entry('zrevrank', -3, 'readonly fast', '2.0.0', 'Tells how many members come behind one.', (request) =>
    planRank(request, true),
  ),
  entry('zpopmin', -2, 'write fast', '5.0.0', 'Takes the members with the lowest scores.', (request) =>
    planPop(request, false),
  ),
  entry('zpopmax', -2, 'write fast', '5.0.0', 'Takes the members with the highest scores.', (request) =>
    planPop(request, true),
  ),
  entry('zscan', -3, 'readonly', '2.8.0', 'Lists the members of a sorted set step by step.', (request) =>
    planScanOf(request, 'sortedSet'),
  ),
  entry('zrandmember', -2, 'readonly', '6.2.0', 'Returns members by chance.', planRandom),
];

const plainly = { kind: 'score', when: 'always', than: 'any', increments: false, countsChanged: false } as const;

function look(request: Request, at: Look, render: Render = renderAnswer): Plan {
  return ask({ kind: 'look', key: request.key(1), of: 'sortedSet', at }, render);
}

function edit(request: Request, does: Edit, render: Render = renderAnswer): Plan {
  return ask({ kind: 'edit', key: request.key(1), of: 'sortedSet', does }, render);
}

/** ZADD key [NX | XX] [GT | LT] [CH] [INCR] score member ... */
function planAdd(request: Request): Plan {
  const given = new Set<string>();
  let at = 2;
  while (at < request.count && addOptions.has(request.word(at))) given.add(request.word(at++));
  const isEven = at < request.count && (request.count - at) % 2 === 0;
  if (!isEven) return syntaxError;
  const [increments, isAbsent] = [given.has('incr'), given.has('nx')];
  if (isAbsent && given.has('xx')) return fail('ERR XX and NX options at the same time are not compatible');
  if ([isAbsent, given.has('gt'), given.has('lt')].filter(Boolean).length > 1) {
    return fail('ERR GT, LT, and/or NX options at the same time are not compatible');
  }
  if (increments && request.count - at > 2) return fail('ERR INCR option supports a single increment-element pair');
  const members: Scoring['members'][number][] = [];
  for (; at < request.count; at += 2) {
    const score = scoreAt(request, at);
    if (score === undefined) return notAFloat;
    members.push({ name: request.key(at + 1), score });
  }
  return edit(request, {
    kind: 'score',
    members,
    when: isAbsent ? 'absent' : given.has('xx') ? 'present' : 'always',
    than: given.has('gt') ? 'greater' : given.has('lt') ? 'less' : 'any',
    increments,
    countsChanged: given.has('ch'),
  });
}

const addOptions: ReadonlySet<string> = new Set(['nx', 'xx', 'gt', 'lt', 'ch', 'incr']);

function planRank(request: Request, isDown: boolean): Plan {
  if (request.count > 4) return wrongArity(request.word(0));
  if (request.count === 4 && request.word(3) !== 'withscore') return syntaxError;
  const render: Render = request.count === 4 ? renderRank : renderAnswer;
  return look(request, { kind: 'rank', name: request.key(2), isDown }, render);
}

function planPop(request: Request, atEnd: boolean): Plan {
  if (request.count > 3) return syntaxError;
  if (request.count === 2) return edit(request, { kind: 'pop', count: 1, atEnd }, renderFirstScored);
  const count = numberAt(request, 2);
  if (count === undefined || count < 0) return fail('ERR value is out of range, must be positive');
  return edit(request, { kind: 'pop', count: Math.min(count, Number.MAX_SAFE_INTEGER), atEnd }, renderScored);
}

/** ZRANDMEMBER key [count [WITHSCORES]]: a negative count may name a member more than once. */
function planRandom(request: Request, _client: Client, { world }: Services): Plan {
  const seed = world.entropy.u32();
  if (request.count === 2) return look(request, { kind: 'random', count: 1, repeats: false, seed }, renderName);
  const given = numberAt(request, 2);
  if (given === undefined) return notAnInteger;
  if (request.count > 4 || (request.count === 4 && request.word(3) !== 'withscores')) return syntaxError;
  const count = Math.abs(given);
  if (given < 0 && count > randomCountMax) return fail('ERR value is out of range');
  const at: Look = { kind: 'random', count: Math.min(count, Number.MAX_SAFE_INTEGER), repeats: given < 0, seed };
  return look(request, at, request.count === 4 ? renderScored : renderNames);
}
