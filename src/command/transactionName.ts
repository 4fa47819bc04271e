import { f64, type Infer, intersection, key, list, optional, type Range, record, text } from '../base/index.ts';

/** Keys from one (included) to another (excluded); without the other, all from there on. */
export const keyRange = record({ from: key, to: optional(key) });

/**
 * A transaction over several cells, as each of its participants knows it. Participants are ranges and not cells: whichever
 * cell holds a part of them, when it is asked, speaks for that part, however cells were split meanwhile.
 */
export const transactionName = record({
  /** Drawn by the coordinator, one for each try. */
  id: text,
  /** The coordinator's clock when it began, in milliseconds since 1970. */
  beganMs: f64,
  /** Apart from each other, in their order. */
  participants: list(keyRange),
});
export type TransactionName = Infer<typeof transactionName>;

const alone = 'two-phase ';

/** The id of a transaction that only the peer at that address decides. */
export function twoPhaseId(address: string, id: string): string {
  return `${alone}${address} ${id}`;
}

/** Where the only peer is that decides the transaction; undefined where anybody may. */
export function coordinatorOf({ id }: Pick<TransactionName, 'id'>): string | undefined {
  return id.startsWith(alone) ? id.slice(alone.length, id.lastIndexOf(' ')) : undefined;
}

/** The parts of some ranges that lie within another. */
export function within(ranges: readonly Range[], whole: Range): Range[] {
  return ranges.map((one) => intersection(one, whole)).filter((part) => part !== undefined);
}

/** Whether two lists name the same ranges in the same order. */
export function sameRanges(a: readonly Range[], b: readonly Range[]): boolean {
  return a.length === b.length && a.every(({ from, to }, i) => from === b[i]!.from && to === b[i]!.to);
}
