import type { Answer, Command, SimpleAnswer, Work } from '../command/index.ts';
import type { StateData } from './stateData.ts';
import { holdersIn, reservationsHold } from './stateReservations.ts';
import { execute } from './stateWrites.ts';

type Transaction = Command & { readonly kind: 'transaction' };

/** All of the commands, if every check holds: one place in the log, so nobody sees a part of it. */
export function executeTransaction(data: StateData, asked: Transaction): Answer {
  if (!checksHold(data, asked)) return { kind: 'conflict' };
  data.holders = holdersIn(asked);
  const answers: SimpleAnswer[] = [];
  for (const one of asked.commands) answers.push(execute(data, one));
  return { kind: 'executed', answers, version: data.version };
}

/** Whether nothing has changed of what was read before, and all is reserved still that is said to be. */
export function checksHold(data: StateData, asked: Work): boolean {
  for (const { key, version } of asked.checks) if ((data.live(key)?.version ?? 0) !== version) return false;
  return reservationsHold(data, asked) && asked.ranges.every((range) => rangeHolds(data, range));
}

/**
 * Every write gives a version above all before it, so a range in which nothing is newer, and which has as many keys as
 * before, has the very same ones: none came, and so none can have gone either.
 */
function rangeHolds(data: StateData, range: Work['ranges'][number]): boolean {
  let count = 0;
  for (const [, item] of data.liveItems(range, false)) {
    // As it was read: without collections.
    if (!item.isPlain) continue;
    count++;
    if (count > range.count || item.version > range.newestVersion) return false;
  }
  return count === range.count;
}
