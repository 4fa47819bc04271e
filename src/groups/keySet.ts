import { everything, intersection, type Key, keyAfter, lowestKey, type Range } from '../base/index.ts';

/** A set of keys: ranges in their order, which neither overlap nor touch. */
export type KeySet = readonly Range[];

export const noKeys: KeySet = [];

/** The keys of the ring behind `after`, clockwise, up to and with `upTo`: all of them where the two are one. */
export function arc(after: Key, upTo: Key): KeySet {
  if (after === upTo) return [everything];
  const [from, to] = [keyAfter(after), keyAfter(upTo)];
  if (after < upTo) return [{ from, to }];
  return [
    { from: lowestKey, to },
    { from, to: undefined },
  ];
}

/** The keys of some ranges, in whatever order they come. */
export function keySetOf(ranges: readonly Range[]): KeySet {
  const sorted = [...ranges].sort((a, b) => (a.from < b.from ? -1 : 1));
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last === undefined || (last.to !== undefined && last.to < range.from)) merged.push(range);
    else merged[merged.length - 1] = { from: last.from, to: later(last.to, range.to) };
  }
  return merged;
}

export function common(a: KeySet, b: KeySet): KeySet {
  const found: Range[] = [];
  for (const one of a) {
    for (const other of b) {
      const both = intersection(one, other);
      if (both !== undefined) found.push(both);
    }
  }
  return keySetOf(found);
}

/** The keys of `a` that are not in `b`. */
export function without(a: KeySet, b: KeySet): KeySet {
  return common(a, complement(b));
}

export function union(a: KeySet, b: KeySet): KeySet {
  return keySetOf([...a, ...b]);
}

function complement(keys: KeySet): KeySet {
  const gaps: Range[] = [];
  let from = lowestKey;
  for (const range of keys) {
    if (from < range.from) gaps.push({ from, to: range.from });
    if (range.to === undefined) return gaps;
    from = range.to;
  }
  return [...gaps, { from, to: undefined }];
}

function later(a: Key | undefined, b: Key | undefined): Key | undefined {
  return a === undefined || b === undefined ? undefined : a > b ? a : b;
}
