import { contains, type Key, type Range } from '../base/index.ts';
import type { Combination, Element, SimpleAnswer, SimpleCommand } from '../command/index.ts';
import { rowOfName } from './collection.ts';

type Combine = SimpleCommand & { readonly kind: 'combine' };

/** As much of a combination as concerns the sets of a span. What a difference is without, its cells unite. */
export function inParts(command: Combine, span: Range): Combine | undefined {
  const keys = command.keys.filter((key) => contains(span, key));
  if (keys.length === 0) return undefined;
  const isWithout = command.how === 'difference' && !contains(span, command.keys[0]!);
  return { ...command, keys, how: isWithout ? 'union' : command.how };
}

/** What the parts amount to together. */
export function joinCombined(
  how: Combination,
  parts: readonly { readonly command: SimpleCommand; readonly answer: SimpleAnswer }[],
): SimpleAnswer {
  const isFirst = (command: SimpleCommand): boolean => command.kind === 'combine' && command.how === 'difference';
  const inOrder = [...parts].sort((a, b) => Number(isFirst(b.command)) - Number(isFirst(a.command)));
  const [first = new Map<Key, Element>(), ...others] = inOrder.map(({ answer }) => byName(answer));
  if (how === 'union') for (const other of others) for (const [name, one] of other) first.set(name, one);
  else {
    for (const name of [...first.keys()]) {
      const isIn = (other: ReadonlyMap<Key, Element>): boolean => other.has(name);
      const stays = how === 'intersection' ? others.every(isIn) : !others.some(isIn);
      if (!stays) first.delete(name);
    }
  }
  const inPlace = [...first.values()].sort((a, b) => (rowOfName(a.name) < rowOfName(b.name) ? -1 : 1));
  return { kind: 'elements', elements: inPlace, next: undefined };
}

function byName(answer: SimpleAnswer): Map<Key, Element> {
  return new Map(answer.kind === 'elements' ? answer.elements.map((one) => [one.name, one]) : []);
}
