import type { Render } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { ReplyWriter } from './replyWriter.ts';
import { textOfMember } from './scores.ts';

/** Members with their scores: pairs in the newer protocol, one after the other in the older one. */
export const renderScored: Render = (reply, answer) => {
  if (answer.kind !== 'elements') return renderAnswer(reply, answer);
  const arePairs = reply.protocol === 3;
  reply.array(answer.elements.length * (arePairs ? 1 : 2));
  for (const one of answer.elements) {
    if (arePairs) reply.array(2);
    sayScored(reply, one);
  }
};

/** The one member with its score, or nothing. */
export const renderFirstScored: Render = (reply, answer) => {
  if (answer.kind !== 'elements') return renderAnswer(reply, answer);
  const [first] = answer.elements;
  reply.array(first === undefined ? 0 : 2);
  if (first !== undefined) sayScored(reply, first);
};

/** The scores of members, or nil. */
export const renderScores: Render = (reply, answer) => {
  if (answer.kind !== 'many') return renderAnswer(reply, answer);
  reply.array(answer.answers.length);
  for (const one of answer.answers) sayScore(reply, one);
};

export const renderFirstScore: Render = (reply, answer) => {
  if (answer.kind === 'many') sayScore(reply, answer.answers[0]!);
  else renderAnswer(reply, answer);
};

/** Where a member stands, with its score. */
export const renderRank: Render = (reply, answer) => {
  if (answer.kind === 'missing') return reply.nilArray();
  if (answer.kind !== 'rank') return renderAnswer(reply, answer);
  reply.array(2);
  reply.integer(answer.rank);
  renderAnswer(reply, { kind: 'score', score: answer.score });
};

export function sayScored(reply: ReplyWriter, { name, value }: { name: string; value: Uint8Array }): void {
  reply.bulkKey(name);
  reply.double(textOfMember(value));
}

function sayScore(reply: ReplyWriter, answer: Parameters<Render>[1]): void {
  if (answer.kind === 'value') reply.double(textOfMember(answer.value));
  else renderAnswer(reply, answer);
}
