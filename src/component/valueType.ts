import { assert, failure, type Result, success } from '../base/index.ts';

/** What values an attribute may have: whether a value that anybody offers is one, and how that is said to people. */
export interface ValueType<T> {
  /** What its values are, as in `a whole number from 1 to 64`. */
  readonly name: string;
  /** The value as one of this type, or a sentence that says why it is none. */
  readonly accept: (value: unknown) => Result<T, string>;
}

/** Declares a type of values by a test: `valueType('an even number', (v): v is number => Number(v) % 2 === 0)`. */
export function valueType<T>(name: string, isOne: (value: unknown) => value is T): ValueType<T> {
  return { name, accept: (value) => (isOne(value) ? success(value) : failure(`${shown(value)} is not ${name}`)) };
}

/** The least and the greatest number that are accepted, both included; without end where they are left out. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Whole numbers within bounds, both included. */
export function wholeNumber(bounds: Bounds = {}): ValueType<number> {
  return numbers('a whole number', bounds, Number.isSafeInteger);
}

/** Numbers within bounds, both included; never infinite, and never not a number. */
export function realNumber(bounds: Bounds = {}): ValueType<number> {
  return numbers('a number', bounds, Number.isFinite);
}

function numbers(name: string, { min, max }: Bounds, isOne: (value: unknown) => boolean): ValueType<number> {
  const from = min === undefined ? '' : ` from ${min}`;
  const to = max === undefined ? '' : `${min === undefined ? ' up' : ''} to ${max}`;
  return valueType(
    `${name}${from}${to}`,
    (value): value is number =>
      isOne(value) && (value as number) >= (min ?? -Infinity) && (value as number) <= (max ?? Infinity),
  );
}

/** True or false. */
export const truth: ValueType<boolean> = valueType('true or false', (value) => typeof value === 'boolean');

/** Texts of so many characters at most. */
export function shortText(charactersMax: number): ValueType<string> {
  return valueType(
    `a text of at most ${charactersMax} characters`,
    (value): value is string => typeof value === 'string' && value.length <= charactersMax,
  );
}

/** One of a few words. */
export function oneOf<const W extends string>(...words: readonly W[]): ValueType<W> {
  assert(words.length > 0, 'a value that is one of no words cannot be');
  return valueType(`one of ${words.join(', ')}`, (value): value is W => words.includes(value as W));
}

/** A value in a message to people: short, whatever somebody offered. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}...` : value}'`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
