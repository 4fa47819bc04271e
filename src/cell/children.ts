import { encode, type Range } from '../base/index.ts';
import { type CellRow, type History, type Shelving, shelfRow } from '../state/index.ts';
import { noBallot } from './ballot.ts';
import type { CellConfig } from './cellConfig.ts';
import { type CheckpointRow, checkpointKey, checkpointRow } from './journalRecords.ts';
import { type Milestone, reach } from './milestones.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** A cell that a split has made, as far as it is on this peer: what it begins with, and its rows. */
export interface Child {
  readonly checkpoint: CheckpointRow;
  /** Where its rows are: where those of the cell were that was split. */
  readonly shelf: Shelving;
  readonly clear: readonly Range[];
  readonly rows: readonly CellRow[];
  /** The leader of the cell that was split leads both parts, if it can. */
  readonly leads: boolean;
  /** Log time and version of the cell when it was split: this one goes on from there. */
  readonly timeMs: number;
  readonly version: number;
  /** What the cell remembers of its last changes to the keys of this one. */
  readonly past: History;
}

/**
 * What splits have made of one replica and is not in the engine yet. It goes there in one commit with the next
 * checkpoint of the cell that was split, and only then does its replica begin: a disk never holds one without the other,
 * nor both with the keys of the upper part (CELL-14).
 */
export class Children {
  readonly #context: ReplicaContext;
  #waiting: Child[] = [];
  /** Those that are being committed. */
  readonly #underWay = new Set<Child>();

  constructor(context: ReplicaContext) {
    this.#context = context;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Of all that have not begun. */
  get configs(): readonly CellConfig[] {
    return [...this.#waiting, ...this.#underWay].map(({ checkpoint }) => checkpoint.config);
  }

  /** A split was applied at the index. */
  add(config: CellConfig, index: number, parts: Omit<Child, 'checkpoint'>): void {
    // It may have been here once, and have gone, before this replica lost what it had and begins anew (CELL-10).
    const votesAbove = this.#context.votesAbove(config.cell);
    const place = { start: index + 1, index, promise: noBallot, accepted: noBallot, votesAbove };
    this.#waiting.push({ ...parts, checkpoint: { status: 'whole', config, ...place } });
  }

  #reach(milestone: Milestone): void {
    reach(this.#context.world.log, milestone);
  }

  /** Commits ranges and rows, the checkpoint of the cell that was split among them, and with them all that waits. */
  commit(clear: readonly Range[], rows: readonly CellRow[], then: () => void): void {
    const children = this.#waiting;
    this.#waiting = [];
    for (const child of children) this.#underWay.add(child);
    const ticket = this.#context.world.storage.commit({
      clear: [...clear, ...children.flatMap((child) => child.clear)],
      rows: [...rows, ...children.flatMap(rowsOf)],
    });
    if (children.length > 0) this.#reach('split/3 both parts on their way to the disk');
    this.#context.whenCommitted(ticket, () => {
      if (children.length > 0) this.#reach('split/4 both parts on the disk');
      for (const child of children) {
        this.#underWay.delete(child);
        this.#context.beget(child);
      }
      if (children.length > 0) this.#reach('split/5 the upper part begins');
      then();
    });
  }
}

function rowsOf({ checkpoint, shelf, rows }: Child): CellRow[] {
  const { cell } = checkpoint.config;
  return [...rows, { key: checkpointKey(cell), value: encode(checkpointRow, checkpoint) }, shelfRow(cell, shelf)];
}
