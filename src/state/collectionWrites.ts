import { bytesOfText, emptyBytes, type Key, Random, unreachable } from '../base/index.ts';
import {
  addIntegers,
  type Edit,
  type Element,
  parseInteger,
  type SimpleAnswer,
  type SimpleCommand,
} from '../command/index.ts';
import { Collection, elementOf, longestRow, nameOfRow, rowOfName } from './collection.ts';
import { combine, draw, wrongType } from './collectionReads.ts';
import { decimalSum } from './decimalSum.ts';
import { elementsAnswer } from './elementsAnswer.ts';
import { type Item, never } from './item.ts';
import { editList, firstOfRows } from './listEdits.ts';
import { firstProblem, refuseEdit, refuseElement, refuseKey, refuseRows } from './refusals.ts';
import { scoreIn } from './sortedSet.ts';
import { editSortedSet } from './sortedSetEdits.ts';
import { keepScores, writeSorted } from './sortedSetWrites.ts';
import type { StateData } from './stateData.ts';

type WriteKind = 'edit' | 'replace' | 'combineInto' | 'moveMember' | 'copy' | 'combineScoresInto' | 'keepSelected';
export type CollectionWrite = SimpleCommand & { readonly kind: WriteKind };
const notOfKind: SimpleAnswer = {
  kind: 'error',
  problem: 'malformed',
  text: 'that cannot be done to a collection of this kind',
};

type Only<K extends WriteKind> = SimpleCommand & { readonly kind: K };

/** Executes a command that changes collections, at its place in the log. */
export function writeCollection(data: StateData, asked: CollectionWrite): SimpleAnswer {
  switch (asked.kind) {
    case 'edit': {
      const collection = Collection.of(data, asked.key, asked.of);
      if (collection === undefined) return wrongType;
      const answer = refuseEdit(asked) ?? change(data, collection, asked);
      collection.close();
      return answer;
    }
    case 'replace':
      return replace(data, asked);
    case 'combineInto':
      return combineInto(data, asked);
    case 'moveMember':
      return moveMember(data, asked);
    case 'copy':
      return copy(data, asked);
    case 'combineScoresInto':
    case 'keepSelected':
      return keepScores(data, asked);
    default:
      return unreachable(asked);
  }
}

/** Has a key hold what another one holds. */
export function duplicate(data: StateData, key: Key, item: Item, to: Key): void {
  const target = data.find(to);
  if (item.kind === 'plain') return data.put(to, target, item.value, item.expiresAtMs);
  data.remove(to, target);
  for (const [row, value] of [...data.elements.entries(key, { from: '', to: undefined })])
    data.elements.set(to, row, value);
  data.putHead(to, undefined, item.kind, item.head, item.expiresAtMs);
}

function change(data: StateData, collection: Collection, { of, does }: Only<'edit'>): SimpleAnswer {
  if (of === 'sortedSet') return editSortedSet(data, collection, does) ?? notOfKind;
  switch (does.kind) {
    case 'add':
      return { kind: 'integer', value: add(collection, does.elements, does.whenAbsent) };
    case 'remove':
      return { kind: 'integer', value: count(does.names, (name) => collection.delete(rowOfName(name))) };
    case 'takeRandom': {
      const rows = draw(collection, Math.min(does.count, collection.count), new Random(does.seed));
      const taken = elementsAnswer(
        data,
        rows.map((row) => elementOf([row, collection.get(row)!])),
      );
      if (taken.kind === 'elements') for (const row of rows) collection.delete(row);
      return taken;
    }
    case 'increment':
      return increment(collection, does);
    case 'incrementDecimal': {
      const row = rowOfName(does.name);
      const sum = decimalSum(collection.get(row), does.by);
      if (sum.kind === 'value') collection.set(row, sum.value);
      return sum;
    }
    case 'score':
    case 'removeIn':
      return notOfKind;
    default:
      return editList(data, collection, does);
  }
}

function add(collection: Collection, given: readonly Element[], whenAbsent: boolean): number {
  return count(given, ({ name, value }) => {
    const row = rowOfName(name);
    const old = collection.get(row);
    // A member that is there already changes nothing, not even the version of the set.
    if (old !== undefined && (whenAbsent || (old.length === 0 && value.length === 0))) return false;
    return collection.set(row, value);
  });
}

function increment(collection: Collection, { name, by }: Edit & { readonly kind: 'increment' }): SimpleAnswer {
  const row = rowOfName(name);
  const old = collection.get(row);
  const before = old === undefined ? 0 : parseInteger(old);
  if (before === undefined) return { kind: 'error', problem: 'notAnInteger', text: 'the value is not an integer' };
  const value = addIntegers(before, by);
  if (value === undefined) return { kind: 'error', problem: 'overflow', text: 'the sum does not fit 64 bits' };
  collection.set(row, bytesOfText(String(value)));
  return { kind: 'integer', value };
}

function replace(data: StateData, { key, of, rows, expiresAtMs }: Only<'replace'>): SimpleAnswer {
  const refused =
    refuseKey(key) ?? firstProblem(rows, ({ name, value }) => refuseElement(key, longestRow(of, name), value.length));
  if (refused !== undefined) return refused;
  data.remove(key, data.find(key));
  if (of === 'sortedSet') return replaceSorted(data, key, rows, expiresAtMs);
  let bytes = 0;
  for (const { name, value } of rows) {
    data.elements.set(key, name, value.slice());
    bytes += name.length + value.length;
  }
  const head = { count: rows.length, bytes, first: of === 'list' ? firstOfRows(rows) : 0 };
  if (rows.length > 0) data.putHead(key, undefined, of, head, expiresAtMs ?? never);
  return { kind: 'ok', version: data.version };
}

/** Behind each member comes what gives it its place. */
function replaceSorted(
  data: StateData,
  key: Key,
  rows: readonly Element[],
  expiresAtMs: number | undefined,
): SimpleAnswer {
  writeSorted(
    data,
    key,
    rows.map(({ name, value }) => ({ name: nameOfRow(name), score: scoreIn(value) })),
  );
  const item = data.find(key);
  if (item !== undefined && expiresAtMs !== undefined) data.expire(key, item, expiresAtMs);
  return { kind: 'ok', version: data.version };
}

function combineInto(data: StateData, { keys, how, to }: Only<'combineInto'>): SimpleAnswer {
  const combined = combine(data, keys, how);
  if (combined === undefined) return wrongType;
  const names = [...combined];
  const refused = refuseKey(to) ?? firstProblem(names, (row) => refuseElement(to, row, 0));
  if (refused !== undefined) return refused;
  data.remove(to, data.find(to));
  const target = Collection.of(data, to, 'set')!;
  for (const row of names) target.set(row, emptyBytes);
  target.close();
  return { kind: 'integer', value: names.length };
}

function moveMember(data: StateData, { key, to, member }: Only<'moveMember'>): SimpleAnswer {
  const [from, target] = [Collection.of(data, key, 'set'), Collection.of(data, to, 'set')];
  if (from === undefined || (target === undefined && from.count > 0)) return wrongType;
  const row = rowOfName(member);
  if (target === undefined || from.get(row) === undefined) return { kind: 'integer', value: 0 };
  if (key === to) return { kind: 'integer', value: 1 };
  const refused = refuseKey(to) ?? refuseElement(to, row, 0);
  if (refused !== undefined) return refused;
  from.delete(row);
  from.close();
  if (target.get(row) === undefined) target.set(row, emptyBytes);
  target.close();
  return { kind: 'integer', value: 1 };
}

function copy(data: StateData, { key, to, replaces }: Only<'copy'>): SimpleAnswer {
  const refused = refuseKey(to);
  if (refused !== undefined) return refused;
  const item = data.live(key);
  const isTaken = !replaces && data.live(to) !== undefined;
  if (item === undefined || isTaken || key === to) return { kind: 'integer', value: 0 };
  const tooLong = item.isPlain ? undefined : refuseRows(data, key, to);
  if (tooLong !== undefined) return tooLong;
  duplicate(data, key, item, to);
  return { kind: 'integer', value: 1 };
}

function count<T>(items: readonly T[], isCounted: (item: T) => boolean): number {
  let total = 0;
  for (const item of items) if (isCounted(item)) total++;
  return total;
}
