import type { Render } from './plan.ts';
import { renderAnswer } from './render.ts';

/** The names of elements: of a set its members, of a hash its fields. */
export const renderNames: Render = (reply, answer) => {
  if (answer.kind !== 'elements') return renderAnswer(reply, answer);
  reply.array(answer.elements.length);
  for (const { name } of answer.elements) reply.bulkKey(name);
};

/** The same as a set, where the protocol has sets. */
export const renderMembers: Render = (reply, answer) => {
  if (answer.kind !== 'elements') return renderAnswer(reply, answer);
  reply.set(answer.elements.length);
  for (const { name } of answer.elements) reply.bulkKey(name);
};

/** The one name, or nil. */
export const renderName: Render = (reply, answer) => {
  if (answer.kind !== 'elements') return renderAnswer(reply, answer);
  const [first] = answer.elements;
  if (first === undefined) reply.nil();
  else reply.bulkKey(first.name);
};

export const renderValues: Render = (reply, answer) => {
  if (answer.kind !== 'elements') return renderAnswer(reply, answer);
  reply.array(answer.elements.length);
  for (const { value } of answer.elements) reply.bulk(value);
};

/** Names and values as a map. */
export const renderFields: Render = (reply, answer) => {
  if (answer.kind !== 'elements') return renderAnswer(reply, answer);
  reply.map(answer.elements.length);
  for (const { name, value } of answer.elements) {
    reply.bulkKey(name);
    reply.bulk(value);
  }
};

export const renderFlags: Render = (reply, answer) => {
  if (answer.kind !== 'flags') return renderAnswer(reply, answer);
  reply.array(answer.flags.length);
  for (const flag of answer.flags) reply.integer(flag ? 1 : 0);
};

/** The one flag. */
export const renderFirstFlag: Render = (reply, answer) => {
  if (answer.kind === 'flags') reply.integer(answer.flags[0] ? 1 : 0);
  else renderAnswer(reply, answer);
};

/** The one answer of `many`. */
export const renderFirst: Render = (reply, answer) => {
  renderAnswer(reply, answer.kind === 'many' ? answer.answers[0]! : answer);
};

export const renderCount: Render = (reply, answer) => {
  if (answer.kind === 'elements') reply.integer(answer.elements.length);
  else renderAnswer(reply, answer);
};
