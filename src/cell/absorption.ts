import { assert, encode } from '../base/index.ts';
import {
  type CellState,
  isShelvedByKey,
  type LogPosition,
  overlaid,
  rangesOnShelf,
  rowsOnShelf,
  shelfRow,
} from '../state/index.ts';
import type { Acceptor } from './acceptor.ts';
import { noBallot } from './ballot.ts';
import { type CellConfig, rangeOfConfig } from './cellConfig.ts';
import type { Entry } from './entry.ts';
import { checkpointKey, checkpointRow } from './journalRecords.ts';
import { learnerHeardMs } from './limits.ts';
import { reach } from './milestones.ts';
import type { Replica } from './replica.ts';
import type { ReplicaContext } from './replicaContext.ts';

type Absorb = Extract<Entry, { kind: 'absorb' }>;

/** What absorbing needs of the copy of the lower cell. */
export interface AbsorptionHost {
  /** Whether the state here is whole, and nothing else is being committed of it. */
  readonly isAtRest: boolean;
  readonly isAmnesiac: boolean;
  damaged(): void;
  /** The commit is under way: nothing else is written, and nobody is given what is about to change. */
  absorbing(): void;
  /** It is on the disk: the next epoch begins. */
  absorbed(config: CellConfig, index: number): void;
}

/**
 * The member's part of a merge: it stands at the entry that absorbs until the cell above is sealed here, makes one of the two in
 * one commit, and only then enters the next epoch. So a disk holds both cells or the one that they became, and who
 * votes in the next epoch has all of it synced (CELL-20).
 */
export class Absorption {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #state: CellState;
  readonly #host: AbsorptionHost;
  #waiting: { readonly position: LogPosition; readonly entry: Absorb; readonly sinceMs: number } | undefined;
  #isUnderWay = false;

  constructor(context: ReplicaContext, acceptor: Acceptor, state: CellState, host: AbsorptionHost) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#state = state;
    this.#host = host;
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** The cell above does not come to its seal here: others may have what the two became. */
  get isStuck(): boolean {
    const { waiting, now } = { waiting: this.#waiting, now: this.#context.world.clock.monotonicMs() };
    return waiting !== undefined && !this.#isUnderWay && now - waiting.sinceMs >= learnerHeardMs;
  }

  /** The entry is chosen, and all before it is applied. */
  wait(position: LogPosition, entry: Absorb): void {
    this.#waiting ??= { position, entry, sinceMs: this.#context.world.clock.monotonicMs() };
    reach(this.#context.world.log, 'merge/3 to be absorbed');
    this.#context.flushLater();
  }

  /** The state is not here any more, or is a later one. */
  forget(): void {
    assert(!this.#isUnderWay, 'CELL-20: a state goes while it is being made one with another');
    this.#waiting = undefined;
  }

  /** Absorbs, if the cell above is ready for it. */
  tick(): void {
    const waiting = this.#waiting;
    // An amnesiac copy is not one that may be counted on: it gets what others have made of the two.
    if (waiting === undefined || this.#isUnderWay || !this.#host.isAtRest || this.#host.isAmnesiac) return;
    const upper = this.#context.neighbour(waiting.entry.upper);
    if (this.#context.isReplaced(waiting.entry.config)) return;
    if (upper === undefined || upper.isRetired || !upper.merger.comesToSeal(waiting.entry.nonce)) return;
    this.#state.examine(upper.copy.state);
    if (upper.copy.state.isDamaged) upper.damaged();
    else if (this.#state.isDamaged) this.#host.damaged();
    else this.#absorb(upper, waiting.position, waiting.entry);
  }

  #absorb(upper: Replica, position: LogPosition, { config }: Absorb): void {
    assert(this.#state.stage?.kind === 'merging', 'CELL-18: a cell absorbs another without having said so');
    assert(upper.isSealed, 'CELL-19: a cell is absorbed before its seal is chosen');
    this.#isUnderWay = true;
    this.#host.absorbing();
    upper.retire();
    const { shelves, stateRanges, world } = this.#context;
    const { cell } = config;
    const made = this.#state.unite(position, upper.copy.state);
    const shelving = overlaid(shelves.present, rangeOfConfig(upper.config), upper.copy.shelf);
    const place = { config, start: position.index + 1, promise: noBallot, accepted: noBallot };
    const checkpoint = { ...this.#acceptor.checkpoint('whole', position.index), ...place };
    const row = { key: checkpointKey(cell), value: encode(checkpointRow, checkpoint) };
    const leavings = upper.copy.rows.leavings();
    const others = stateRanges(upper.config.cell, rangeOfConfig(upper.config)).filter(
      ({ from }) => !isShelvedByKey(from),
    );
    const ticket = world.storage.commit({
      clear: [...rangesOnShelf(shelving, made.clear), ...rangesOnShelf(upper.copy.shelf, others), ...leavings.clear],
      rows: [...rowsOnShelf(shelving, made.rows), row, shelfRow(cell, shelving), ...leavings.rows],
    });
    const text = () => `cell ${cell}: absorbs cell ${upper.config.cell} (epoch ${config.epoch})`;
    world.log.note('info', 'cell', text);
    reach(world.log, 'merge/4 one cell on its way to the disk');
    this.#context.whenCommitted(ticket, () => {
      reach(world.log, 'merge/5 one cell on the disk');
      this.#isUnderWay = false;
      this.#waiting = undefined;
      shelves.change(shelving);
      this.#state.committed();
      this.#state.load(rangeOfConfig(config));
      this.#state.history = made.past;
      this.#context.absorbed(upper);
      this.#host.absorbed(config, position.index);
    });
  }
}
