import type { Client } from './client.ts';
import { badName, clientName } from './greeting.ts';
import { numberAt } from './numbers.ts';
import { type CommandEntry, fail, noCommand, type Plan, say, sayOk, syntaxError } from './plan.ts';
import type { Request } from './request.ts';
import type { Services } from './services.ts';

/** A subcommand: how many words it has (negative: at least), and how it is done. */
interface Subcommand {
  readonly arity: number;
  readonly plan: (request: Request, client: Client, services: Services) => Plan;
}

/** CLIENT: what a client may know and say of itself and of the others. */
export const clientCommands: readonly CommandEntry[] = [
  {
    group: 'connection',
    order: 'free',
    name: 'client',
    arity: -2,
    flags: ['noscript', 'loading', 'stale'],
    keys: [0, 0, 0],
    since: '2.4.0',
    summary: 'Names, lists and closes connections.',
    plan: (request, client, services) => planSubcommand('client', subcommands, request, client, services),
  },
];

const subcommands: ReadonlyMap<string, Subcommand> = new Map<string, Subcommand>([
  ['id', { arity: 2, plan: (_request, client) => say((reply) => reply.integer(client.id)) }],
  ['getname', { arity: 2, plan: (_request, client) => say((reply) => sayName(reply, client)) }],
  ['setname', { arity: 3, plan: planSetName }],
  ['setinfo', { arity: 4, plan: planSetInfo }],
  ['info', { arity: 2, plan: (_request, client, services) => planList([client], services) }],
  ['list', { arity: -2, plan: (_request, _client, services) => planList(undefined, services) }],
  ['kill', { arity: -3, plan: planKill }],
  ['no-evict', { arity: 3, plan: planSwitch }],
  ['no-touch', { arity: 3, plan: planSwitch }],
]);

/** Does a subcommand of a table, or says what is wrong with it. */
export function planSubcommand(
  name: string,
  table: ReadonlyMap<string, Subcommand>,
  request: Request,
  client: Client,
  services: Services,
): Plan {
  const word = request.word(1);
  const found = table.get(word);
  if (found === undefined && word === 'help' && request.count === 2) return help(name, table);
  if (found === undefined) {
    return noCommand(`ERR unknown subcommand '${request.key(1).slice(0, 128)}'. Try ${name.toUpperCase()} HELP.`);
  }
  if (found.arity > 0 ? request.count !== found.arity : request.count < -found.arity) {
    return noCommand(`ERR wrong number of arguments for '${name}|${word}' command`);
  }
  return found.plan(request, client, services);
}

/** What can be said behind the name, in the form that Redis gives to it. */
function help(name: string, table: ReadonlyMap<string, Subcommand>): Plan {
  const first = `${name.toUpperCase()} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:`;
  const lines = [first, ...[...table.keys()].sort().map((word) => word.toUpperCase()), 'HELP', '    Print this help.'];
  return say((reply) => {
    reply.array(lines.length);
    for (const line of lines) reply.bulkText(line);
  });
}

function sayName(reply: { bulkText(text: string): void; nil(): void }, client: Client): void {
  if (client.name === '') reply.nil();
  else reply.bulkText(client.name);
}

function planSetName(request: Request, client: Client): Plan {
  const name = clientName(request, 2);
  if (name === undefined) return badName;
  return say((reply) => {
    client.name = name;
    reply.ok();
  });
}

function planSetInfo(request: Request, client: Client): Plan {
  const attribute = request.word(2);
  if (attribute !== 'lib-name' && attribute !== 'lib-ver') {
    return fail(`ERR Unrecognized option '${request.key(2).slice(0, 128)}'`);
  }
  const value = clientName(request, 3);
  if (value === undefined) {
    return fail(`ERR ${attribute} cannot contain spaces, newlines or special characters.`);
  }
  return say((reply) => {
    if (attribute === 'lib-name') client.libraryName = value;
    else client.libraryVersion = value;
    reply.ok();
  });
}

function planList(chosen: readonly Client[] | undefined, services: Services): Plan {
  return say((reply) => {
    const nowMs = services.world.clock.monotonicMs();
    const lines = [...(chosen ?? services.clients.values())].map((client) => `${client.describe(nowMs)}\n`);
    reply.verbatim(lines.join(''));
  });
}

/** KILL address:port, or KILL with ID or ADDR and a value. */
function planKill(request: Request, client: Client, services: Services): Plan {
  const isOld = request.count === 3;
  const filter = isOld ? 'addr' : request.word(2);
  if ((!isOld && request.count !== 4) || (filter !== 'addr' && filter !== 'id')) return syntaxError;
  const id = filter === 'id' ? numberAt(request, 3) : undefined;
  const address = filter === 'addr' ? request.text(isOld ? 2 : 3) : undefined;
  return say((reply) => {
    const chosen = [...services.clients.values()].filter((one) => one.id === id || one.remote === address);
    for (const one of chosen) if (one !== client) services.disconnect(one);
    if (!isOld) reply.integer(chosen.length);
    else if (chosen.length > 0) reply.ok();
    else reply.error('ERR No such client');
    if (chosen.includes(client)) client.isClosing = true;
  });
}

function planSwitch(request: Request): Plan {
  const word = request.word(2);
  return word === 'on' || word === 'off' ? sayOk : syntaxError;
}
