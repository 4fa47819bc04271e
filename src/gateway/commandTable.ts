import { clientCommands } from './clients.ts';
import { commandDocs } from './commandDocs.ts';
import { counterCommands } from './counters.ts';
import { expiryCommands } from './expiry.ts';
import { greetingCommands } from './greeting.ts';
import { hashCommands } from './hashes.ts';
import { keyCommands } from './keys.ts';
import { keyspaceCommands } from './keyspace.ts';
import { listCommands } from './lists.ts';
import { nearnessCommands } from './nearness.ts';
import type { CommandEntry } from './plan.ts';
import { popCommands } from './pops.ts';
import { redisNames } from './redisNames.ts';
import type { Request } from './request.ts';
import { selfmanCommands } from './selfmanCommand.ts';
import { serverCommands } from './serverCommands.ts';
import { setCommands } from './sets.ts';
import { sortedCombinationCommands } from './sortedCombinations.ts';
import { sortedRangeCommands } from './sortedRanges.ts';
import { sortedSetCommands } from './sortedSets.ts';
import { stringCommands } from './strings.ts';
import { transactionCommands } from './transactions.ts';

const argumentTextMax = 128;

/** Every command of the gateway by its name in small letters. */
export const commandTable: ReadonlyMap<string, CommandEntry> = makeTable();

function makeTable(): ReadonlyMap<string, CommandEntry> {
  const table = new Map<string, CommandEntry>();
  const families = [
    stringCommands,
    counterCommands,
    setCommands,
    hashCommands,
    listCommands,
    popCommands,
    sortedSetCommands,
    sortedRangeCommands,
    sortedCombinationCommands,
    keyCommands,
    expiryCommands,
    keyspaceCommands,
    greetingCommands,
    clientCommands,
    serverCommands,
    transactionCommands,
    nearnessCommands,
    selfmanCommands,
    [commandDocs(table)],
  ];
  for (const entry of families.flat()) table.set(entry.name, entry);
  return table;
}

/** What to say of a command that is not in the table. */
export function unknownCommand(request: Request): string {
  const name = request.word(0);
  if (name === 'cluster') return 'ERR This instance has cluster support disabled';
  if (redisNames.has(name)) return `ERR the command '${name}' of Redis is not there yet`;
  let given = '';
  for (let i = 1; i < request.count && given.length < argumentTextMax; i++) {
    given += `'${request.key(i).slice(0, argumentTextMax - given.length)}' `;
  }
  return `ERR unknown command '${request.key(0).slice(0, argumentTextMax)}', with args beginning with: ${given}`;
}

/** Whether the number of words fits the command. */
export function fitsArity(entry: CommandEntry, request: Request): boolean {
  return entry.arity > 0 ? request.count === entry.arity : request.count >= -entry.arity;
}
