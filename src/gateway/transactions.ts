import { type Answer, type Command, commandBytesMax, type SimpleAnswer, type SimpleCommand } from '../command/index.ts';
import { type Client, Transaction } from './client.ts';
import { watchesMax } from './limits.ts';
import { type Ask, ask, type CommandEntry, fail, type Plan, type Render, say, sayOk } from './plan.ts';
import { renderAnswer } from './render.ts';
import type { Request } from './request.ts';

const family = {
  group: 'transactions',
  keys: [0, 0, 0],
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
} as const;

/** Commands that happen as one: MULTI queues them, EXEC makes one log entry of them. */
export const transactionCommands: readonly CommandEntry[] = [
  {
    ...family,
    name: 'multi',
    arity: 1,
    since: '1.2.0',
    summary: 'Begins to queue commands.',
    order: 'through',
    plan: (_request, client) => {
      if (client.transaction !== undefined) return fail('ERR MULTI calls can not be nested');
      client.transaction = new Transaction();
      return sayOk;
    },
  },
  {
    ...family,
    name: 'exec',
    arity: 1,
    since: '1.2.0',
    summary: 'Executes the queued commands as one, if no watched key changed.',
    order: 'through',
    plan: planExec,
  },
  {
    ...family,
    name: 'discard',
    arity: 1,
    since: '2.0.0',
    summary: 'Forgets the queued commands.',
    order: 'through',
    plan: (_request, client) => {
      if (client.transaction === undefined) return fail('ERR DISCARD without MULTI');
      client.transaction = undefined;
      client.watches.clear();
      return sayOk;
    },
  },
  {
    ...family,
    name: 'watch',
    arity: -2,
    since: '2.2.0',
    summary: 'Lets EXEC do nothing if one of the keys changes before.',
    keys: [1, -1, 1],
    order: 'throughAlone',
    plan: planWatch,
  },
  {
    ...family,
    name: 'unwatch',
    arity: 1,
    since: '2.2.0',
    summary: 'Forgets the watched keys.',
    order: 'free',
    plan: (_request, client) => {
      // Inside MULTI it comes too late to matter: EXEC forgets the watches itself.
      if (client.transaction === undefined) client.watches.clear();
      return sayOk;
    },
  },
];

/** Keeps a command for EXEC, and says so. */
export function queue(transaction: Transaction, plan: Plan, size: number): Plan {
  transaction.bytes += size;
  const problem = queueProblem(transaction, plan);
  if (problem === undefined) {
    transaction.plans.push(plan);
    return queued;
  }
  transaction.isSpoiled = true;
  return fail(problem);
}

const queued = say((reply) => reply.simple('QUEUED'));

function queueProblem(transaction: Transaction, plan: Plan): string | undefined {
  if (transaction.isFull || transaction.bytes > commandBytesMax) return 'ERR the transaction is too large';
  if (plan.kind === 'ask' && !isSimple(plan.command)) return 'ERR Command not allowed inside a transaction';
  return undefined;
}

function isSimple(command: Command): command is SimpleCommand {
  return command.kind !== 'transaction' && command.kind !== 'openSession' && command.kind !== 'resolve';
}

function planWatch(request: Request, client: Client): Plan {
  if (client.transaction !== undefined) return fail('ERR WATCH inside MULTI is not allowed');
  const keys = request.keys(1);
  if (client.watches.size + keys.length > watchesMax) return fail('ERR too many keys are watched');
  return ask({ kind: 'versions', keys }, (reply, answer) => {
    if (answer.kind !== 'versions') return renderAnswer(reply, answer);
    for (let i = 0; i < keys.length; i++) {
      // A key that is watched already keeps its older version: a change since then counts.
      if (!client.watches.has(keys[i]!)) client.watches.set(keys[i]!, answer.versions[i]!);
    }
    reply.ok();
  });
}

function planExec(_request: Request, client: Client): Plan {
  const { transaction } = client;
  if (transaction === undefined) return fail('ERR EXEC without MULTI');
  const checks = [...client.watches].map(([key, version]) => ({ key, version }));
  client.transaction = undefined;
  client.watches.clear();
  if (transaction.isSpoiled) return fail('EXECABORT Transaction discarded because of previous errors.');
  const { plans } = transaction;
  const asks = plans.filter((plan): plan is Ask => plan.kind === 'ask');
  const render = renderExecuted(plans);
  if (asks.length === 0 && checks.length === 0) {
    return say((reply) => render(reply, { kind: 'executed', answers: [], version: 0 }));
  }
  const commands = asks.map((plan) => plan.command as SimpleCommand);
  return ask({ kind: 'transaction', checks, ranges: [], commands }, render);
}

/** The replies of all queued commands in their order, also of those that the store never saw. */
function renderExecuted(plans: readonly Plan[]): Render {
  return (reply, answer) => {
    if (answer.kind !== 'executed') return renderAnswer(reply, answer);
    const answers: Iterator<SimpleAnswer> = answer.answers[Symbol.iterator]();
    reply.array(plans.length);
    for (const plan of plans) {
      if (plan.kind === 'say') plan.say(reply);
      else if (plan.kind === 'fail') reply.error(plan.error);
      else plan.render(reply, answers.next().value as Answer);
    }
  };
}
