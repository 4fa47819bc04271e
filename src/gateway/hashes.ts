import type { Command } from '../command/index.ts';
import type { Client } from './client.ts';
import { entriesOf } from './collectionEntry.ts';
import {
  renderFields,
  renderFirst,
  renderFirstFlag,
  renderName,
  renderNames,
  renderValues,
} from './collectionRender.ts';
import { planScanOf } from './collectionScan.ts';
import { planDecimal, renderSum } from './counters.ts';
import { randomCountMax } from './limits.ts';
import { integerAt, numberAt } from './numbers.ts';
import { ask, type CommandEntry, fail, notAnInteger, type Plan, type Render, syntaxError, wrongArity } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';
import type { Services } from './services.ts';

type Look = (Command & { readonly kind: 'look' })['at'];
type Edit = (Command & { readonly kind: 'edit' })['does'];

const entry = entriesOf('hash');

/** Hashes: fields with values under one key. */
export const hashCommands: readonly CommandEntry[] = [
  entry('hset', -4, 'write denyoom fast', '2.0.0', 'Sets fields of a hash.', (request) =>
    planSet(request, renderAnswer),
  ),
  entry('hmset', -4, 'write denyoom fast', '2.0.0', 'Sets fields of a hash.', (request) => planSet(request, renderOk)),
  entry('hsetnx', 4, 'write denyoom fast', '2.0.0', 'Sets a field of a hash that is not there yet.', (request) => {
    const elements = [{ name: request.key(2), value: request.copy(3) }];
    return edit(request, { kind: 'add', elements, whenAbsent: true });
  }),
  entry('hget', 3, 'readonly fast', '2.0.0', 'Returns the value of a field of a hash.', (request) =>
    ask(look(request, { kind: 'values', names: request.keys(2) }), renderFirst),
  ),
  entry('hmget', -3, 'readonly fast', '2.0.0', 'Returns the values of fields of a hash.', (request) =>
    ask(look(request, { kind: 'values', names: request.keys(2) }), renderAnswer),
  ),
  entry('hdel', -3, 'write fast', '2.0.0', 'Removes fields of a hash.', (request) =>
    edit(request, { kind: 'remove', names: request.keys(2) }),
  ),
  entry('hexists', 3, 'readonly fast', '2.0.0', 'Tells whether a hash has a field.', (request) =>
    ask(look(request, { kind: 'holds', names: request.keys(2) }), renderFirstFlag),
  ),
  entry('hlen', 2, 'readonly fast', '2.0.0', 'Counts the fields of a hash.', (request) =>
    ask(look(request, { kind: 'size' }), renderAnswer),
  ),
  entry('hstrlen', 3, 'readonly fast', '3.2.0', 'Returns the length of the value of a field.', (request) =>
    ask(look(request, { kind: 'values', names: request.keys(2) }), renderLength),
  ),
  entry('hincrby', 4, 'write denyoom fast', '2.0.0', 'Adds to the integer in a field of a hash.', planIncrement),
  entry(
    'hincrbyfloat',
    4,
    'write denyoom fast',
    '2.6.0',
    'Adds to the decimal number in a field of a hash.',
    (request) =>
      planDecimal(request, 3, (by) =>
        edit(request, { kind: 'incrementDecimal', name: request.key(2), by }, renderDecimal),
      ),
  ),
  entry('hgetall', 2, 'readonly', '2.0.0', 'Returns all fields of a hash with their values.', (request) =>
    ask(look(request, { kind: 'elements' }), renderFields),
  ),
  entry('hkeys', 2, 'readonly', '2.0.0', 'Returns all fields of a hash.', (request) =>
    ask(look(request, { kind: 'elements' }), renderNames),
  ),
  entry('hvals', 2, 'readonly', '2.0.0', 'Returns the values of all fields of a hash.', (request) =>
    ask(look(request, { kind: 'elements' }), renderValues),
  ),
  entry('hrandfield', -2, 'readonly', '6.2.0', 'Returns fields by chance.', planRandom),
  entry('hscan', -3, 'readonly', '2.8.0', 'Lists the fields of a hash step by step.', (request) =>
    planScanOf(request, 'hash'),
  ),
];

const renderDecimal: Render = (reply, answer) => {
  if (answer.kind === 'error' && answer.problem === 'notADecimal') reply.error('ERR hash value is not a float');
  else renderSum(reply, answer);
};

const renderOk: Render = (reply, answer) => {
  if (answer.kind === 'integer') reply.ok();
  else renderAnswer(reply, answer);
};

const renderLength: Render = (reply, answer) => {
  const [first] = answer.kind === 'many' ? answer.answers : [];
  if (first === undefined) renderAnswer(reply, answer);
  else reply.integer(first.kind === 'value' ? first.value.length : 0);
};

function look(request: Request, at: Look): Command {
  return { kind: 'look', key: request.key(1), of: 'hash', at };
}

function edit(request: Request, does: Edit, render: Render = renderAnswer): Plan {
  return ask({ kind: 'edit', key: request.key(1), of: 'hash', does }, render);
}

function planSet(request: Request, render: Render): Plan {
  if (request.count % 2 !== 0) return wrongArity(request.word(0));
  const elements = [];
  for (let i = 2; i < request.count; i += 2) elements.push({ name: request.key(i), value: request.copy(i + 1) });
  return edit(request, { kind: 'add', elements, whenAbsent: false }, render);
}

function planIncrement(request: Request): Plan {
  const by = integerAt(request, 3);
  if (by === undefined) return notAnInteger;
  return edit(request, { kind: 'increment', name: request.key(2), by }, (reply, answer) => {
    if (answer.kind === 'error' && answer.problem === 'notAnInteger') reply.error('ERR hash value is not an integer');
    else renderAnswer(reply, answer);
  });
}

/** HRANDFIELD key [count [WITHVALUES]]: a negative count may name a field more than once. */
function planRandom(request: Request, _client: Client, { world }: Services): Plan {
  const seed = world.entropy.u32();
  if (request.count === 2) return ask(look(request, { kind: 'random', count: 1, repeats: false, seed }), renderName);
  const given = numberAt(request, 2);
  if (given === undefined) return notAnInteger;
  if (request.count > 4 || (request.count === 4 && request.word(3) !== 'withvalues')) return syntaxError;
  const count = Math.abs(given);
  if (given < 0 && count > randomCountMax) return fail('ERR value is out of range');
  const at: Look = { kind: 'random', count: Math.min(count, Number.MAX_SAFE_INTEGER), repeats: given < 0, seed };
  return ask(look(request, at), request.count === 4 ? renderPairs : renderNames);
}

/** Names and values: pairs in the newer protocol, one after the other in the older one. */
const renderPairs: Render = (reply, answer) => {
  if (answer.kind !== 'elements') return renderAnswer(reply, answer);
  const arePairs = reply.protocol === 3;
  reply.array(answer.elements.length * (arePairs ? 1 : 2));
  for (const { name, value } of answer.elements) {
    if (arePairs) reply.array(2);
    reply.bulkKey(name);
    reply.bulk(value);
  }
};
