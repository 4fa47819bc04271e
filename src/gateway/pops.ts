import type { Key } from '../base/index.ts';
import type { Answer } from '../command/index.ts';
import { entriesOf } from './collectionEntry.ts';
import { sayScored } from './memberRender.ts';
import { numberAt } from './numbers.ts';
import { type Ask, type CommandEntry, type Failure, fail, type Plan, type Render, syntaxError } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { ReplyWriter } from './replyWriter.ts';
import type { Request } from './request.ts';

type Kind = Ask['command'] & { readonly kind: 'popFirst' };
type Popped = Answer & { readonly kind: 'popped' };

const list = entriesOf('list');
const sorted = entriesOf('sorted-set');
const one = [1, 1, 1] as const;
const two = [1, 2, 1] as const;
const noKeys = [0, 0, 0] as const;
const noNumber = fail('ERR timeout is not a float or out of range');
/** Some centuries: what is longer does not end. */
const timeoutMsMax = 1e13;

/** What takes from several keys, moves between them, or waits until there is something to take. */
export const popCommands: readonly CommandEntry[] = [
  list('lmove', 5, 'write denyoom', '6.2.0', 'Moves an element from a list to another.', planMove, two),
  list(
    'rpoplpush',
    3,
    'write denyoom',
    '1.2.0',
    'Moves the last element of a list to another.',
    (request) => move(request, true, false),
    two,
  ),
  list(
    'lmpop',
    -4,
    'write movablekeys',
    '7.0.0',
    'Takes from the first list that has elements.',
    (request) => planMany(request, 1, 'list'),
    noKeys,
  ),
  sorted(
    'zmpop',
    -4,
    'write movablekeys',
    '7.0.0',
    'Takes from the first sorted set that has members.',
    (request) => planMany(request, 1, 'sortedSet'),
    noKeys,
  ),
  waiting(
    list(
      'blpop',
      -3,
      'write blocking',
      '2.0.0',
      'Takes the first element of a list, or waits.',
      (request) => planOne(request, 'list', false),
      [1, -2, 1],
    ),
  ),
  waiting(
    list(
      'brpop',
      -3,
      'write blocking',
      '2.0.0',
      'Takes the last element of a list, or waits.',
      (request) => planOne(request, 'list', true),
      [1, -2, 1],
    ),
  ),
  waiting(
    sorted(
      'bzpopmin',
      -3,
      'write fast blocking',
      '5.0.0',
      'Takes the lowest member, or waits.',
      (request) => planOne(request, 'sortedSet', false),
      [1, -2, 1],
    ),
  ),
  waiting(
    sorted(
      'bzpopmax',
      -3,
      'write fast blocking',
      '5.0.0',
      'Takes the highest member, or waits.',
      (request) => planOne(request, 'sortedSet', true),
      [1, -2, 1],
    ),
  ),
  waiting(
    list(
      'blmove',
      6,
      'write denyoom blocking',
      '6.2.0',
      'Moves an element of a list, or waits.',
      (request) => patiently(planMove(request), request, 5),
      two,
    ),
  ),
  waiting(
    list(
      'brpoplpush',
      4,
      'write denyoom blocking',
      '2.2.0',
      'Moves the last element, or waits.',
      (request) => patiently(move(request, true, false), request, 3),
      two,
    ),
  ),
  waiting(
    list(
      'blmpop',
      -5,
      'write blocking movablekeys',
      '7.0.0',
      'Takes from the first list, or waits.',
      (request) => patiently(planMany(request, 2, 'list'), request, 1),
      noKeys,
    ),
  ),
  waiting(
    sorted(
      'bzmpop',
      -5,
      'write blocking movablekeys',
      '7.0.0',
      'Takes from the first set, or waits.',
      (request) => patiently(planMany(request, 2, 'sortedSet'), request, 1),
      noKeys,
    ),
  ),
  list('lpos', -3, 'readonly', '6.0.6', 'Tells where in a list a value stands.', planPositions, one),
];

/** Nothing of its connection may pass it while it waits. */
function waiting(entry: CommandEntry): CommandEntry {
  return { ...entry, order: 'alone' };
}

/** The plan of a command that waits for as long as an argument says, in seconds, and for ever with 0. */
function patiently(plan: Plan, request: Request, at: number): Plan {
  const text = request.text(at);
  const seconds = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
  if (seconds === undefined || seconds * 1000 > timeoutMsMax) return noNumber;
  if (seconds < 0) return fail('ERR timeout is negative');
  if (plan.kind !== 'ask') return plan;
  return { ...plan, waitMs: seconds === 0 ? Number.POSITIVE_INFINITY : Math.ceil(seconds * 1000) };
}

/** A command, key ..., timeout. */
function planOne(request: Request, of: Kind['of'], atEnd: boolean): Plan {
  const keys = request.keys(1).slice(0, -1);
  const render = of === 'list' ? renderElement : renderMember;
  const plan: Plan = { kind: 'ask', command: { kind: 'popFirst', keys, of, count: 1, atEnd }, render };
  return patiently(plan, request, request.count - 1);
}

/** numkeys key ... LEFT | RIGHT [COUNT count], or MIN | MAX. */
function planMany(request: Request, first: number, of: Kind['of']): Plan {
  const asked = manyOf(request, first, of === 'list' ? ['left', 'right'] : ['min', 'max']);
  if ('kind' in asked) return asked;
  const render = of === 'list' ? renderElements : renderMembers;
  return { kind: 'ask', command: { kind: 'popFirst', of, ...asked }, render };
}

function manyOf(
  request: Request,
  first: number,
  ends: readonly string[],
): { readonly keys: readonly Key[]; readonly count: number; readonly atEnd: boolean } | Failure {
  const numbered = numberAt(request, first);
  if (numbered === undefined || numbered < 1) return fail('ERR numkeys should be greater than 0');
  const behind = first + 1 + numbered;
  if (behind >= request.count) return syntaxError;
  const end = ends.indexOf(request.word(behind));
  const rest = request.count - behind - 1;
  if (end < 0 || (rest !== 0 && (rest !== 2 || request.word(behind + 1) !== 'count'))) return syntaxError;
  const count = rest === 0 ? 1 : numberAt(request, behind + 2);
  if (count === undefined || count < 1) return fail('ERR count should be greater than 0');
  const keys = request.keys(first + 1).slice(0, numbered);
  return { keys, count: Math.min(count, Number.MAX_SAFE_INTEGER), atEnd: end === 1 };
}

function planMove(request: Request): Plan {
  const [from, to] = [request.word(3), request.word(4)];
  const isEnd = (word: string): boolean => word === 'left' || word === 'right';
  return isEnd(from) && isEnd(to) ? move(request, from === 'right', to === 'right') : syntaxError;
}

function move(request: Request, fromEnd: boolean, toEnd: boolean): Plan {
  const [key, to] = [request.key(1), request.key(2)];
  return { kind: 'ask', command: { kind: 'moveElement', key, to, fromEnd, toEnd }, render: renderAnswer };
}

/** LPOS key element [RANK rank] [COUNT count] [MAXLEN length]. */
function planPositions(request: Request): Plan {
  const options = new Map<string, number>();
  for (let i = 3; i < request.count; i += 2) {
    const name = request.word(i);
    if (i + 1 >= request.count || !['rank', 'count', 'maxlen'].includes(name)) return syntaxError;
    const value = numberAt(request, i + 1);
    if (value === undefined) return fail('ERR value is not an integer or out of range');
    if (name === 'rank' && value === 0) return fail(rankOfZero);
    if (name !== 'rank' && value < 0) return fail(`ERR ${name.toUpperCase()} can't be negative`);
    options.set(name, value);
  }
  const [rank = 1, count, lengthMax = 0] = [options.get('rank'), options.get('count'), options.get('maxlen')];
  const countMax = count === undefined ? 1 : count === 0 ? undefined : Math.min(count, Number.MAX_SAFE_INTEGER);
  const at = { kind: 'positions', value: request.copy(2), rank, countMax, lengthMax } as const;
  const render = count === undefined ? renderPosition : renderAnswer;
  return { kind: 'ask', command: { kind: 'look', key: request.key(1), of: 'list', at }, render };
}

const rankOfZero =
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... " +
  'or use negative to start from the end of the list';

const renderPosition: Render = (reply, answer) => {
  const [first] = answer.kind === 'many' ? answer.answers : [answer];
  renderAnswer(reply, first ?? { kind: 'missing' });
};

const renderElement = popped((reply, { key, elements }) => {
  reply.array(2);
  reply.bulkKey(key);
  reply.bulk(elements[0]!.value);
});

const renderMember = popped((reply, { key, elements }) => {
  reply.array(3);
  reply.bulkKey(key);
  sayScored(reply, elements[0]!);
});

const renderElements = popped((reply, { key, elements }) => {
  reply.array(2);
  reply.bulkKey(key);
  reply.array(elements.length);
  for (const { value } of elements) reply.bulk(value);
});

const renderMembers = popped((reply, { key, elements }) => {
  reply.array(2);
  reply.bulkKey(key);
  reply.array(elements.length);
  for (const each of elements) {
    reply.array(2);
    sayScored(reply, each);
  }
});

/** Says what was taken, or that there was nothing. */
function popped(tell: (reply: ReplyWriter, answer: Popped) => void): Render {
  return (reply, answer) => {
    if (answer.kind === 'popped') tell(reply, answer);
    else if (answer.kind === 'missing') reply.nilArray();
    else renderAnswer(reply, answer);
  };
}
