import { type Key, must } from '../base/index.ts';
import type { SimpleAnswer, SimpleCommand } from '../command/index.ts';
import { Collection } from './collection.ts';
import { wrongType } from './collectionReads.ts';
import { firstProblem, refuseKey, refuseNamed } from './refusals.ts';
import { combineScores } from './scoreCombination.ts';
import { type Member, SortedSet } from './sortedSet.ts';
import type { StateData } from './stateData.ts';

type Keep = SimpleCommand & { readonly kind: 'combineScoresInto' | 'keepSelected' };

/** Puts what was found under another key, in the place of whatever is there. */
export function keepScores(data: StateData, asked: Keep): SimpleAnswer {
  const members = membersOf(data, asked);
  if (members === undefined) return wrongType;
  const { to } = asked;
  const refused = refuseKey(to) ?? firstProblem(members, ({ name }) => refuseNamed(to, 'sortedSet', name, 0));
  if (refused !== undefined) return refused;
  data.remove(to, data.find(to));
  writeSorted(data, to, members);
  return { kind: 'integer', value: members.length };
}

/** Makes a sorted set where nothing is. */
export function writeSorted(data: StateData, key: Key, members: Iterable<Member>): void {
  const rows = must(Collection.of(data, key, 'sortedSet'), 'a sorted set is made where something else is');
  const sorted = new SortedSet(rows);
  for (const { name, score } of members) sorted.put(name, score);
  rows.close();
}

function membersOf(data: StateData, asked: Keep): Member[] | undefined {
  if (asked.kind === 'combineScoresInto') {
    const scores = combineScores(data, asked);
    return scores === undefined ? undefined : [...scores].map(([name, score]) => ({ name, score }));
  }
  const rows = Collection.of(data, asked.key, 'sortedSet');
  return rows === undefined ? undefined : [...new SortedSet(rows).selected(asked.selection)];
}
