import type { Key } from '../base/index.ts';
import { emptyBytes } from '../base/index.ts';
import type { Command } from '../command/index.ts';
import type { Client } from './client.ts';
import { entriesOf } from './collectionEntry.ts';
import {
  renderCount,
  renderFirstFlag,
  renderFlags,
  renderMembers,
  renderName,
  renderNames,
} from './collectionRender.ts';
import { planScanOf } from './collectionScan.ts';
import { randomCountMax } from './limits.ts';
import { numberAt } from './numbers.ts';
import { ask, type CommandEntry, fail, notAnInteger, type Plan, syntaxError } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';
import type { Services } from './services.ts';

type Combination = (Command & { readonly kind: 'combine' })['how'];
type Look = (Command & { readonly kind: 'look' })['at'];
type Edit = (Command & { readonly kind: 'edit' })['does'];

const entry = entriesOf('set');
const all = [1, -1, 1] as const;
const notPositive = fail('ERR value is out of range, must be positive');

/** Sets: members that are added and removed without regard to each other. */
export const setCommands: readonly CommandEntry[] = [
  entry('sadd', -3, 'write denyoom fast', '1.0.0', 'Adds members to a set.', (request) => {
    const elements = request.keys(2).map((name) => ({ name, value: emptyBytes }));
    return edit(request, { kind: 'add', elements, whenAbsent: true });
  }),
  entry('srem', -3, 'write fast', '1.0.0', 'Removes members from a set.', (request) =>
    edit(request, { kind: 'remove', names: request.keys(2) }),
  ),
  entry('smove', 4, 'write fast', '1.0.0', 'Moves a member from one set to another.', planMove, [1, 2, 1]),
  entry('spop', -2, 'write fast', '1.0.0', 'Removes members by chance and returns them.', planPop),
  entry('srandmember', -2, 'readonly', '1.0.0', 'Returns members by chance.', planRandom),
  entry('scard', 2, 'readonly fast', '1.0.0', 'Counts the members of a set.', (request) =>
    ask(look(request, { kind: 'size' }), renderAnswer),
  ),
  entry('sismember', 3, 'readonly fast', '1.0.0', 'Tells whether something is a member of a set.', (request) =>
    ask(look(request, { kind: 'holds', names: request.keys(2) }), renderFirstFlag),
  ),
  entry('smismember', -3, 'readonly fast', '6.2.0', 'Tells which of several are members of a set.', (request) =>
    ask(look(request, { kind: 'holds', names: request.keys(2) }), renderFlags),
  ),
  entry('smembers', 2, 'readonly', '1.0.0', 'Returns all members of a set.', (request) =>
    ask(look(request, { kind: 'elements' }), renderMembers),
  ),
  entry('sscan', -3, 'readonly', '2.8.0', 'Lists the members of a set step by step.', (request) =>
    planScanOf(request, 'set'),
  ),
  ...combinations('sinter', 'intersection', 'Returns the members that all sets have.'),
  ...combinations('sunion', 'union', 'Returns the members that any of the sets has.'),
  ...combinations('sdiff', 'difference', 'Returns the members of the first set that no other one has.'),
  entry(
    'sintercard',
    -3,
    'readonly movablekeys',
    '7.0.0',
    'Counts the members that all sets have.',
    planCard,
    [0, 0, 0],
  ),
];

function combinations(name: string, how: Combination, summary: string): CommandEntry[] {
  return [
    entry(
      name,
      -2,
      'readonly',
      '1.0.0',
      summary,
      (request) => ask({ kind: 'combine', keys: request.keys(1), how }, renderMembers),
      all,
    ),
    entry(
      `${name}store`,
      -3,
      'write denyoom',
      '1.0.0',
      `${summary.replace('Returns', 'Keeps')} It is one step, whichever cells the keys are in.`,
      (request) => ask({ kind: 'combineInto', keys: request.keys(2), how, to: request.key(1) }, renderAnswer),
      all,
    ),
  ];
}

function look(request: Request, at: Look): Command {
  return { kind: 'look', key: request.key(1), of: 'set', at };
}

function edit(request: Request, does: Edit): Plan {
  return ask({ kind: 'edit', key: request.key(1), of: 'set', does }, renderAnswer);
}

function planMove(request: Request): Plan {
  const [key, to, member] = request.keys(1) as [Key, Key, Key];
  return ask({ kind: 'moveMember', key, to, member }, renderAnswer);
}

function planPop(request: Request, _client: Client, { world }: Services): Plan {
  if (request.count > 3) return syntaxError;
  const seed = world.entropy.u32();
  const key = request.key(1);
  if (request.count === 2) {
    return ask({ kind: 'edit', key, of: 'set', does: { kind: 'takeRandom', count: 1, seed } }, renderName);
  }
  const count = numberAt(request, 2);
  if (count === undefined || count < 0) return notPositive;
  const most = Math.min(count, Number.MAX_SAFE_INTEGER);
  return ask({ kind: 'edit', key, of: 'set', does: { kind: 'takeRandom', count: most, seed } }, renderMembers);
}

function planRandom(request: Request, _client: Client, { world }: Services): Plan {
  if (request.count > 3) return syntaxError;
  const seed = world.entropy.u32();
  if (request.count === 2) return ask(look(request, { kind: 'random', count: 1, repeats: false, seed }), renderName);
  const given = numberAt(request, 2);
  if (given === undefined) return notAnInteger;
  const count = Math.abs(given);
  if (given < 0 && count > randomCountMax) return fail('ERR value is out of range');
  return ask(
    look(request, { kind: 'random', count: Math.min(count, Number.MAX_SAFE_INTEGER), repeats: given < 0, seed }),
    renderNames,
  );
}

/** SINTERCARD numkeys key ... [LIMIT n]; 0 is no limit. */
function planCard(request: Request): Plan {
  const count = numberAt(request, 1);
  if (count === undefined || count < 1) return fail('ERR numkeys should be greater than 0');
  if (count > request.count - 2) return fail("ERR Number of keys can't be greater than number of args");
  const keys = request.keys(2).slice(0, count);
  const rest = request.count - 2 - count;
  if (rest === 0) return ask({ kind: 'combine', keys, how: 'intersection' }, renderCount);
  if (rest !== 2 || request.word(2 + count) !== 'limit') return syntaxError;
  const limit = numberAt(request, 3 + count);
  if (limit === undefined || limit < 0) return fail("ERR LIMIT can't be negative");
  return ask({ kind: 'combine', keys, how: 'intersection' }, (reply, answer) => {
    if (answer.kind !== 'elements') return renderAnswer(reply, answer);
    const { length } = answer.elements;
    reply.integer(limit === 0 ? length : Math.min(limit, length));
  });
}
