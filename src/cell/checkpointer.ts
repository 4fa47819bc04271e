import { encode } from '../base/index.ts';
import { type CellState, rangesOnShelf, rowsOnShelf } from '../state/index.ts';
import type { JournalPosition } from '../world/index.ts';
import type { Acceptor } from './acceptor.ts';
import type { Children } from './children.ts';
import { checkpointKey, checkpointRow } from './journalRecords.ts';
import { reach } from './milestones.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** Told when a checkpoint is in the engine: its log time and its index. */
type Demanded = (timeMs: number, index: number) => void;

/**
 * Moves the state of a cell into the engine now and then: rows, position, promise and configuration in one batch, and
 * only behind it may the journal be trimmed (CELL-11).
 */
export class Checkpointer {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #state: CellState;
  readonly #children: Children;
  #isUnderWay = false;
  /** The log is kept from the checkpoint before the last on: a follower that was away for a moment needs no snapshot. */
  #index: number;
  #trimmable: JournalPosition = 0;
  #lastEnd: JournalPosition;
  /** Where the log must not be forgotten from, because a snapshot of that index is being fetched. */
  readonly #pinnedIndex: () => number;
  taken = 0;
  /** Who waits for a checkpoint of all that is applied when it is asked for. */
  #demands: Demanded[] = [];

  constructor(
    context: ReplicaContext,
    acceptor: Acceptor,
    state: CellState,
    children: Children,
    pinnedIndex: () => number,
  ) {
    this.#context = context;
    this.#pinnedIndex = pinnedIndex;
    this.#acceptor = acceptor;
    this.#state = state;
    this.#children = children;
    this.#index = state.applied.index;
    this.#lastEnd = context.world.storage.end;
  }

  /** The position up to which this replica needs no journal. */
  get trimmable(): JournalPosition {
    return this.#trimmable;
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** What was replayed counts as well: its first record ends there. */
  countFrom(position: JournalPosition): void {
    this.#lastEnd = Math.min(this.#lastEnd, position);
  }

  /** Takes a checkpoint if enough was written since the last. */
  maybe(): void {
    if (this.#isUnderWay || this.#state.isDamaged) return;
    const { end } = this.#context.world.storage;
    const { checkpointBytes } = this.#context.policy;
    if (!this.#children.isEmpty || this.#demands.length > 0) return this.take();
    if (end - this.#lastEnd >= checkpointBytes || this.#state.pendingBytes >= checkpointBytes) this.take();
  }

  /** Takes a checkpoint as soon as it can, at the end of this turn or behind the one that is under way. */
  demand(then: Demanded): void {
    this.#demands.push(then);
    this.#context.flushLater();
  }

  /** Something else is being committed of the state: no checkpoint is taken until `installed`. */
  hold(): void {
    this.#isUnderWay = true;
  }

  /** The rows were replaced: by those of a snapshot, or by what two cells became. */
  installed(index: number, wasHeld = false): void {
    if (wasHeld) this.#isUnderWay = false;
    this.#index = index;
    const { end } = this.#context.world.storage;
    this.#lastEnd = end;
    this.#trimmable = this.#acceptor.log.trimPosition(index, end);
  }

  /** Takes a checkpoint of a state that is whole. */
  take(): void {
    const { end } = this.#context.world.storage;
    const { applied, timeMs } = this.#state;
    const { index } = applied;
    const demands = this.#demands.splice(0);
    const { clear, rows } = this.#state.freeze();
    const checkpoint = this.#acceptor.checkpoint('whole', index);
    const row = { key: checkpointKey(checkpoint.config.cell), value: encode(checkpointRow, checkpoint) };
    const trimmable = this.#acceptor.log.trimPosition(index, end);
    this.#isUnderWay = true;
    this.#lastEnd = end;
    const { present } = this.#context.shelves;
    const { log } = this.#context.world;
    this.#children.commit(rangesOnShelf(present, clear), [...rowsOnShelf(present, rows), row], () => {
      reach(log, 'checkpoint/2 on the disk');
      this.#isUnderWay = false;
      this.taken++;
      this.#state.committed();
      this.#trimmable = trimmable;
      this.#acceptor.log.forget(Math.min(this.#index, this.#pinnedIndex()));
      this.#index = index;
      this.#context.trimJournal();
      reach(log, 'checkpoint/3 the journal is trimmed');
      for (const demanded of demands) demanded(timeMs, index);
      if (this.#demands.length > 0) this.#context.flushLater();
    });
    reach(log, 'checkpoint/1 on its way to the disk');
  }
}
