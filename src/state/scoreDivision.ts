import { contains, type Range } from '../base/index.ts';
import type { SimpleAnswer, SimpleCommand } from '../command/index.ts';
import { inOrder, type Scores, united } from './scoreCombination.ts';
import { elementOfMember, scoreIn } from './sortedSet.ts';

type Combine = SimpleCommand & { readonly kind: 'combineScores' };

/** As much of a combination as concerns the keys of a span. What a difference is without, its cells unite. */
export function scoresInPart(command: Combine, span: Range): Combine | undefined {
  const places = [...command.keys.keys()].filter((place) => contains(span, command.keys[place]!));
  if (places.length === 0) return undefined;
  const isWithout = command.how === 'difference' && places[0] !== 0;
  return {
    ...command,
    keys: places.map((place) => command.keys[place]!),
    weights: places.map((place) => command.weights[place] ?? 1),
    how: isWithout ? 'union' : command.how,
  };
}

/** What the parts amount to together. */
export function joinScores(
  { how, aggregate }: Combine,
  parts: readonly { readonly command: SimpleCommand; readonly answer: SimpleAnswer }[],
): SimpleAnswer {
  const isFirst = (command: SimpleCommand): boolean => command.kind === 'combineScores' && command.how === 'difference';
  const inTurn = [...parts].sort((a, b) => Number(isFirst(b.command)) - Number(isFirst(a.command)));
  const scores = united(
    inTurn.map(({ answer }) => scoresIn(answer)),
    how,
    aggregate,
  );
  return { kind: 'elements', elements: inOrder(scores).map(elementOfMember), next: undefined };
}

function scoresIn(answer: SimpleAnswer): Scores {
  return new Map(answer.kind === 'elements' ? answer.elements.map(({ name, value }) => [name, scoreIn(value)]) : []);
}
