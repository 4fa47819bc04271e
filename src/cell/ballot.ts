import { type Infer, record, text, varint } from '../base/index.ts';

/**
 * The right to lead an epoch of a cell: a number and the member that drew it, so that no two members hold the same.
 * A member never uses a ballot twice: it draws above every ballot that it promised, and its promises are synced.
 */
export const ballot = record({ n: varint, member: text });
export type Ballot = Infer<typeof ballot>;

/** Below every ballot that a member can hold. */
export const noBallot: Ballot = { n: 0, member: '' };

/** Negative, zero or positive as `a` is below, the same as or above `b`. */
export function compareBallots(a: Ballot, b: Ballot): number {
  if (a.n !== b.n) return a.n - b.n;
  return a.member < b.member ? -1 : a.member > b.member ? 1 : 0;
}

export function sameBallot(a: Ballot, b: Ballot): boolean {
  return a.n === b.n && a.member === b.member;
}
