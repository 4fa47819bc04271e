import { planSubcommand } from './clients.ts';
import { type CommandEntry, type Plan, say } from './plan.ts';
import type { ReplyWriter } from './replyWriter.ts';
import type { Request } from './request.ts';

/** COMMAND: what clients ask to learn which commands there are. It tells of the table that it stands in. */
export function commandDocs(table: ReadonlyMap<string, CommandEntry>): CommandEntry {
  const subcommands = new Map([
    ['count', { arity: 2, plan: (): Plan => say((reply) => reply.integer(table.size)) }],
    ['list', { arity: -2, plan: (): Plan => say((reply) => sayNames(reply, table)) }],
    ['info', { arity: -2, plan: (request: Request): Plan => planInfo(table, request) }],
    ['docs', { arity: -2, plan: (request: Request): Plan => planDocs(table, request) }],
  ]);
  return {
    group: 'server',
    order: 'free',
    name: 'command',
    arity: -1,
    flags: ['loading', 'stale'],
    keys: [0, 0, 0],
    since: '2.8.13',
    summary: 'Tells which commands there are.',
    plan: (request, client, services) =>
      request.count === 1
        ? say((reply) => sayInfos(reply, [...table.values()]))
        : planSubcommand('command', subcommands, request, client, services),
  };
}

function sayNames(reply: ReplyWriter, table: ReadonlyMap<string, CommandEntry>): void {
  reply.array(table.size);
  for (const name of table.keys()) reply.bulkKey(name);
}

function planInfo(table: ReadonlyMap<string, CommandEntry>, request: Request): Plan {
  const chosen = request.count === 2 ? [...table.values()] : named(table, request);
  return say((reply) => sayInfos(reply, chosen));
}

/** Commands that nobody knows are left out here, and null in COMMAND INFO. */
function planDocs(table: ReadonlyMap<string, CommandEntry>, request: Request): Plan {
  const chosen =
    request.count === 2 ? [...table.values()] : named(table, request).filter((entry) => entry !== undefined);
  return say((reply) => {
    reply.map(chosen.length);
    for (const { name, summary, since, group } of chosen) {
      reply.bulkKey(name);
      reply.map(3);
      for (const text of ['summary', summary, 'since', since, 'group', group]) reply.bulkText(text);
    }
  });
}

function named(table: ReadonlyMap<string, CommandEntry>, request: Request): (CommandEntry | undefined)[] {
  const chosen: (CommandEntry | undefined)[] = [];
  for (let i = 2; i < request.count; i++) chosen.push(table.get(request.word(i)));
  return chosen;
}

/** Ten facts, as of Redis 7; we have no tips, no key specifications and no subcommands to tell of. */
function sayInfos(reply: ReplyWriter, entries: readonly (CommandEntry | undefined)[]): void {
  reply.array(entries.length);
  for (const entry of entries) {
    if (entry === undefined) {
      reply.nilArray();
      continue;
    }
    reply.array(10);
    reply.bulkKey(entry.name);
    reply.integer(entry.arity);
    reply.set(entry.flags.length);
    for (const flag of entry.flags) reply.simple(flag);
    for (const key of entry.keys) reply.integer(key);
    reply.set(1);
    reply.simple(entry.flags.includes('write') ? '@write' : '@read');
    for (let i = 0; i < 3; i++) reply.array(0);
  }
}
