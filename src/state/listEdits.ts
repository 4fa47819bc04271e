import { type Bytes, bytesEqual, type Key, type Range } from '../base/index.ts';
import {
  type Edit,
  type Element,
  expiryEntry,
  type Look,
  type PlainAnswer,
  type SimpleAnswer,
  timeOf,
} from '../command/index.ts';
import type { Collection } from './collection.ts';
import { elementsAnswer } from './elementsAnswer.ts';
import type { StateData } from './stateData.ts';

type EditKind = 'push' | 'pop' | 'assign' | 'trim' | 'removeValues' | 'insert';
export type ListEdit = Edit & { readonly kind: EditKind };
type Only<K extends EditKind> = Edit & { readonly kind: K };

/** Where the first element of a list stands: with as much room before it as behind it. */
const middle = 2 ** 51;

/** Changes a list: its rows are the numbers of their places, without a gap. */
export function editList(data: StateData, list: Collection, does: ListEdit): SimpleAnswer {
  switch (does.kind) {
    case 'push':
      return { kind: 'integer', value: push(list, does) };
    case 'pop':
      return pop(data, list, does);
    case 'assign':
      return assign(data, list, does);
    case 'trim':
      trim(list, does);
      return { kind: 'ok', version: data.version };
    case 'removeValues':
      return { kind: 'integer', value: removeValues(list, does) };
    case 'insert':
      return { kind: 'integer', value: insert(list, does) };
  }
}

/** The elements from one place to another, both counted from the end where they are negative. */
export function sliceOf(data: StateData, list: Collection, { first, last }: Look & { kind: 'slice' }): SimpleAnswer {
  const [from, to] = bounds(list, first, last);
  return elementsAnswer(data, from > to ? [] : elementsIn(list, { from: rowAt(list, from), to: rowAt(list, to + 1) }));
}

/** At which places a value stands. */
export function positionsIn(list: Collection, asked: Look & { kind: 'positions' }): SimpleAnswer {
  const { value, rank, countMax = Number.POSITIVE_INFINITY, lengthMax } = asked;
  const isDown = rank < 0;
  const places: PlainAnswer[] = [];
  let [walked, met] = [0, 0];
  for (const [, one] of list.rows({ from: '', to: undefined }, isDown)) {
    if (places.length >= countMax || (lengthMax > 0 && walked >= lengthMax)) break;
    const place = isDown ? list.count - 1 - walked : walked;
    walked++;
    if (bytesEqual(one, value) && ++met >= Math.abs(rank)) places.push({ kind: 'integer', value: place });
  }
  return { kind: 'many', answers: places };
}

/** Where a list begins that has these rows. */
export function firstOfRows(rows: readonly Element[]): number {
  return rows.reduce((least, { name }) => Math.min(least, timeOf(name)), Number.MAX_SAFE_INTEGER);
}

function* elementsIn(list: Collection, range: Range): Iterable<Element> {
  for (const [, value] of list.rows(range)) yield { name: '', value };
}

function rowAt(list: Collection, index: number): Key {
  return expiryEntry(list.first + index, '');
}

/** The first and the last index of a part, the last below the first where it is empty. */
function bounds(list: Collection, first: number, last: number): [number, number] {
  const from = Math.max(0, first < 0 ? list.count + first : first);
  return [from, Math.min(list.count - 1, last < 0 ? list.count + last : last)];
}

function push(list: Collection, { values, atEnd, whenPresent }: Only<'push'>): number {
  if (list.count === 0 && whenPresent) return 0;
  if (list.count === 0) list.first = middle;
  for (const value of values) {
    if (!atEnd) list.first--;
    list.set(rowAt(list, atEnd ? list.count : 0), value);
  }
  return list.count;
}

function pop(data: StateData, list: Collection, { count, atEnd }: Only<'pop'>): SimpleAnswer {
  const most = Math.min(count, list.count);
  const from = atEnd ? list.count - most : 0;
  const taken = [...elementsIn(list, { from: rowAt(list, from), to: rowAt(list, from + most) })];
  if (atEnd) taken.reverse();
  const answer = elementsAnswer(data, taken);
  if (answer.kind !== 'elements') return answer;
  cut(list, most, atEnd);
  return answer;
}

/** Removes so many from one end. */
function cut(list: Collection, count: number, atEnd: boolean): void {
  for (let i = 0; i < count; i++) {
    list.delete(rowAt(list, atEnd ? list.count - 1 : 0));
    if (!atEnd) list.first++;
  }
}

function assign(data: StateData, list: Collection, { index, value }: Only<'assign'>): SimpleAnswer {
  if (list.count === 0) return { kind: 'missing' };
  const at = index < 0 ? list.count + index : index;
  if (at < 0 || at >= list.count) return { kind: 'notDone' };
  list.set(rowAt(list, at), value);
  return { kind: 'ok', version: data.version };
}

function trim(list: Collection, { first, last }: Only<'trim'>): void {
  const { count } = list;
  const [from, to] = bounds(list, first, last);
  if (from > to) return cut(list, count, true);
  cut(list, count - 1 - to, true);
  cut(list, from, false);
}

/** A count below 0 is one from the end, and 0 is all. */
function removeValues(list: Collection, { count, value }: Only<'removeValues'>): number {
  const values = [...elementsIn(list, { from: '', to: undefined })].map((one) => one.value);
  const order = values.map((_, i) => (count < 0 ? values.length - 1 - i : i));
  const most = count === 0 ? values.length : Math.abs(count);
  const gone = new Set(order.filter((i) => bytesEqual(values[i]!, value)).slice(0, most));
  if (gone.size > 0)
    rewrite(
      list,
      values.filter((_, i) => !gone.has(i)),
    );
  return gone.size;
}

/** Answers the new length, 0 where there is no list, and -1 where nothing in it is the pivot. */
function insert(list: Collection, { pivot, value, before }: Only<'insert'>): number {
  const values = [...elementsIn(list, { from: '', to: undefined })].map((one) => one.value);
  const at = values.findIndex((one) => bytesEqual(one, pivot));
  if (at < 0) return values.length === 0 ? 0 : -1;
  values.splice(before ? at : at + 1, 0, value);
  rewrite(list, values);
  return list.count;
}

/** Puts other values in the place of those that are there, from the first that differs on. */
function rewrite(list: Collection, values: readonly Bytes[]): void {
  for (const [i, value] of values.entries()) {
    const old = list.get(rowAt(list, i));
    if (old === undefined || !bytesEqual(old, value)) list.set(rowAt(list, i), value);
  }
  cut(list, list.count - values.length, true);
}
