import type { Key } from '../base/index.ts';
import type { Selection, Span } from '../command/index.ts';
import { entriesOf } from './collectionEntry.ts';
import { renderNames } from './collectionRender.ts';
import { renderScored } from './memberRender.ts';
import { numberAt } from './numbers.ts';
import { ask, type CommandEntry, type Failure, fail, notAnInteger, type Plan, syntaxError } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';
import { boundAt, notARange } from './scores.ts';

type By = Span['kind'];

const entry = entriesOf('sorted-set');
const notAnItem = fail('ERR min or max not valid string range item');

/** Parts of sorted sets: by place, by score, by name. */
export const sortedRangeCommands: readonly CommandEntry[] = [
  entry('zrange', -4, 'readonly', '1.2.0', 'Returns a part of a sorted set.', (request) => planRange(request, {})),
  entry('zrangestore', -5, 'write denyoom', '6.2.0', 'Keeps a part of a sorted set.', planStore, [1, 2, 1]),
  range('zrevrange', '1.2.0', 'places', true),
  range('zrangebyscore', '1.0.5', 'scores', false),
  range('zrevrangebyscore', '2.2.0', 'scores', true),
  range('zrangebylex', '2.8.9', 'names', false),
  range('zrevrangebylex', '2.8.9', 'names', true),
  ...between('zcount', '2.0.0', 'zremrangebyscore', '1.2.0', 'scores'),
  ...between('zlexcount', '2.8.9', 'zremrangebylex', '2.8.9', 'names'),
  entry('zremrangebyrank', 4, 'write', '2.0.0', 'Removes a part of a sorted set.', (request) =>
    planRemove(request, 'places'),
  ),
];

function range(name: string, since: string, by: By, isDown: boolean): CommandEntry {
  const summary = `Returns a part of a sorted set${isDown ? ' from the highest down' : ''}.`;
  return entry(name, -4, 'readonly', since, summary, (request) => planRange(request, { by, isDown }));
}

function between(count: string, sinceCount: string, remove: string, sinceRemove: string, by: By): CommandEntry[] {
  return [
    entry(count, 4, 'readonly fast', sinceCount, 'Counts the members in a part of a sorted set.', (request) => {
      const span = spanAt(request, 2, by, false);
      if (isFailure(span)) return span;
      return ask({ kind: 'look', key: request.key(1), of: 'sortedSet', at: { kind: 'countIn', span } }, renderAnswer);
    }),
    entry(remove, 4, 'write', sinceRemove, 'Removes a part of a sorted set.', (request) => planRemove(request, by)),
  ];
}

function planRemove(request: Request, by: By): Plan {
  const span = spanAt(request, 2, by, false);
  if (isFailure(span)) return span;
  return ask({ kind: 'edit', key: request.key(1), of: 'sortedSet', does: { kind: 'removeIn', span } }, renderAnswer);
}

function planRange(request: Request, fixed: Fixed): Plan {
  const wanted = wantedOf(request, 2, fixed, true);
  if ('kind' in wanted) return wanted;
  const { selection, withScores } = wanted;
  const at = { kind: 'selected', selection } as const;
  return ask({ kind: 'look', key: request.key(1), of: 'sortedSet', at }, withScores ? renderScored : renderNames);
}

function planStore(request: Request): Plan {
  const wanted = wantedOf(request, 3, {}, false);
  if ('kind' in wanted) return wanted;
  const command = {
    kind: 'keepSelected',
    key: request.key(2),
    selection: wanted.selection,
    to: request.key(1),
  } as const;
  return ask(command, renderAnswer);
}

/** What the name of a command says already. */
interface Fixed {
  readonly by?: By;
  readonly isDown?: boolean;
}

interface Options {
  by: By | undefined;
  isDown: boolean;
  withScores: boolean;
  limit: { readonly offset: number; readonly count: number } | undefined;
}

/** The two ends that stand at `first`, and the options behind them. */
function wantedOf(
  request: Request,
  first: number,
  fixed: Fixed,
  mayHaveScores: boolean,
): { readonly selection: Selection; readonly withScores: boolean } | Failure {
  const options = optionsOf(request, first + 2, fixed, mayHaveScores);
  if ('kind' in options) return options;
  const { by = 'places', isDown, withScores, limit } = options;
  if (limit !== undefined && by === 'places') {
    return fail('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  }
  if (withScores && by === 'names') {
    return fail('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  }
  const span = spanAt(request, first, by, isDown);
  if (isFailure(span)) return span;
  return { selection: { span, isDown, ...pageOf(limit) }, withScores };
}

function optionsOf(request: Request, from: number, fixed: Fixed, mayHaveScores: boolean): Options | Failure {
  const options: Options = {
    by: fixed.by,
    isDown: fixed.isDown ?? false,
    withScores: false,
    limit: undefined,
  };
  for (let i = from; i < request.count; i++) {
    const option = request.word(i);
    const by = options.by === undefined ? kinds.get(option) : undefined;
    if (option === 'withscores' && mayHaveScores) options.withScores = true;
    else if (option === 'limit' && i + 2 < request.count) {
      const [offset, count] = [numberAt(request, i + 1), numberAt(request, i + 2)];
      if (offset === undefined || count === undefined) return notAnInteger;
      options.limit = { offset, count };
      i += 2;
    } else if (option === 'rev' && fixed.isDown === undefined) options.isDown = true;
    else if (by !== undefined) options.by = by;
    else return syntaxError;
  }
  return options;
}

const kinds: ReadonlyMap<string, By> = new Map([
  ['byscore', 'scores'],
  ['bylex', 'names'],
]);

/** An offset below 0 finds nothing, and a count below 0 is no limit. */
function pageOf(limit: Options['limit']): Pick<Selection, 'skip' | 'countMax'> {
  if (limit === undefined) return { skip: 0, countMax: undefined };
  const { offset, count } = limit;
  if (offset < 0) return { skip: 0, countMax: 0 };
  const most = 2 ** 52;
  return { skip: Math.min(offset, most), countMax: count < 0 ? undefined : Math.min(count, most) };
}

/** From the highest down the higher end comes first, but for places, which are counted that way then. */
function spanAt(request: Request, first: number, by: By, isDown: boolean): Span | Failure {
  const [low, high] = isDown ? [first + 1, first] : [first, first + 1];
  if (by === 'places') {
    const [from, to] = [numberAt(request, first), numberAt(request, first + 1)];
    return from === undefined || to === undefined ? notAnInteger : { kind: 'places', first: from, last: to };
  }
  if (by === 'names') return namesAt(request, low, high);
  const [from, to] = [boundAt(request, low), boundAt(request, high)];
  if (from === undefined || to === undefined) return notARange;
  return { kind: 'scores', from: from.score, withoutFrom: from.isOut, to: to.score, withoutTo: to.isOut };
}

function namesAt(request: Request, low: number, high: number): Span | Failure {
  const [from, to] = [nameAt(request, low), nameAt(request, high)];
  if (from === undefined || to === undefined) return notAnItem;
  if (from === 'highest' || to === 'lowest') return nothing;
  const [lowest, highest] = [from === 'lowest' ? undefined : from, to === 'highest' ? undefined : to];
  return {
    kind: 'names',
    from: lowest?.name,
    withoutFrom: lowest?.isOut ?? false,
    to: highest?.name,
    withoutTo: highest?.isOut ?? false,
  };
}

const nothing: Span = { kind: 'names', from: undefined, withoutFrom: false, to: '', withoutTo: true };

function nameAt(request: Request, index: number): { name: Key; isOut: boolean } | 'lowest' | 'highest' | undefined {
  const text = request.key(index);
  if (text === '-') return 'lowest';
  if (text === '+') return 'highest';
  const isOut = text[0] === '(';
  return isOut || text[0] === '[' ? { name: text.slice(1), isOut } : undefined;
}

function isFailure(span: Span | Failure): span is Failure {
  return span.kind === 'fail';
}
