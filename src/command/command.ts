import {
  bool,
  bytes,
  everything,
  f64,
  type Infer,
  type Key,
  key,
  keyAfter,
  list,
  optional,
  type Range,
  record,
  text,
  union,
  variant,
  varint,
  word,
} from '../base/index.ts';
import { arrangement } from './arrangement.ts';
import { collectionReads, collectionWrites } from './collectionCommand.ts';
import { historyPlace } from './historyPlace.ts';
import { integer } from './integer.ts';
import { moveWrites } from './moveCommand.ts';
import { reservationChecks, reservationCommands } from './reservationCommand.ts';
import { keyRange, transactionName } from './transactionName.ts';

/** When a record goes by itself. What is relative counts from the log time at which the command is applied. */
export const expiry = union({
  never: variant(0, {}),
  /** As the record had it before. */
  keep: variant(1, {}),
  /** Milliseconds since 1970. At or before the log time means now. */
  at: variant(2, { atMs: f64 }),
  after: variant(3, { afterMs: f64 }),
});
export type Expiry = Infer<typeof expiry>;

/** What must hold of a key for a put to happen. */
export const condition = union({
  always: variant(0, {}),
  absent: variant(1, {}),
  present: variant(2, {}),
  /** Its version is this one: compare and set. */
  version: variant(3, { version: f64 }),
});
export type Condition = Infer<typeof condition>;

/** What must hold of the old expiry for a new one to be set; no expiry counts as infinitely late. */
export const expiryCondition = word(['always', 'absent', 'present', 'later', 'earlier', 'earlierIfPresent']);
export type ExpiryCondition = Infer<typeof expiryCondition>;

const simpleVariants = {
  /** Answers `value` or `missing`. */
  get: variant(1, { key }),
  /** Answers `many`, each `value` or `missing`. */
  getMany: variant(2, { keys: list(key) }),
  /** Answers `rows`: those of [from, to) in order, or from the last down. Without values they are empty. */
  range: variant(3, {
    from: key,
    to: optional(key),
    rowsMax: varint,
    bytesMax: varint,
    isDown: bool,
    withValues: bool,
  }),
  /** Answers `integer`: how many of the keys exist, each as often as it is named. */
  exists: variant(4, { keys: list(key) }),
  /** Answers `integer`: the bytes of the value, 0 where there is none. */
  length: variant(5, { key }),
  /** Answers `value`, the part of it from `first` to `last`; negative counts from the end; empty where there is none. */
  part: variant(6, { key, first: f64, last: f64 }),
  /** Answers `lifetime` or `missing`. */
  lifetime: variant(7, { key }),
  /** Answers `versions`: 0 for a key that does not exist. */
  versions: variant(8, { keys: list(key) }),
  /** Answers `integer`: the keys of the cell, those that expired and were not removed yet included. */
  count: variant(9, {}),

  /** Answers `ok` or `notDone`; with `returnPrevious` the old `value` or `missing`, whether it was done or not. */
  put: variant(20, { key, value: bytes, when: condition, expiry, returnPrevious: bool }),
  /** Answers `ok` or `notDone`. */
  putMany: variant(21, { entries: list(record({ key, value: bytes })), whenAllAbsent: bool }),
  /** Answers `integer`: how many there were. */
  delete: variant(22, { keys: list(key) }),
  /** Deletes, and answers the old `value` or `missing`. */
  take: variant(23, { key }),
  /** Answers `integer`, the sum; `error` where the value is no integer or the sum does not fit. */
  increment: variant(24, { key, by: integer }),
  /** Answers `integer`, the new length. */
  append: variant(25, { key, value: bytes }),
  /** Writes over the value from `offset` on, behind zeros where it is shorter. Answers `integer`, the new length. */
  overwrite: variant(26, { key, offset: varint, value: bytes }),
  /** Answers `integer`: 1 where it was set (or the key went because that time is past), else 0. */
  setExpiry: variant(27, { key, expiry, when: expiryCondition }),
  /** Answers `value` or `missing`, and sets the expiry. */
  getAndExpire: variant(28, { key, expiry }),
  /** Takes the expiry away. Answers `integer`: 1 where there was one, else 0. */
  persist: variant(29, { key }),
  /** Answers `ok`, `missing` where there is no `key`, `notDone` where `to` exists and must not. */
  rename: variant(30, { key, to: key, whenAbsent: bool }),
  /** Deletes every key of the cell. Answers `ok`. */
  clear: variant(31, {}),
  ...collectionReads,
  ...collectionWrites,
  ...moveWrites,
  ...reservationChecks,
};

/** A command that may stand inside a transaction. */
export const simpleCommand = union(simpleVariants);
export type SimpleCommand = Infer<typeof simpleCommand>;

/** What a transaction checks and then does. */
const work = {
  checks: list(record({ key, version: f64 })),
  ranges: list(record({ from: key, to: optional(key), count: varint, newestVersion: f64 })),
  commands: list(simpleCommand),
};

/** What one client asks of the store. Written into logs and onto the wire: tags are never reused. */
export const command = union({
  ...simpleVariants,
  /**
   * All of the commands as one, if every check holds: `executed` with their answers, else `conflict`. A range check
   * holds if the range has exactly `count` keys and none newer than `newestVersion`.
   */
  transaction: variant(40, work),
  /**
   * Makes the session that the group names. `openedMs` is the opener's clock: too far from log time it answers
   * `error`, so that a copy delayed beyond a session's life can never bring it back.
   */
  openSession: variant(41, { openedMs: f64 }),
  /** Answers `outcome` of an operation; one that was not executed by now never will be. */
  resolve: variant(42, { session: text, sequence: varint }),
  /** Sees to it that a cell begins at the key, by a split where none does. Answers `ok`. */
  border: variant(43, { at: key }),
  /** As `count` and `clear`, of the cell whose range this is exactly: how they are asked of many cells. */
  countCell: variant(44, { from: key, to: optional(key) }),
  clearCell: variant(45, { from: key, to: optional(key) }),
  /**
   * A part of a transaction over several cells, `pieces` being all of its participants that lie in the cell. Answers
   * `voted`: if that is yes, all of the part happens or none, as the transaction is settled. With `waits` it does not
   * vote while another transaction is in its way.
   */
  prepare: variant(46, { name: transactionName, pieces: list(keyRange), ...work, waits: bool }),
  /** What the cell voted, for pieces that lie in it. One that has not voted by now never votes yes. Answers `voted`. */
  inquire: variant(47, { name: transactionName, pieces: list(keyRange) }),
  /** Outcomes of which parts lie in the range: the version of what is committed, 0 where nothing is. Answers `ok`. */
  settle: variant(48, { within: keyRange, outcomes: list(record({ id: text, version: f64 })) }),
  /** All participants were told the outcomes, and with `isTold` whoever wanted to know one too. Answers `ok`. */
  forget: variant(49, { within: keyRange, over: list(record({ id: text, isTold: bool })) }),
  /**
   * Answers `changes`: those of the keys [from, to) behind a place, or none and the place of now where none is given, for as many of
   * the keys as the cell of the first one holds. With `waits` the answer comes when there are some, or after a while. With `locks`
   * reservations for writing are among them.
   */
  changes: variant(50, {
    from: key,
    to: optional(key),
    since: optional(historyPlace),
    rowsMax: varint,
    bytesMax: varint,
    waits: bool,
    locks: bool,
  }),
  /** Sees to it that no cell begins at the key: one that does is merged with the one below. Answers `ok`. */
  merge: variant(51, { at: key }),
  /** As `resolve`, asked of the cell that holds the key: the one of the session may have gone into it. */
  resolveAt: variant(52, { at: key, session: text, sequence: varint }),
  /** What the leader of the cell that holds the key is to see to. Answers `arranged` once it is so, or `declined`. */
  arrange: variant(80, { at: key, wish: arrangement }),
  ...reservationCommands,
});
export type Command = Infer<typeof command>;

/** True for commands that change no key: they need no session. */
export function isRead(asked: Command): boolean {
  switch (asked.kind) {
    case 'get':
    case 'getMany':
    case 'range':
    case 'exists':
    case 'length':
    case 'part':
    case 'lifetime':
    case 'versions':
    case 'count':
    case 'countCell':
    case 'border':
    case 'merge':
    case 'arrange':
    case 'changes':
    case 'look':
    case 'typeOf':
    case 'contents':
    case 'combine':
    case 'combineScores':
      return true;
    case 'transaction':
      return asked.commands.every(isRead);
    default:
      return false;
  }
}

/** Commands about what holds one key, whether that is there or not. */
function isOfBorder(asked: Command): asked is Extract<Command, { readonly at: Key }> {
  return asked.kind === 'border' || asked.kind === 'merge' || asked.kind === 'arrange' || asked.kind === 'resolveAt';
}

/**
 * The smallest range that holds all keys of a command: how it is routed. Undefined where it concerns no key: it goes
 * to the cell of its session.
 */
export function rangeOf(asked: Command): Range | undefined {
  if (isOfBorder(asked)) return { from: asked.at, to: keyAfter(asked.at) };
  switch (asked.kind) {
    case 'range':
    case 'countCell':
    case 'clearCell':
      return { from: asked.from, to: asked.to };
    case 'changes':
      return { from: asked.from, to: keyAfter(asked.from) };
    case 'count':
    case 'clear':
      return everything;
    case 'transaction':
    case 'prepare':
    case 'inquire':
    case 'settle':
    case 'forget':
      return rangeOfPart(asked);
    case 'openSession':
    case 'resolve':
      return undefined;
    case 'get':
    case 'length':
    case 'part':
    case 'lifetime':
    case 'put':
    case 'take':
    case 'increment':
    case 'incrementDecimal':
    case 'append':
    case 'overwrite':
    case 'setExpiry':
    case 'getAndExpire':
    case 'persist':
    case 'look':
    case 'typeOf':
    case 'contents':
    case 'edit':
    case 'replace':
    case 'reserve':
    case 'renew':
    case 'release':
      return { from: asked.key, to: keyAfter(asked.key) };
    default:
      return rangeOfKeys(keysOfSeveral(asked));
  }
}

type OfSeveral = Command & {
  readonly kind:
    | 'getMany'
    | 'exists'
    | 'versions'
    | 'delete'
    | 'putMany'
    | 'rename'
    | 'moveMember'
    | 'copy'
    | 'keepSelected'
    | 'combine'
    | 'combineInto'
    | 'combineScores'
    | 'combineScoresInto'
    | 'moveElement'
    | 'popFirst';
};

/** The keys of a command that may name more than one. */
function keysOfSeveral(asked: OfSeveral): readonly Key[] {
  if ('entries' in asked) return asked.entries.map(({ key: one }) => one);
  const named = 'keys' in asked ? asked.keys : [asked.key];
  return 'to' in asked ? [...named, asked.to] : named;
}

/** Of what belongs to a transaction. */
function rangeOfPart(
  asked: Command & { readonly kind: 'transaction' | 'prepare' | 'inquire' | 'settle' | 'forget' },
): Range | undefined {
  switch (asked.kind) {
    case 'transaction':
      return rangeOfTransaction(asked);
    case 'prepare':
    case 'inquire':
      return asked.pieces.length === 0 ? undefined : asked.pieces.reduce(hull);
    case 'settle':
    case 'forget':
      return asked.within;
  }
}

function rangeOfKeys(keys: readonly Key[]): Range | undefined {
  if (keys.length === 0) return undefined;
  let low = keys[0]!;
  let high = low;
  for (const one of keys) {
    if (one < low) low = one;
    if (one > high) high = one;
  }
  return { from: low, to: keyAfter(high) };
}

function rangeOfTransaction(asked: Command & { readonly kind: 'transaction' }): Range | undefined {
  const parts: (Range | undefined)[] = [rangeOfKeys(asked.checks.map((check) => check.key))];
  for (const { from, to } of asked.ranges) parts.push({ from, to });
  for (const one of asked.commands) parts.push(rangeOf(one));
  let whole: Range | undefined;
  for (const part of parts) if (part !== undefined) whole = whole === undefined ? part : hull(whole, part);
  return whole;
}

function hull(a: Range, b: Range): Range {
  const from = a.from < b.from ? a.from : b.from;
  if (a.to === undefined || b.to === undefined) return { from, to: undefined };
  return { from, to: a.to > b.to ? a.to : b.to };
}
