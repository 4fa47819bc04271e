import { type Infer, type Key, key, list, prefixRange, type Range, record, u8 } from '../base/index.ts';

/** How many members cells with keys of a prefix are to have, where there are peers enough; odd. */
export const degree = record({ prefix: key, replicas: u8 });
export type Degree = Infer<typeof degree>;

/** Those of all prefixes in which a cell lies, in their order: each begins with the one before. */
export const degrees = list(degree);
export type Degrees = Infer<typeof degrees>;

/** What may be asked for. */
export const degreesAllowed: readonly number[] = [1, 3, 5, 7];

/** How many members are wanted: what the longest prefix asks for, or what is usual where none asks for anything. */
export function wantedBy(asked: Degrees, usual: number): number {
  return asked.at(-1)?.replicas ?? usual;
}

/** As it is when a prefix asks for so many; for nothing of its own where that is undefined. */
export function withDegree(asked: Degrees, prefix: Key, replicas: number | undefined): Degrees {
  const others = asked.filter((one) => one.prefix !== prefix);
  if (replicas === undefined) return others;
  return [...others, { prefix, replicas }].sort((a, b) => a.prefix.length - b.prefix.length);
}

export function sameDegrees(a: Degrees, b: Degrees): boolean {
  return a.length === b.length && a.every(({ prefix, replicas }, i) => isDegree(b[i], prefix, replicas));
}

/** The border, strictly within the range, that parts keys of a prefix from others; undefined where it has keys of one sort alone. */
export function borderOf(prefix: Key, { from, to }: Range): Key | undefined {
  const { from: begin, to: end } = prefixRange(prefix);
  if (from < begin && (to === undefined || begin < to)) return begin;
  return end !== undefined && from < end && (to === undefined || end < to) ? end : undefined;
}

function isDegree(one: Degree | undefined, prefix: Key, replicas: number): boolean {
  return one?.prefix === prefix && one.replicas === replicas;
}
