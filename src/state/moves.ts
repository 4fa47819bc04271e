import { copyBytes } from '../base/index.ts';
import type { SimpleAnswer, SimpleCommand } from '../command/index.ts';
import { Collection } from './collection.ts';
import { wrongType } from './collectionReads.ts';
import { editList } from './listEdits.ts';
import { refuseKey } from './refusals.ts';
import { editSortedSet } from './sortedSetEdits.ts';
import type { StateData } from './stateData.ts';

type Only<K extends SimpleCommand['kind']> = SimpleCommand & { readonly kind: K };

export function moveElement(data: StateData, { key, to, fromEnd, toEnd }: Only<'moveElement'>): SimpleAnswer {
  const from = Collection.of(data, key, 'list');
  if (from === undefined) return wrongType;
  if (from.count === 0) return { kind: 'missing' };
  const target = key === to ? from : Collection.of(data, to, 'list');
  if (target === undefined) return wrongType;
  const refused = refuseKey(to);
  if (refused !== undefined) return refused;
  const taken = editList(data, from, { kind: 'pop', count: 1, atEnd: fromEnd });
  if (taken.kind !== 'elements') return taken;
  const value = copyBytes(taken.elements[0]!.value);
  editList(data, target, { kind: 'push', values: [value], atEnd: toEnd, whenPresent: false });
  from.close();
  if (target !== from) target.close();
  return { kind: 'value', value, version: data.version, expiresAtMs: undefined };
}

export function popFirst(data: StateData, { keys, of, count, atEnd }: Only<'popFirst'>): SimpleAnswer {
  for (const key of keys) {
    const held = Collection.of(data, key, of);
    if (held === undefined) return wrongType;
    if (held.count === 0) continue;
    const does = { kind: 'pop', count, atEnd } as const;
    const taken = of === 'list' ? editList(data, held, does) : editSortedSet(data, held, does);
    held.close();
    if (taken?.kind !== 'elements') return taken ?? wrongType;
    return { kind: 'popped', key, elements: taken.elements };
  }
  return { kind: 'missing' };
}
