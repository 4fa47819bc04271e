import { unreachable } from '../base/index.ts';
import type { Look, SimpleAnswer } from '../command/index.ts';
import type { Collection } from './collection.ts';
import { elementsAnswer } from './elementsAnswer.ts';
import { elementOfMember, type Member, SortedSet } from './sortedSet.ts';
import type { StateData } from './stateData.ts';

export type SortedSetLook = Look & { readonly kind: 'selected' | 'countIn' | 'rank' };

/** Answers what only a sorted set can be asked. */
export function lookAtOrder(data: StateData, rows: Collection, asked: SortedSetLook): SimpleAnswer {
  const sorted = new SortedSet(rows);
  switch (asked.kind) {
    case 'selected':
      return elementsAnswer(data, elementsOf(sorted.selected(asked.selection)));
    case 'countIn': {
      let value = 0;
      for (const _ of sorted.selected({ span: asked.span, isDown: false, skip: 0, countMax: undefined })) value++;
      return { kind: 'integer', value };
    }
    case 'rank': {
      const score = sorted.scoreOf(asked.name);
      if (score === undefined) return { kind: 'missing' };
      return { kind: 'rank', rank: sorted.rankOf(asked.name, score, asked.isDown), score };
    }
    default:
      return unreachable(asked);
  }
}

function* elementsOf(members: Iterable<Member>) {
  for (const member of members) yield elementOfMember(member);
}
