import type { Edit, SimpleAnswer } from '../command/index.ts';
import type { Collection } from './collection.ts';
import { elementsAnswer } from './elementsAnswer.ts';
import { elementOfMember, SortedSet } from './sortedSet.ts';
import type { StateData } from './stateData.ts';

type Only<K extends Edit['kind']> = Edit & { readonly kind: K };
type Scoring = Only<'score'>;

const notANumber: SimpleAnswer = { kind: 'error', problem: 'notANumber', text: 'the score would be no number' };

/** Changes a sorted set; `taken` are rows of members that are drawn by chance. Undefined for what cannot be done to one. */
export function editSortedSet(data: StateData, rows: Collection, does: Edit): SimpleAnswer | undefined {
  const sorted = new SortedSet(rows);
  switch (does.kind) {
    case 'score':
      return scoreAll(sorted, does);
    case 'remove':
      return { kind: 'integer', value: does.names.filter((name) => sorted.remove(name)).length };
    case 'removeIn': {
      const all = { span: does.span, isDown: false, skip: 0, countMax: undefined };
      const gone = [...sorted.selected(all)];
      for (const { name } of gone) sorted.remove(name);
      return { kind: 'integer', value: gone.length };
    }
    case 'pop':
      return pop(data, sorted, does);
    default:
      return undefined;
  }
}

function scoreAll(sorted: SortedSet, does: Scoring): SimpleAnswer {
  if (does.members.some(({ score }) => Number.isNaN(score))) return notANumber;
  let counted = 0;
  for (const { name, score: given } of does.members) {
    const old = sorted.scoreOf(name);
    const score = does.increments ? (old ?? 0) + given : given;
    if (Number.isNaN(score)) return notANumber;
    const isLeft = isLeftAlone(old, score, does);
    // A score that is there already changes nothing, not even the version of the set.
    if (!isLeft && old !== score) {
      sorted.put(name, score);
      if (old === undefined || does.countsChanged) counted++;
    }
    if (does.increments) return isLeft ? { kind: 'missing' } : { kind: 'score', score: score === 0 ? 0 : score };
  }
  return { kind: 'integer', value: counted };
}

function isLeftAlone(old: number | undefined, score: number, { when, than }: Scoring): boolean {
  if (old === undefined) return when === 'present';
  if (when === 'absent') return true;
  return (than === 'greater' && score <= old) || (than === 'less' && score >= old);
}

function pop(data: StateData, sorted: SortedSet, { count, atEnd }: Only<'pop'>): SimpleAnswer {
  const span = { kind: 'places', first: 0, last: -1 } as const;
  const taken = [...sorted.selected({ span, isDown: atEnd, skip: 0, countMax: Math.min(count, sorted.count) })];
  const answer = elementsAnswer(data, taken.map(elementOfMember));
  if (answer.kind === 'elements') for (const { name } of taken) sorted.remove(name);
  return answer;
}
