import type { Bytes, Key, Range } from '../base/index.ts';
import type { Command, TransactionName } from '../command/index.ts';
import type { Row } from '../world/index.ts';
import type { Demand } from './demand.ts';
import type { History } from './history.ts';
import type { Stage } from './stage.ts';
import type { Union } from './stateUnion.ts';
import type { TransactionFigures } from './transactionFigures.ts';

/** A place in the log of a cell: the epoch of its configuration, and the index, which goes on over epochs. */
export interface LogPosition {
  readonly epoch: number;
  readonly index: number;
}

/** A cell that takes over the keys from `from` on. */
export interface SplitOff {
  readonly cell: string;
  readonly from: Key;
}

/** A row for a commit; undefined deletes. */
export interface CellRow {
  readonly key: Key;
  readonly value: Bytes | undefined;
}

/** An encoded answer, or what it needs first: see `read`. */
export type ReadResult = Bytes | 'needs time' | 'needs leader' | 'needs change' | 'damaged';

/** What one group of a batch came to: results in the order of its operations, each an encoded `OperationResult`. */
export interface AppliedGroup {
  readonly session: string;
  readonly results: readonly { readonly sequence: number; readonly result: Bytes }[];
}

/**
 * The replicated state of one cell: what its log, applied in order, amounts to. It is deterministic: the same entries
 * give the same rows and the same results on every replica. It keeps what changed since the last checkpoint in memory
 * and finds the rest in the storage engine.
 */
export interface CellState {
  /** The position up to which entries are applied. */
  readonly applied: LogPosition;
  /** The log time of the last batch applied, in milliseconds since 1970. */
  readonly timeMs: number;
  /** The version of the last operation: every later one has a higher. */
  readonly version: number;
  /** Live keys, and the bytes of keys and values: behind a split, of those that are counted by now. */
  readonly size: { readonly keys: number; readonly bytes: number };
  readonly transactions: TransactionFigures;
  /** The state of which this one tells, where it does. */
  readonly itself: CellState;
  readonly stage: Stage | undefined;
  /** Whether all keys are counted. */
  readonly isCounted: boolean;
  /** What is asked here. */
  readonly demand: Demand;
  /** What has changed lately. A cell that was split off goes on from what the other one remembers. */
  history: History;
  /** True once a row was found damaged: the replica must fetch the state from another member before it votes. */
  readonly isDamaged: boolean;

  /** Applies an encoded batch (see operation.ts). Malformed bytes are a bug of the leader: it asserts. */
  apply(position: LogPosition, batch: Bytes): readonly AppliedGroup[];
  /** Moves past an entry that changes no row: a stop-sign, behind which the cell is in that stage. */
  skip(position: LogPosition, now?: Stage): void;
  /**
   * Looks whether nothing is damaged that `unite` needs of the two: then `isDamaged` says so of the one that is.
   */
  examine(upper: CellState): void;
  /**
   * Moves past a stop-sign behind which this cell holds what another does, whose log is over, and nothing of the two is
   * used until the rows and ranges are committed and the state is loaded anew.
   */
  unite(position: LogPosition, upper: CellState): Union;
  /** What a sealed cell answers to a group that came too late: nothing more is executed. Undefined where it cannot be read. */
  closing(group: Bytes): AppliedGroup | undefined;
  /**
   * Moves past a stop-sign behind which this cell holds only the keys below `upper.from`. What is returned gives another
   * cell the rest: its keys, log time and the version floor, as rows for one commit. Until it is done the engine may have
   * those rows in an older form. Sessions stay: the name of each says that it belongs to this cell (CELL-15).
   */
  split(
    position: LogPosition,
    upper: SplitOff,
  ): { readonly clear: readonly Range[]; readonly rows: readonly CellRow[]; readonly past: History };
  /** Answers `changes`, without waiting, as an encoded `OperationResult`. */
  changes(asked: Command & { readonly kind: 'changes' }): Bytes;
  /**
   * Answers an encoded command that only reads, as an encoded `OperationResult`. `nowMs` is the leader's clock: where
   * an answer would be *nil by expiry* that no log time has confirmed yet it is 'needs time': propose a batch, wait
   * until it is applied, ask again. 'needs leader' is the answer to `border` where no cell begins at its key yet, to
   * `merge` where one does, and to `arrange`; 'needs change' that to `changes` which waits for one.
   */
  read(command: Bytes, nowMs: number): ReadResult;
  /** Keys from `from` on in their order, at most so many, each with its bytes and those of its value. */
  walk(from: Key, keysMax: number): readonly (readonly [Key, number])[];
  /** Counts some of the keys that a split has left uncounted. */
  countSome(keysMax: number): void;
  /** Whether transactions over several cells are decided that this cell has voted for by that log time. */
  isDecidedUpTo(timeMs: number): boolean;
  /** Transactions over several cells that somebody should finish: undecided, or known, for too long by that clock. */
  overdue(nowMs: number): readonly TransactionName[];
  /** The earliest moment at which a key expires, so that an idle leader can propose the batch that removes it. */
  nextExpiryMs(): number | undefined;

  /** Bytes of memory held for changes since the last checkpoint (those that are being committed included). */
  readonly pendingBytes: number;
  /**
   * Freezes what changed since the last freeze: rows for `Storage.commit` (undefined deletes), `applied` among them,
   * so that state, position and sessions are one atomic checkpoint. Reads go on to see the frozen rows.
   * One at a time: `committed` must be called before the next freeze.
   */
  freeze(): { readonly clear: readonly Range[]; readonly rows: readonly CellRow[] };
  /** The frozen rows are in the engine: memory may forget them. */
  committed(): void;
  /** Forgets memory and loads what the engine holds of the range: at start, and after a snapshot was installed. */
  load(range: Range): void;
}

/** Where the rows of a cell's state lie in the engine: what a snapshot of the cell carries. */
export type StateRanges = (cell: string, range: Range) => readonly Range[];

export type { Row };
