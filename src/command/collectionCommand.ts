import {
  bool,
  bytes,
  f64,
  type Infer,
  key,
  list,
  optional,
  record,
  u32,
  union,
  variant,
  varint,
  word,
} from '../base/index.ts';
import { integer } from './integer.ts';
import { sortedSetEdits, sortedSetLooks, sortedSetReads, sortedSetWrites } from './sortedSetCommand.ts';
import { collectionKind } from './valueKind.ts';

/**
 * An element as callers see it: a member of a set, whose value is empty, or of a sorted set, whose value is its score; a field of a
 * hash; or one of a list, without a name.
 */
export const element = record({ name: key, value: bytes });
export type Element = Infer<typeof element>;

/** What can be asked of a collection. One that does not exist is empty. */
export const look = union({
  /** Answers `integer`: how many elements there are. */
  size: variant(1, {}),
  /** Answers `flags`: which of the names are there. */
  holds: variant(2, { names: list(key) }),
  /** Answers `many`: the value of each name, or `missing`. */
  values: variant(3, { names: list(key) }),
  /** Answers `elements`: all of them. */
  elements: variant(4, {}),
  /**
   * Answers `elements`: about so many, from a place on that the answer before called `next`, 0 at first. What is there
   * from the first page to the last is seen, whatever comes and goes.
   */
  page: variant(5, { from: u32, rowsMax: varint }),
  /** Answers `elements`: so many by chance, each at most once, or with `repeats` as often as it is drawn. */
  random: variant(6, { count: varint, repeats: bool, seed: u32 }),
  /** Answers `elements`: those of a list from one place to another, negative ones counted from its end. */
  slice: variant(7, { first: f64, last: f64 }),
  ...sortedSetLooks,
  /**
   * Answers `many`, an `integer` each: at which places of a list the value stands, from the first or, with a negative rank, from the last
   * on, without so many less one; among so many elements, or with 0 all.
   */
  positions: variant(23, { value: bytes, rank: f64, countMax: optional(varint), lengthMax: varint }),
});
export type Look = Infer<typeof look>;

/** What can be done to a collection. One that has no elements any more does not exist. */
export const edit = union({
  /** Answers `integer`: how many came that were not there. With `whenAbsent` those that are there stay as they are. */
  add: variant(1, { elements: list(element), whenAbsent: bool }),
  /** Answers `integer`: how many were there. */
  remove: variant(2, { names: list(key) }),
  /** Removes so many by chance. Answers `elements`: those. */
  takeRandom: variant(3, { count: varint, seed: u32 }),
  /** Answers `integer`, the sum; `error` where the value is no integer or the sum does not fit. */
  increment: variant(4, { name: key, by: integer }),
  /** Adds values to a list, one after the other, at one of its ends. Answers `integer`: its length. */
  push: variant(10, { values: list(bytes), atEnd: bool, whenPresent: bool }),
  /** Removes up to so many from an end of a list or a sorted set. Answers `elements`: those, from the end on. */
  pop: variant(11, { count: varint, atEnd: bool }),
  /** Writes over an element. Answers `ok`, `missing` where there is no list, `notDone` where it is not so long. */
  assign: variant(12, { index: f64, value: bytes }),
  /** Removes what lies outside of a part of a list. Answers `ok`. */
  trim: variant(13, { first: f64, last: f64 }),
  /** Removes elements that are the value: so many from the beginning, or below 0 from the end, or with 0 all. Answers `integer`. */
  removeValues: variant(14, { count: f64, value: bytes }),
  /** Adds a value beside the first that is the pivot. Answers `integer`: the length, 0 without a list, -1 without a pivot. */
  insert: variant(15, { pivot: bytes, value: bytes, before: bool }),
  ...sortedSetEdits,
  /** As the command of that name, of a field of a hash. */
  incrementDecimal: variant(22, { name: key, by: key }),
});
export type Edit = Infer<typeof edit>;

export const combination = word(['union', 'intersection', 'difference']);
export type Combination = Infer<typeof combination>;

/** Commands about collections that only read. */
export const collectionReads = {
  /** Answers as the look says; `error` where the key holds something else. */
  look: variant(60, { key, of: collectionKind, at: look }),
  /** Answers `type`: what the key holds. */
  typeOf: variant(61, { key }),
  /** Answers `contents`, or `missing`: all that a collection is. */
  contents: variant(62, { key }),
  /** Answers `elements`: what sets amount to together; a difference is the first without the others. */
  combine: variant(63, { keys: list(key), how: combination }),
  ...sortedSetReads,
};

/** Commands that change collections. */
export const collectionWrites = {
  /** Answers as the edit says; `error` where the key holds something else. */
  edit: variant(70, { key, of: collectionKind, does: edit }),
  /** Puts a collection in the place of whatever is there: `rows` are those of `contents`, in any order. Answers `ok`. */
  replace: variant(71, { key, of: collectionKind, rows: list(element), expiresAtMs: optional(f64) }),
  /** Keeps what sets amount to as a set. Answers `integer`: how many members. */
  combineInto: variant(72, { keys: list(key), how: combination, to: key }),
  /** Moves a member from a set to another. Answers `integer`: 1, or 0 where it was not there. */
  moveMember: variant(73, { key, to: key, member: key }),
  /** Copies what a key holds. Answers `integer`: 1, or 0 where there is nothing, or where `to` exists and is not replaced. */
  copy: variant(74, { key, to: key, replaces: bool }),
  ...sortedSetWrites,
};
