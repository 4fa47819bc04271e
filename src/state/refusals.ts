import type { Key } from '../base/index.ts';
import { type CollectionKind, elementKeyBytes, type SimpleAnswer, type SimpleCommand } from '../command/index.ts';
import { longestRow, nameOfRow, rowOfName } from './collection.ts';
import { elementKeyBytesMax, keyBytesMax, valueBytesMax } from './limits.ts';
import type { StateData } from './stateData.ts';

/** Why an edit would make something that cannot be stored. */
export function refuseEdit({ key, of, does }: SimpleCommand & { readonly kind: 'edit' }): SimpleAnswer | undefined {
  const refused = refuseKey(key);
  if (refused !== undefined) return refused;
  if (does.kind === 'add')
    return firstProblem(does.elements, ({ name, value }) => refuseNamed(key, of, name, value.length));
  if (does.kind === 'score') return firstProblem(does.members, ({ name }) => refuseNamed(key, of, name, 0));
  if (does.kind === 'increment' || does.kind === 'incrementDecimal') return refuseNamed(key, of, does.name, 0);
  const values = does.kind === 'push' ? does.values : 'value' in does ? [does.value] : [];
  return firstProblem(values, (value) => refuseElement(key, '', value.length));
}

/** Why the elements of a key cannot stand behind another one. */
export function refuseRows(data: StateData, key: Key, to: Key): SimpleAnswer | undefined {
  return firstProblem(data.elements.entries(key, { from: '', to: undefined }), ([row]) => refuseElement(to, row, 0));
}

export function refuseNamed(key: Key, of: CollectionKind, name: Key, valueLength: number): SimpleAnswer | undefined {
  return refuseElement(key, longestRow(of, rowOfName(name)), valueLength);
}

export function refuseKey(key: Key): SimpleAnswer | undefined {
  if (key.length <= keyBytesMax) return undefined;
  return { kind: 'error', problem: 'tooLarge', text: `the key is longer than ${keyBytesMax} bytes` };
}

export function refuseElement(key: Key, row: Key, valueLength: number): SimpleAnswer | undefined {
  if (elementKeyBytes(key, row) > elementKeyBytesMax) {
    const name = JSON.stringify(nameOfRow(row).slice(0, 16));
    const text = `the key and the element ${name}... are longer than ${elementKeyBytesMax} bytes together`;
    return { kind: 'error', problem: 'tooLarge', text };
  }
  if (valueLength <= valueBytesMax) return undefined;
  return { kind: 'error', problem: 'valueTooLarge', text: `the value is longer than ${valueBytesMax} bytes` };
}

export function firstProblem<T>(
  items: Iterable<T>,
  problemOf: (item: T) => SimpleAnswer | undefined,
): SimpleAnswer | undefined {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
