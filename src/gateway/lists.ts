import type { Command } from '../command/index.ts';
import { entriesOf } from './collectionEntry.ts';
import { renderValues } from './collectionRender.ts';
import { numberAt } from './numbers.ts';
import { ask, type CommandEntry, fail, notAnInteger, type Plan, type Render, syntaxError, wrongArity } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';

type Look = (Command & { readonly kind: 'look' })['at'];
type Edit = (Command & { readonly kind: 'edit' })['does'];

const entry = entriesOf('list');
const notPositive = fail('ERR value is out of range, must be positive');

/** Lists: values in an order, added and taken at both ends. */
export const listCommands: readonly CommandEntry[] = [
  entry('lpush', -3, 'write denyoom fast', '1.0.0', 'Adds values at the beginning of a list.', (request) =>
    planPush(request, false, false),
  ),
  entry('rpush', -3, 'write denyoom fast', '1.0.0', 'Adds values at the end of a list.', (request) =>
    planPush(request, true, false),
  ),
  entry('lpushx', -3, 'write denyoom fast', '2.2.0', 'Adds values at the beginning of a list that exists.', (request) =>
    planPush(request, false, true),
  ),
  entry('rpushx', -3, 'write denyoom fast', '2.2.0', 'Adds values at the end of a list that exists.', (request) =>
    planPush(request, true, true),
  ),
  entry('lpop', -2, 'write fast', '1.0.0', 'Takes values from the beginning of a list.', (request) =>
    planPop(request, false),
  ),
  entry('rpop', -2, 'write fast', '1.0.0', 'Takes values from the end of a list.', (request) => planPop(request, true)),
  entry('llen', 2, 'readonly fast', '1.0.0', 'Counts the elements of a list.', (request) =>
    ask(look(request, { kind: 'size' }), renderAnswer),
  ),
  entry('lindex', 3, 'readonly', '1.0.0', 'Returns an element of a list by its place.', (request) => {
    const index = numberAt(request, 2);
    if (index === undefined) return notAnInteger;
    return ask(look(request, { kind: 'slice', first: index, last: index }), renderOne);
  }),
  entry('lrange', 4, 'readonly', '1.0.0', 'Returns a part of a list.', (request) => {
    const [first, last] = [numberAt(request, 2), numberAt(request, 3)];
    if (first === undefined || last === undefined) return notAnInteger;
    return ask(look(request, { kind: 'slice', first, last }), renderValues);
  }),
  entry('lset', 4, 'write denyoom', '1.0.0', 'Writes over an element of a list.', planSet),
  entry('ltrim', 4, 'write', '1.0.0', 'Removes what is outside of a part of a list.', (request) => {
    const [first, last] = [numberAt(request, 2), numberAt(request, 3)];
    if (first === undefined || last === undefined) return notAnInteger;
    return edit(request, { kind: 'trim', first, last }, renderAnswer);
  }),
  entry('lrem', 4, 'write', '1.0.0', 'Removes elements that are a value.', (request) => {
    const count = numberAt(request, 2);
    if (count === undefined) return notAnInteger;
    return edit(request, { kind: 'removeValues', count, value: request.copy(3) }, renderAnswer);
  }),
  entry('linsert', 5, 'write denyoom', '2.2.0', 'Adds a value beside another one.', (request) => {
    const where = request.word(2);
    if (where !== 'before' && where !== 'after') return syntaxError;
    const does = {
      kind: 'insert',
      pivot: request.copy(3),
      value: request.copy(4),
      before: where === 'before',
    } as const;
    return edit(request, does, renderAnswer);
  }),
];

const renderOne: Render = (reply, answer) => {
  if (answer.kind !== 'elements') return renderAnswer(reply, answer);
  const [first] = answer.elements;
  if (first === undefined) reply.nil();
  else reply.bulk(first.value);
};

/** Nothing where the list is not there. */
const renderTaken: Render = (reply, answer) => {
  if (answer.kind === 'elements' && answer.elements.length === 0) reply.nilArray();
  else renderValues(reply, answer);
};

function look(request: Request, at: Look): Command {
  return { kind: 'look', key: request.key(1), of: 'list', at };
}

function edit(request: Request, does: Edit, render: Render): Plan {
  return ask({ kind: 'edit', key: request.key(1), of: 'list', does }, render);
}

function planPush(request: Request, atEnd: boolean, whenPresent: boolean): Plan {
  const values = [];
  for (let i = 2; i < request.count; i++) values.push(request.copy(i));
  return edit(request, { kind: 'push', values, atEnd, whenPresent }, renderAnswer);
}

function planPop(request: Request, atEnd: boolean): Plan {
  if (request.count > 3) return wrongArity(request.word(0));
  if (request.count === 2) return edit(request, { kind: 'pop', count: 1, atEnd }, renderOne);
  const count = numberAt(request, 2);
  if (count === undefined || count < 0) return notPositive;
  if (count > 0)
    return edit(request, { kind: 'pop', count: Math.min(count, Number.MAX_SAFE_INTEGER), atEnd }, renderTaken);
  return ask(look(request, { kind: 'size' }), (reply, answer) => {
    if (answer.kind === 'integer' && answer.value !== 0) reply.array(0);
    else if (answer.kind === 'integer') reply.nilArray();
    else renderAnswer(reply, answer);
  });
}

function planSet(request: Request): Plan {
  const index = numberAt(request, 2);
  if (index === undefined) return notAnInteger;
  return edit(request, { kind: 'assign', index, value: request.copy(3) }, (reply, answer) => {
    if (answer.kind === 'missing') reply.error('ERR no such key');
    else if (answer.kind === 'notDone') reply.error('ERR index out of range');
    else renderAnswer(reply, answer);
  });
}
