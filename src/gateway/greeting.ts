import { textOfBytes } from '../base/index.ts';
import type { Client } from './client.ts';
import { nameLengthMax } from './limits.ts';
import { numberAt } from './numbers.ts';
import { type CommandEntry, fail, notAnInteger, type Plan, say, sayOk, syntaxError, wrongArity } from './plan.ts';
import type { ReplyWriter } from './replyWriter.ts';
import type { Request } from './request.ts';
import type { Services } from './services.ts';

/** The version of Redis whose behaviour and words this gateway follows. */
export const redisVersion = '7.2.5';

const family = { group: 'connection', order: 'free', keys: [0, 0, 0] } as const;

/** How a connection begins, is set up and ends. */
export const greetingCommands: readonly CommandEntry[] = [
  {
    ...family,
    name: 'ping',
    arity: -1,
    flags: ['fast'],
    since: '1.0.0',
    summary: 'Says that the connection is alive.',
    plan: planPing,
  },
  {
    ...family,
    name: 'echo',
    arity: 2,
    flags: ['fast'],
    since: '1.0.0',
    summary: 'Says what it is told.',
    plan: (request) => sayBytes(request, 1),
  },
  {
    ...family,
    name: 'hello',
    arity: -1,
    flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth'],
    since: '6.0.0',
    summary: 'Chooses the version of the protocol.',
    order: 'alone',
    plan: planHello,
  },
  {
    ...family,
    name: 'auth',
    arity: -2,
    flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth'],
    since: '1.0.0',
    summary: 'Says who the client is.',
    plan: planAuth,
  },
  {
    ...family,
    name: 'select',
    arity: 2,
    flags: ['loading', 'stale', 'fast'],
    since: '1.0.0',
    summary: 'Chooses the database: there is one, 0.',
    plan: planSelect,
  },
  {
    ...family,
    name: 'quit',
    arity: -1,
    flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth'],
    since: '1.0.0',
    summary: 'Ends the connection.',
    order: 'throughAlone',
    plan: (_request, client) =>
      say((reply) => {
        client.isClosing = true;
        reply.ok();
      }),
  },
  {
    ...family,
    name: 'reset',
    arity: 1,
    flags: ['noscript', 'loading', 'stale', 'fast', 'no_auth'],
    since: '6.2.0',
    summary: 'Sets the connection up anew.',
    order: 'throughAlone',
    plan: (_request, client) =>
      say((reply) => {
        client.reset();
        reply.protocol = client.protocol;
        reply.simple('RESET');
      }),
  },
];

function planPing(request: Request): Plan {
  if (request.count > 2) return wrongArity('ping');
  return request.count === 2 ? sayBytes(request, 1) : say((reply) => reply.simple('PONG'));
}

function sayBytes(request: Request, index: number): Plan {
  const bytes = request.copy(index);
  return say((reply) => reply.bulk(bytes));
}

function planSelect(request: Request): Plan {
  const database = numberAt(request, 1);
  if (database === undefined) return notAnInteger;
  if (database < -(2 ** 31) || database >= 2 ** 31) {
    return fail('ERR value is out of range, value must between -2147483648 and 2147483647');
  }
  return database === 0 ? sayOk : fail('ERR DB index is out of range');
}

/** There are no passwords yet: the default user needs none, and takes any. */
function planAuth(request: Request): Plan {
  if (request.count > 3) return syntaxError;
  if (request.count === 2) {
    return fail(
      'ERR AUTH <password> called without any password configured for the default user. ' +
        'Are you sure your configuration is correct?',
    );
  }
  return request.key(1) === 'default' ? sayOk : wrongPassword;
}

const wrongPassword = fail('WRONGPASS invalid username-password pair or user is disabled.');

function planHello(request: Request, client: Client, services: Services): Plan {
  let protocol = client.protocol;
  let name: string | undefined;
  if (request.count > 1) {
    const version = numberAt(request, 1);
    if (version === undefined) return fail('ERR Protocol version is not an integer or out of range');
    if (version !== 2 && version !== 3) return fail('NOPROTO unsupported protocol version');
    protocol = version;
  }
  for (let i = 2; i < request.count; i++) {
    const option = request.word(i);
    if (option === 'auth' && i + 2 < request.count) {
      if (request.key(i + 1) !== 'default') return wrongPassword;
      i += 2;
    } else if (option === 'setname' && i + 1 < request.count) {
      name = clientName(request, i + 1);
      if (name === undefined) return badName;
      i++;
    } else {
      return fail(`ERR Syntax error in HELLO option '${request.key(i)}'`);
    }
  }
  return say((reply) => {
    client.protocol = protocol;
    client.name = name ?? client.name;
    reply.protocol = protocol;
    sayHello(reply, client, services);
  });
}

function sayHello(reply: ReplyWriter, client: Client, services: Services): void {
  const facts: readonly (readonly [string, string | number])[] = [
    ['server', 'redis'],
    ['version', redisVersion],
    ['proto', client.protocol],
    ['id', client.id],
    ['mode', 'standalone'],
    ['role', 'master'],
    ['selfman', services.identity.version],
  ];
  reply.map(facts.length + 1);
  for (const [key, value] of facts) {
    reply.bulkKey(key);
    if (typeof value === 'number') reply.integer(value);
    else reply.bulkText(value);
  }
  reply.bulkKey('modules');
  reply.array(0);
}

export const badName = fail('ERR Client names cannot contain spaces, newlines or special characters.');

/** A name that a client gives itself: letters that can be seen, and no spaces. */
export function clientName(request: Request, index: number): string | undefined {
  const name = textOfBytes(request.view(index));
  return /^[!-~]*$/.test(name) && name.length <= nameLengthMax ? name : undefined;
}
