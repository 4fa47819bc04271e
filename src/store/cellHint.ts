import { type Infer, key, list, optional, record, text, varint } from '../base/index.ts';

/** What a leader tells everybody of its cell (topic `cell/ID`): how every peer routes by key. */
export const cellHint = record({
  cell: text,
  epoch: varint,
  from: key,
  to: optional(key),
  members: list(record({ id: text, address: text })),
  learners: list(record({ id: text, address: text })),
  /** The id and the address of the leader. */
  leader: text,
  leaderAddress: text,
});
export type CellHint = Infer<typeof cellHint>;

export const cellTopicPrefix = 'cell/';

/** Grows with the epoch, then with the ballot, then with what one leader changes. Exact up to 2^53. */
export function hintVersion(epoch: number, ballot: number, changes: number): number {
  return (epoch * 2 ** 20 + Math.min(ballot, 2 ** 20 - 1)) * 2 ** 10 + Math.min(changes, 2 ** 10 - 1);
}
