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
