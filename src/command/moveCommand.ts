import { bool, key, list, variant, varint, word } from '../base/index.ts';

/** Commands that take from collections, over keys that may lie in several cells, and those that add decimal numbers. */
export const moveWrites = {
  /**
   * Adds a decimal number, spelled, to the one that the value spells. Answers `value`, the sum; `error` where one is no number, or
   * where it takes too many digits.
   */
  incrementDecimal: variant(103, { key, by: key }),
  /** Moves an element from an end of a list to an end of another, or of the same. Answers `value`, or `missing` where there is none. */
  moveElement: variant(104, { key, to: key, fromEnd: bool, toEnd: bool }),
  /** Takes up to so many from an end of the first of the keys that holds any. Answers `popped`, or `missing` where none does. */
  popFirst: variant(105, { keys: list(key), of: word(['list', 'sortedSet']), count: varint, atEnd: bool }),
};
