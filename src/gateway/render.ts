import { AssertionError, unreachable } from '../base/index.ts';
import type { Answer, Element, Problem } from '../command/index.ts';
import type { Render } from './plan.ts';
import type { ReplyWriter } from './replyWriter.ts';
import { textOfScore } from './scores.ts';

/** What of Redis's errors stands for a problem of the store; the others speak for themselves. */
const problemTexts: ReadonlyMap<Problem, string> = new Map([
  ['notAnInteger', 'value is not an integer or out of range'],
  ['overflow', 'increment or decrement would overflow'],
  ['notADecimal', 'value is not a valid float'],
  ['notANumber', 'resulting score is not a number (NaN)'],
  ['valueTooLarge', 'string exceeds maximum allowed size (proto-max-bulk-len)'],
]);

const wrongTypeText = 'WRONGTYPE Operation against a key holding the wrong kind of value';
/** What Redis calls what a key holds. */
export const typeNames = {
  none: 'none',
  plain: 'string',
  set: 'set',
  hash: 'hash',
  list: 'list',
  sortedSet: 'zset',
} as const;

/** An answer as it is, for commands whose reply follows from it alone. */
export const renderAnswer: Render = (reply, answer) => {
  switch (answer.kind) {
    case 'ok':
      return reply.ok();
    case 'notDone':
    case 'missing':
      return reply.nil();
    case 'value':
      return reply.bulk(answer.value);
    case 'integer':
      return reply.integer(answer.value);
    case 'many':
    case 'executed':
      reply.array(answer.answers.length);
      for (const one of answer.answers) renderAnswer(reply, one);
      return;
    case 'rows':
      return sayPairs(
        reply,
        answer.rows.map(({ key, value }) => ({ name: key, value })),
      );
    case 'versions':
      reply.array(answer.versions.length);
      for (const version of answer.versions) reply.integer(version);
      return;
    case 'lifetime':
      return reply.integer(answer.remainingMs === undefined ? -1 : Math.ceil(answer.remainingMs));
    case 'flags':
      reply.array(answer.flags.length);
      for (const flag of answer.flags) reply.integer(flag ? 1 : 0);
      return;
    case 'elements':
      return sayPairs(reply, answer.elements);
    case 'score':
      return reply.double(textOfScore(answer.score));
    case 'rank':
      return reply.integer(answer.rank);
    case 'type':
      return reply.simple(typeNames[answer.type ?? 'none']);
    case 'conflict':
      return reply.nilArray();
    case 'outcome':
      return renderOutcome(reply, answer);
    case 'changes':
    case 'voted':
    case 'popped':
    case 'contents':
    case 'arranged':
    case 'declined':
    case 'reserved':
      throw new AssertionError(
        'votes, changes, contents, arrangements and reservations are for the program that asked for them',
      );
    case 'error':
      if (answer.problem === 'wrongType') return reply.error(wrongTypeText);
      return reply.error(`ERR ${problemTexts.get(answer.problem) ?? answer.text}`);
    default:
      return unreachable(answer);
  }
};

function sayPairs(reply: ReplyWriter, pairs: readonly Element[]): void {
  reply.array(2 * pairs.length);
  for (const { name, value } of pairs) {
    reply.bulkKey(name);
    reply.bulk(value);
  }
}

/** `ok` as 1, `notDone` as 0. */
export const renderFlag: Render = (reply, answer) => {
  if (answer.kind === 'ok') reply.integer(1);
  else if (answer.kind === 'notDone') reply.integer(0);
  else renderAnswer(reply, answer);
};

function renderOutcome(reply: ReplyWriter, answer: Answer & { readonly kind: 'outcome' }): void {
  reply.array(2);
  reply.bulkKey(answer.state === 'unknownSession' ? 'unknown' : answer.state);
  if (answer.answer === undefined) reply.nil();
  else renderAnswer(reply, answer.answer);
}
