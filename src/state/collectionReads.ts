import { type Bytes, everything, type Key, Random, unreachable } from '../base/index.ts';
import type { Combination, Element, Look, PlainAnswer, SimpleAnswer, SimpleCommand } from '../command/index.ts';
import { Collection, elementOf, fromPlace, nameOfRow, placeOfRow, rowOfName } from './collection.ts';
import { elementsAnswer, tooMuch } from './elementsAnswer.ts';
import { type Item, never } from './item.ts';
import { pagedElementsMax, shuffledMax, windowRows } from './limits.ts';
import { positionsIn, sliceOf } from './listEdits.ts';
import { combineScores, inOrder } from './scoreCombination.ts';
import { elementOfMember } from './sortedSet.ts';
import { lookAtOrder } from './sortedSetReads.ts';
import type { StateData } from './stateData.ts';

export type CollectionRead = SimpleCommand & {
  readonly kind: 'look' | 'typeOf' | 'contents' | 'combine' | 'combineScores';
};

export const wrongType: SimpleAnswer & { readonly kind: 'error' } = {
  kind: 'error',
  problem: 'wrongType',
  text: 'the key holds a value of another kind',
};

/** Answers a command about collections that changes nothing. */
export function readCollection(data: StateData, asked: CollectionRead): SimpleAnswer {
  switch (asked.kind) {
    case 'look': {
      const collection = Collection.of(data, asked.key, asked.of);
      return collection === undefined ? wrongType : lookAt(data, collection, asked.at);
    }
    case 'typeOf':
      return { kind: 'type', type: data.live(asked.key)?.kind };
    case 'contents':
      return contentsOf(data, asked.key, data.live(asked.key));
    case 'combine': {
      const combined = combine(data, asked.keys, asked.how);
      return combined === undefined ? wrongType : elementsAnswer(data, [...combined].sort().map(memberOf));
    }
    case 'combineScores': {
      const scores = combineScores(data, asked);
      return scores === undefined ? wrongType : elementsAnswer(data, inOrder(scores).map(elementOfMember));
    }
    default:
      return unreachable(asked);
  }
}

/** The rows of the members that sets amount to; undefined where a key holds something else. */
export function combine(data: StateData, keys: readonly Key[], how: Combination): Set<Key> | undefined {
  const sets: Collection[] = [];
  for (const key of keys) {
    const set = Collection.of(data, key, 'set');
    if (set === undefined) return undefined;
    sets.push(set);
  }
  const [first, ...others] = sets;
  const rows = new Set<Key>();
  for (const set of how === 'union' ? sets : first === undefined ? [] : [first]) {
    for (const [row] of set.rows(fromPlace(0))) rows.add(row);
  }
  if (how === 'union') return rows;
  for (const row of rows) {
    const isIn = (set: Collection): boolean => set.get(row) !== undefined;
    const stays = how === 'intersection' ? others.every(isIn) : !others.some(isIn);
    if (!stays) rows.delete(row);
  }
  return rows;
}

/** So many rows of a collection by chance, each once. */
export function draw(collection: Collection, count: number, random: Random): Key[] {
  if (count >= collection.count) return [...collection.rows(fromPlace(0))].map(([row]) => row);
  if (collection.count <= shuffledMax || 2 * count > collection.count) {
    const rows = [...collection.rows(fromPlace(0))].map(([row]) => row);
    for (let i = 0; i < count; i++) {
      const other = i + random.below(rows.length - i);
      [rows[i], rows[other]] = [rows[other]!, rows[i]!];
    }
    return rows.slice(0, count);
  }
  const drawn = new Set<Key>();
  while (drawn.size < count) drawn.add(drawOne(collection, random));
  return [...drawn];
}

/** One row by chance: about each as likely as any other, without a walk through all where there are many. */
function drawOne(collection: Collection, random: Random): Key {
  const place = collection.count <= shuffledMax ? 0 : random.u32();
  const most = collection.count <= shuffledMax ? collection.count : windowRows;
  const near: Key[] = [];
  for (const from of [place, 0]) {
    for (const [row] of collection.rows(fromPlace(from))) {
      if (near.length === most) break;
      near.push(row);
    }
  }
  return random.pick(near);
}

function lookAt(data: StateData, collection: Collection, asked: Look): SimpleAnswer {
  switch (asked.kind) {
    case 'size':
      return { kind: 'integer', value: collection.count };
    case 'holds':
      return { kind: 'flags', flags: asked.names.map((name) => collection.get(rowOfName(name)) !== undefined) };
    case 'values':
      return values(data, collection, asked.names);
    case 'elements':
      return elementsAnswer(data, mapped(collection.rows(fromPlace(0)), elementOf));
    case 'page':
      return page(data, collection, asked.from, asked.rowsMax);
    case 'slice':
      return sliceOf(data, collection, asked);
    case 'positions':
      return positionsIn(collection, asked);
    case 'random':
      return someOf(data, collection, asked);
    case 'selected':
    case 'countIn':
    case 'rank':
      return lookAtOrder(data, collection, asked);
    default:
      return unreachable(asked);
  }
}

function values(data: StateData, collection: Collection, names: readonly Key[]): SimpleAnswer {
  const answers: PlainAnswer[] = [];
  for (const name of names) {
    const value = collection.get(rowOfName(name));
    if (value !== undefined) data.answerBytesLeft -= value.length;
    if (data.answerBytesLeft < 0) return tooMuch;
    answers.push(
      value === undefined ? { kind: 'missing' } : { kind: 'value', value, version: 0, expiresAtMs: undefined },
    );
  }
  return { kind: 'many', answers };
}

/** A page ends only between two places, so that the next one misses nothing. */
function page(data: StateData, collection: Collection, from: number, rowsMax: number): SimpleAnswer {
  const found: Element[] = [];
  let last = -1;
  for (const entry of collection.rows(fromPlace(from))) {
    const place = placeOfRow(entry[0]);
    if (found.length >= Math.min(rowsMax, pagedElementsMax) && place !== last) {
      return elementsAnswer(data, found, place);
    }
    found.push(elementOf(entry));
    last = place;
  }
  return elementsAnswer(data, found);
}

function someOf(
  data: StateData,
  collection: Collection,
  { count, repeats, seed }: Look & { kind: 'random' },
): SimpleAnswer {
  const random = new Random(seed);
  if (collection.count === 0) return elementsAnswer(data, []);
  const most = Math.min(count, repeats ? Number.POSITIVE_INFINITY : collection.count);
  const rows = repeats ? mapped(times(most), () => drawOne(collection, random)) : draw(collection, most, random);
  return elementsAnswer(
    data,
    mapped(rows, (row) => elementOf([row, collection.get(row)!])),
  );
}

function contentsOf(data: StateData, key: Key, item: Item | undefined): SimpleAnswer {
  if (item === undefined) return { kind: 'missing' };
  const { version, expiresAtMs, kind, weight } = item;
  data.answerBytesLeft -= weight;
  if (data.answerBytesLeft < 0) return tooMuch;
  const expiry = expiresAtMs === never ? undefined : expiresAtMs;
  if (kind === 'plain') return { kind: 'value', value: item.value, version, expiresAtMs: expiry };
  // What gives a sorted set its order follows from the rest.
  const rows = mapped(Collection.of(data, key, kind)!.rows(everything), ([name, value]) => ({ name, value }));
  return { kind: 'contents', of: kind, rows: [...rows], version, expiresAtMs: expiry };
}

function memberOf(row: Key): Element {
  return { name: nameOfRow(row), value: noBytes };
}

const noBytes: Bytes = new Uint8Array(0);

function* mapped<A, B>(items: Iterable<A>, to: (item: A) => B): Iterable<B> {
  for (const item of items) yield to(item);
}

function* times(count: number): Iterable<number> {
  for (let i = 0; i < count; i++) yield i;
}
