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
import { collectionKind } from './valueKind.ts';

/** An element as callers see it: a member of a set, whose value is empty, or a field of a hash. */
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
};
