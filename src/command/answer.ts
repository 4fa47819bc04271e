import {
  bool,
  bytes,
  encode,
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
  word,
} from '../base/index.ts';
import { element } from './collectionCommand.ts';
import { historyPlace } from './historyPlace.ts';
import { integer } from './integer.ts';
import { reservationAnswers } from './reservationCommand.ts';
import { transactionName } from './transactionName.ts';
import { collectionKind, valueKind } from './valueKind.ts';

/** Why a command came to nothing although it was executed. */
export const problem = word([
  /** The value is not an integer of 64 bits. */
  'notAnInteger',
  /** The sum does not fit 64 bits. */
  'overflow',
  /** A key, a value or an answer is larger than the limits allow. */
  'tooLarge',
  /** The session cannot be opened: its clock is too far from log time, or there are too many. */
  'sessionRefused',
  /** The command cannot be read: it comes from a peer of another version, or from none. */
  'malformed',
  /** The cell does not hold all keys of the command: another one does. */
  'moved',
  /** The value would be longer than values may be. */
  'valueTooLarge',
  /** The command concerns several cells, and some of them have done it. */
  'partly',
  /** The key holds a value of another kind. */
  'wrongType',
  /** A score would be no number. */
  'notANumber',
  /** The value is not a decimal number. */
  'notADecimal',
]);
export type Problem = Infer<typeof problem>;

/** A key with what it holds. */
export const rowAnswer = record({ key, value: bytes, version: f64, expiresAtMs: optional(f64) });
export type RowAnswer = Infer<typeof rowAnswer>;

const plainVariants = {
  /** Done; the version is that of the operation. */
  ok: variant(1, { version: f64 }),
  /** The condition did not hold: nothing changed. */
  notDone: variant(2, {}),
  missing: variant(3, {}),
  value: variant(4, { value: bytes, version: f64, expiresAtMs: optional(f64) }),
  integer: variant(5, { value: integer }),
  /** `more` is true where a limit ended the list: go on behind the last row. */
  rows: variant(6, { rows: list(rowAnswer), more: bool }),
  /** When the key expires, absolute and from now on; undefined where it does not. */
  lifetime: variant(7, { expiresAtMs: optional(f64), remainingMs: optional(f64) }),
  versions: variant(8, { versions: list(f64) }),
  error: variant(9, { problem, text }),
};

const plainAnswer = union(plainVariants);
export type PlainAnswer = Infer<typeof plainAnswer>;

const simpleVariants = {
  ...plainVariants,
  /** An answer for each key, in their order. */
  many: variant(10, { answers: list(plainAnswer) }),
  /** A flag for each name, in their order. */
  flags: variant(20, { flags: list(bool) }),
  /** `next` is where the next page begins; undefined where this is the last. */
  elements: variant(21, { elements: list(element), next: optional(varint) }),
  /** What a key holds; undefined where that is nothing. */
  type: variant(22, { type: optional(valueKind) }),
  /** All that a collection is: its rows, under names that are the store's own. */
  contents: variant(23, { of: collectionKind, rows: list(element), version: f64, expiresAtMs: optional(f64) }),
  /** The score of a member. */
  score: variant(40, { score: f64 }),
  /** How many members come before one, and its score. */
  rank: variant(41, { rank: varint, score: f64 }),
  /** What was taken, and from which key. */
  popped: variant(42, { key, elements: list(element) }),
  ...reservationAnswers,
};

/** The answer to a simple command. */
export const simpleAnswer = union(simpleVariants);
export type SimpleAnswer = Infer<typeof simpleAnswer>;

/**
 * Yes: it happens if the others say so too. No: a check does not hold. Busy: another transaction is in the way. Barred:
 * somebody asked before it was voted on. Committed: it has happened. Closed: it is too long ago to vote, and nothing is
 * known of it: it did not happen, or all were told that it did.
 */
export const vote = word(['yes', 'no', 'busy', 'barred', 'committed', 'closed']);
export type Vote = Infer<typeof vote>;

const settledVariants = {
  ...simpleVariants,
  /** The transaction happened: an answer for each command. */
  executed: variant(11, { answers: list(simpleAnswer), version: f64 }),
  /** A check did not hold: nothing happened. */
  conflict: variant(12, {}),
  /** What a cell says to a transaction over several; the answers are those to its commands, where the vote is yes. */
  voted: variant(14, { name: transactionName, vote, version: f64, answers: list(simpleAnswer) }),
};

const settledAnswer = union(settledVariants);

/**
 * A change of a key, at its place in the log of its cell: see `HistoryPlace`. `clear` is that of all keys, and `edit` one of
 * a collection, of which it tells no more. `lock` and `release` say that somebody has the key reserved for writing, and no more.
 */
export const changeRow = record({
  index: varint,
  offset: varint,
  kind: word(['put', 'delete', 'expire', 'clear', 'edit', 'lock', 'release']),
  key,
  version: f64,
  /** What is put; of a lock what its holder calls itself, as text. */
  value: optional(bytes),
  expiresAtMs: optional(f64),
});
export type ChangeRow = Infer<typeof changeRow>;

/** What is known of an operation. Forgotten: it is too old to tell. Unknown: so is its session. */
export const outcomeState = word(['executed', 'never', 'forgotten', 'unknownSession']);
export type OutcomeState = Infer<typeof outcomeState>;

/** What a command came to. It nests no deeper than it is declared here, so no bytes can exhaust the stack. */
export const answer = union({
  ...settledVariants,
  /** `answer` is what an executed operation was answered. */
  outcome: variant(13, { state: outcomeState, answer: optional(settledAnswer) }),
  /**
   * What has changed between a place and the `next` one, in the keys of [from, to). With `missed` the cell does not know
   * any more what changed before `next`.
   */
  changes: variant(15, {
    from: key,
    to: optional(key),
    changes: list(changeRow),
    next: historyPlace,
    missed: bool,
  }),
  /** It is as it was wanted, for the keys up to `upTo`, which is where the cell ends. */
  arranged: variant(30, { upTo: optional(key) }),
  /** It is not done, and will not be as things are: a reason for people. */
  declined: variant(31, { reason: text }),
});
export type Answer = Infer<typeof answer>;

/** What came of an operation that reached the log, or of a read. */
export const operationResult = union({
  done: variant(1, { answer }),
  /** The log knows no such session: the operation may have been executed before, but never will be again. */
  unknownSession: variant(2, {}),
  /** The result was acknowledged or dropped for its age; it will not be executed (again). */
  forgotten: variant(3, {}),
  /** A `resolve` came first: it was not executed and never will be. */
  barred: variant(4, {}),
  /** The operation that it must follow has not happened: neither has it, and it may come again. */
  early: variant(5, {}),
  /** A transaction that is undecided is in the way: nothing has happened, and it may come again. */
  locked: variant(6, {}),
  /** Others have reserved what it would write: nothing has happened, and it may come again. */
  reserved: variant(7, { label: text, remainingMs: f64 }),
});
export type OperationResult = Infer<typeof operationResult>;

export const movedAnswer: Answer = {
  kind: 'error',
  problem: 'moved',
  text: 'the cell does not hold all keys of the command',
};

/** Another cell holds the keys. Kept like a result: the operation happens nowhere under its name (CELL-15). */
export const movedResult = encode(operationResult, { kind: 'done', answer: movedAnswer });
