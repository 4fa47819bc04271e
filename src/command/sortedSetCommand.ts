import { bool, f64, type Infer, key, list, optional, record, union, variant, varint, word } from '../base/index.ts';

/** A part of a sorted set, whose order is that of scores, and of names where scores are equal. */
export const span = union({
  /** From one place to another, counted from 0, negative ones from the end. */
  places: variant(1, { first: f64, last: f64 }),
  scores: variant(2, { from: f64, withoutFrom: bool, to: f64, withoutTo: bool }),
  /** By names alone; undefined is before the first, or behind the last. It is meant for members of one score. */
  names: variant(3, { from: optional(key), withoutFrom: bool, to: optional(key), withoutTo: bool }),
});
export type Span = Infer<typeof span>;

/** Which members of a span are meant, in which order. With `isDown` places are counted from the highest. */
export const selection = record({ span, isDown: bool, skip: varint, countMax: optional(varint) });
export type Selection = Infer<typeof selection>;

/** What can be asked of a sorted set besides. The value of an element is its score: `bytesOfScore`. */
export const sortedSetLooks = {
  /** Answers `elements`: the members, in their order. */
  selected: variant(20, { selection }),
  /** Answers `integer`: how many members lie there. */
  countIn: variant(21, { span }),
  /** Answers `rank`, or `missing`. */
  rank: variant(22, { name: key, isDown: bool }),
};

/** What can be done to a sorted set besides. */
export const sortedSetEdits = {
  /**
   * Gives members their scores, or with `increments` adds to those that they have. `absent` are those alone that are not there, `present`
   * those that are; of the latter `greater` and `less` leave alone who would not get a higher or lower score. Answers
   * `integer`: how many came, or with `countsChanged` how many came or changed. With `increments` there is one member, and the answer is
   * its `score`, or `missing` where it was left alone; `error` where that is no number.
   */
  score: variant(20, {
    members: list(record({ name: key, score: f64 })),
    when: word(['always', 'absent', 'present']),
    than: word(['any', 'greater', 'less']),
    increments: bool,
    countsChanged: bool,
  }),
  /** Removes the members that lie there. Answers `integer`: how many. */
  removeIn: variant(21, { span }),
};

export const aggregate = word(['sum', 'least', 'greatest']);
export type Aggregate = Infer<typeof aggregate>;

const combination = {
  keys: list(key),
  /** What the scores of each are multiplied by. */
  weights: list(f64),
  how: word(['union', 'intersection', 'difference']),
  /** What becomes of the scores of one member. */
  aggregate,
};

export const sortedSetReads = {
  /** Answers `elements`: what sets and sorted sets amount to, in order; members of sets have the score 1. */
  combineScores: variant(100, combination),
};

export const sortedSetWrites = {
  /** Keeps that as a sorted set. Answers `integer`: how many members. */
  combineScoresInto: variant(101, { ...combination, to: key }),
  /** Keeps a part of a sorted set as one. Answers `integer`: how many members. */
  keepSelected: variant(102, { key, selection, to: key }),
};
