import type { Answer, Command } from '../command/index.ts';
import { valueBytesMax } from '../state/index.ts';
import type { Client } from './client.ts';
import { planSubcommand } from './clients.ts';
import { Glob } from './glob.ts';
import { infoText, isKeyspaceAsked } from './infoText.ts';
import { clientsMax } from './limits.ts';
import { type CommandEntry, fail, type Plan, say, sayOk } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';
import type { Services } from './services.ts';

const family = { group: 'server', order: 'free', keys: [0, 0, 0] } as const;

/** What a client may ask of the peer itself. */
export const serverCommands: readonly CommandEntry[] = [
  {
    ...family,
    name: 'info',
    arity: -1,
    flags: ['loading', 'stale'],
    since: '1.0.0',
    summary: 'Tells about the peer.',
    plan: planInfo,
  },
  {
    ...family,
    name: 'time',
    arity: 1,
    flags: ['loading', 'stale', 'fast'],
    since: '2.6.0',
    summary: 'Tells the time of the peer.',
    plan: planTime,
  },
  {
    ...family,
    name: 'config',
    arity: -2,
    flags: ['admin', 'noscript', 'loading', 'stale'],
    since: '2.0.0',
    summary: 'Tells the settings that clients ask for.',
    plan: (request, client, services) => planSubcommand('config', subcommands, request, client, services),
  },
];

function planInfo(request: Request, _client: Client, services: Services): Plan {
  const sections = request.keys(1).map((section) => section.toLowerCase());
  if (!isKeyspaceAsked(sections)) {
    return say((reply) => reply.verbatim(infoText(services, sections, undefined)));
  }
  const command: Command = { kind: 'count' };
  return {
    kind: 'ask',
    command,
    render: (reply, answer: Answer) => {
      if (answer.kind !== 'integer') renderAnswer(reply, answer);
      else reply.verbatim(infoText(services, sections, Number(answer.value)));
    },
  };
}

function planTime(_request: Request, _client: Client, services: Services): Plan {
  return say((reply) => {
    const nowMs = services.world.clock.wallMs();
    reply.array(2);
    reply.bulkKey(String(Math.floor(nowMs / 1000)));
    reply.bulkKey(String(Math.floor((nowMs % 1000) * 1000)));
  });
}

/** What clients ask for before they trust a server. Nothing here can be changed. */
const settings: ReadonlyMap<string, string> = new Map([
  ['appendfsync', 'always'],
  ['appendonly', 'yes'],
  ['databases', '1'],
  ['maxclients', String(clientsMax)],
  ['maxmemory', '0'],
  ['maxmemory-policy', 'noeviction'],
  ['notify-keyspace-events', ''],
  ['proto-max-bulk-len', String(valueBytesMax)],
  ['save', ''],
  ['tcp-keepalive', '300'],
  ['timeout', '0'],
]);

const subcommands = new Map([
  ['get', { arity: -3, plan: planConfigGet }],
  ['set', { arity: -4, plan: planConfigSet }],
  ['resetstat', { arity: 2, plan: () => sayOk }],
]);

function planConfigGet(request: Request): Plan {
  const globs = request.keys(2).map((pattern) => new Glob(pattern.toLowerCase()));
  const found = [...settings].filter(([name]) => globs.some((glob) => glob.matches(name)));
  return say((reply) => {
    reply.map(found.length);
    for (const [name, value] of found) {
      reply.bulkKey(name);
      reply.bulkKey(value);
    }
  });
}

/** Setting a value to what it is already is no change, and clients do it. */
function planConfigSet(request: Request): Plan {
  if (request.count % 2 !== 0) return fail("ERR wrong number of arguments for 'config|set' command");
  for (let i = 2; i < request.count; i += 2) {
    const name = request.word(i);
    const value = settings.get(name);
    if (value === undefined) {
      return fail(`ERR Unknown option or number of arguments for CONFIG SET - '${request.key(i)}'`);
    }
    if (value !== request.key(i + 1)) {
      return fail(`ERR CONFIG SET failed (possibly related to argument '${name}') - can't set immutable config`);
    }
  }
  return sayOk;
}
