import {
  bool,
  bytes,
  f64,
  type Infer,
  key,
  list,
  optional,
  record,
  text,
  union,
  variant,
  varint,
} from '../base/index.ts';
import { protocol } from '../world/index.ts';
import { ballot } from './ballot.ts';
import { cellConfig } from './cellConfig.ts';
import { entry } from './entry.ts';

/** What a heartbeat says of one cell. */
export const beat = record({
  cell: text,
  epoch: varint,
  /** The ballot with which the sender stands for election, and whether it hears a majority and may lead. */
  ballot,
  hasQuorum: bool,
  promise: ballot,
  chosen: varint,
  /** The clock of the sender in milliseconds since 1970. */
  wallMs: f64,
  /**
   * In a ping: the leader of `promise` asks for a lease. In a pong: it is granted, counted from the ping; in that of the leader itself,
   * it holds one, and all that was answered before the ping is chosen up to `chosen`.
   */
  lease: bool,
});
export type Beat = Infer<typeof beat>;

/** What members of a cell say when they compare their rows (scrubber.ts). */
const scrubPart = union({
  /** Keep your rows in sight as they are behind the entry of that index. */
  pin: variant(1, { round: varint, index: varint }),
  /** What is the sum of your rows behind one key and up to another? */
  ask: variant(2, { round: varint, after: optional(key), upTo: optional(key) }),
  sum: variant(3, { round: varint, after: optional(key), sum: text }),
  /** It is not that of a majority. */
  differs: variant(4, { round: varint }),
});

/** What cells say of their merging (merger.ts). */
const mergePart = union({
  /** From the leader of the cell above, as it is: please absorb it. */
  ask: variant(1, { upper: cellConfig }),
  /** From the leader of the cell below, which is merging: please be sealed in that epoch. */
  seal: variant(2, { lower: text, lowerEpoch: varint, upperEpoch: varint }),
  /** The cell above was not sealed in the epoch that was named: it is in this one. */
  kept: variant(3, { upper: text, upperEpoch: varint }),
  /** Who leads a cell that holds this key in a later epoch? Answered by `settled`. */
  orphan: variant(4, { key }),
});

/** `from` is the peer that speaks, not its address: at one address another peer may stand today. */
const header = { cell: text, epoch: varint, from: text } as const;

/**
 * Between the replicas of cells. Of what belongs to an epoch, everything that names another epoch or an older ballot
 * is ignored, or answered by what teaches the sender. Tags are never reused.
 */
export const cellMessage = union({
  // Heartbeats: one a pair of peers, for all cells that they share.
  ping: variant(1, { from: text, round: varint, beats: list(beat) }),
  pong: variant(2, { from: text, round: varint, beats: list(beat) }),

  // Sequence Paxos. A candidate says where its log stands, so that a promise need carry only what it lacks.
  prepare: variant(3, { ...header, ballot, accepted: ballot, end: varint, chosen: varint }),
  /** `entries` from `first` on, where the log is ahead of the candidate's: all behind what that knows as chosen. */
  promise: variant(4, {
    ...header,
    ballot,
    /** False where records were lost: such a promise shows no log that a leader may rest on. */
    isWhole: bool,
    accepted: ballot,
    end: varint,
    chosen: varint,
    first: varint,
    entries: list(entry),
  }),
  /** The whole log of the ballot from `first` on. */
  sync: variant(5, { ...header, ballot, first: varint, chosen: varint, entries: list(entry) }),
  accept: variant(6, { ...header, ballot, first: varint, chosen: varint, entries: list(entry) }),
  /** All up to `upTo` is synced in this ballot. */
  accepted: variant(7, { ...header, ballot, upTo: varint }),
  /** The sender has promised more. */
  refused: variant(8, { ...header, promise: ballot }),

  // Quorum reads.
  confirm: variant(9, { ...header, ballot, round: varint }),
  confirmed: variant(10, { ...header, ballot, round: varint }),

  // Catching up: only what was chosen travels here, and so anybody may be asked.
  /** A peer that is not a member is to hold a copy. */
  invite: variant(11, { ...header, config: cellConfig }),
  /** The sender is in a later epoch, or knows more entries as chosen: fetch them. */
  ahead: variant(12, { ...header, chosen: varint }),
  /** What comes behind `chosen`? The epoch is 0 where the sender holds no state. */
  fetch: variant(13, { ...header, chosen: varint }),
  chosen: variant(14, { ...header, first: varint, entries: list(entry) }),
  /** The entries are gone: take the state. `checkpoint` is a `checkpointRow`. */
  snapshot: variant(15, { ...header, transfer: varint, checkpoint: bytes }),
  /** The rows behind `after` in the range of that number, please. */
  pull: variant(16, { ...header, transfer: varint, range: varint, after: key }),
  rows: variant(17, {
    ...header,
    transfer: varint,
    range: varint,
    after: key,
    rows: list(record({ key, value: bytes })),
    more: bool,
  }),
  /** The snapshot is not held any more: fetch again. */
  expired: variant(18, { ...header, transfer: varint }),
  /** A majority of the epoch holds the state, and the addressee has no part in it: it may delete its copy. */
  settled: variant(19, header),
  /** The leader of the epoch before leaves: stand for election at once. */
  takeOver: variant(20, header),

  // A replica that lost synced records asks the others for the highest promise, before it votes again.
  recover: variant(21, { ...header, nonce: varint }),
  recovered: variant(22, { ...header, nonce: varint, promise: ballot }),

  scrub: variant(23, { ...header, part: scrubPart }),

  merge: variant(24, { ...header, part: mergePart }),
});
export type CellMessage = Infer<typeof cellMessage>;
/** The messages about one cell. */
export type ReplicaMessage = Exclude<CellMessage, { kind: 'ping' | 'pong' }>;
export type MessageOf<K extends CellMessage['kind']> = Extract<CellMessage, { kind: K }>;

export const cellProtocol = protocol('cells', 2, cellMessage);
