import { bool, type Infer, key, list, optional, record, text, varint } from '../base/index.ts';
import type { Ballot } from './ballot.ts';
import type { CellConfig } from './cellConfig.ts';
import { degrees } from './degree.ts';

/** What a leader tells everybody of its cell (topic `cell/ID`): how every peer routes by key. */
export const cellHint = record({
  cell: text,
  epoch: varint,
  from: key,
  to: optional(key),
  members: list(record({ id: text, address: text })),
  learners: list(record({ id: text, address: text })),
  degrees,
  /** The id and the address of the leader. */
  leader: text,
  leaderAddress: text,
  /** The leader's disk has no room: it takes no writes. */
  isFull: bool,
});
export type CellHint = Infer<typeof cellHint>;

export const cellTopicPrefix = 'cell/';

/**
 * Grows with the epoch, then with the ballot, then with what one leader changes: 20, 17 and 3, and 8 bits. Two ballots
 * may have one number, so the place of the leader among the members counts as well, in the order of ballots. Peers that
 * compare what they know look at the lower 32 bits alone: the last 4 of the epoch are there as well, or a hint that gossip missed
 * would never be missed where the ballots of two epochs are the same.
 */
export function hintVersion({ epoch, members }: CellConfig, ballot: Ballot, changes: number): number {
  const place = members.filter(({ id }) => id < ballot.member).length;
  const ballots = Math.min(ballot.n, 2 ** 17 - 1) * 2 ** 3 + Math.min(place, 2 ** 3 - 1);
  const within = ((epoch % 2 ** 4) * 2 ** 20 + ballots) * 2 ** 8 + Math.min(changes, 2 ** 8 - 1);
  return epoch * 2 ** 33 + within;
}
