import type { Key } from '../base/index.ts';
import type { Aggregate, Combination } from '../command/index.ts';
import { entriesOf } from './collectionEntry.ts';
import { renderNames } from './collectionRender.ts';
import { renderScored } from './memberRender.ts';
import { numberAt } from './numbers.ts';
import {
  ask,
  type CommandEntry,
  type Failure,
  fail,
  notAnInteger,
  type Plan,
  type Render,
  syntaxError,
} from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';
import { scoreAt } from './scores.ts';

const entry = entriesOf('sorted-set');
const noKeys = [0, 0, 0] as const;

/** What sets and sorted sets amount to together, with the scores of their members. */
export const sortedCombinationCommands: readonly CommandEntry[] = [
  ...combinations('zunion', 'union', '6.2.0', '2.0.0', 'Returns the members that any of the sets has.'),
  ...combinations('zinter', 'intersection', '6.2.0', '2.0.0', 'Returns the members that all sets have.'),
  ...combinations(
    'zdiff',
    'difference',
    '6.2.0',
    '6.2.0',
    'Returns the members of the first set that no other one has.',
  ),
  entry('zintercard', -3, 'readonly movablekeys', '7.0.0', 'Counts the members that all sets have.', planCard, noKeys),
];

function combinations(
  name: string,
  how: Combination,
  since: string,
  sinceStore: string,
  summary: string,
): CommandEntry[] {
  const stores = summary.replace('Returns', 'Keeps');
  return [
    entry(name, -3, 'readonly movablekeys', since, summary, (request) => plan(request, how), noKeys),
    entry(
      `${name}store`,
      -4,
      'write denyoom movablekeys',
      sinceStore,
      stores,
      (request) => planInto(request, how),
      [1, 1, 1],
    ),
  ];
}

function plan(request: Request, how: Combination): Plan {
  const wanted = wantedOf(request, 1, how, true);
  if ('kind' in wanted) return wanted;
  const { withScores, ...combination } = wanted;
  return ask({ kind: 'combineScores', ...combination }, withScores ? renderScored : renderNames);
}

function planInto(request: Request, how: Combination): Plan {
  const wanted = wantedOf(request, 2, how, false);
  if ('kind' in wanted) return wanted;
  const { withScores: _, ...combination } = wanted;
  return ask({ kind: 'combineScoresInto', ...combination, to: request.key(1) }, renderAnswer);
}

interface Wanted {
  readonly keys: readonly Key[];
  readonly how: Combination;
  readonly withScores: boolean;
  readonly weights: readonly number[];
  readonly aggregate: Aggregate;
}

/** numkeys key ... [WEIGHTS weight ...] [AGGREGATE SUM | MIN | MAX] [WITHSCORES], of which a difference knows the last alone. */
function wantedOf(request: Request, first: number, how: Combination, mayHaveScores: boolean): Wanted | Failure {
  const count = numberAt(request, first);
  if (count === undefined) return notAnInteger;
  if (count < 1) return fail(`ERR at least 1 input key is needed for '${request.word(0)}' command`);
  if (count > request.count - first - 1) return syntaxError;
  const keys = request.keys(first + 1).slice(0, count);
  let weights = keys.map(() => 1);
  let aggregate: Aggregate = 'sum';
  let withScores = false;
  for (let i = first + 1 + count; i < request.count; i++) {
    const option = request.word(i);
    const takesMore = how !== 'difference';
    if (takesMore && option === 'weights' && i + count < request.count) {
      const given = keys.map((_, place) => scoreAt(request, i + 1 + place));
      if (given.includes(undefined)) return fail('ERR weight value is not a float');
      weights = given as number[];
      i += count;
    } else if (takesMore && option === 'aggregate' && i + 1 < request.count) {
      const named = aggregates.get(request.word(++i));
      if (named === undefined) return syntaxError;
      aggregate = named;
    } else if (option === 'withscores' && mayHaveScores) withScores = true;
    else return syntaxError;
  }
  return { keys, how, withScores, weights, aggregate };
}

const aggregates: ReadonlyMap<string, Aggregate> = new Map([
  ['sum', 'sum'],
  ['min', 'least'],
  ['max', 'greatest'],
]);

/** ZINTERCARD numkeys key ... [LIMIT n]; 0 is no limit. */
function planCard(request: Request): Plan {
  const count = numberAt(request, 1);
  if (count === undefined) return notAnInteger;
  if (count < 1) return fail("ERR at least 1 input key is needed for 'zintercard' command");
  if (count > request.count - 2) return syntaxError;
  const keys = request.keys(2).slice(0, count);
  const rest = request.count - 2 - count;
  if (rest !== 0 && (rest !== 2 || request.word(2 + count) !== 'limit')) return syntaxError;
  const limit = rest === 0 ? 0 : numberAt(request, 3 + count);
  if (limit === undefined || limit < 0) return fail("ERR LIMIT can't be negative");
  const weights = keys.map(() => 1);
  return ask({ kind: 'combineScores', keys, weights, how: 'intersection', aggregate: 'sum' }, renderCountUpTo(limit));
}

function renderCountUpTo(limit: number): Render {
  return (reply, answer) => {
    if (answer.kind !== 'elements') return renderAnswer(reply, answer);
    const { length } = answer.elements;
    reply.integer(limit === 0 ? length : Math.min(limit, length));
  };
}
