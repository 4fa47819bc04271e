import { assert, copyBytes, encode, type Key, must, parse, type Range } from '../base/index.ts';
import type { PeerId } from '../overlay/index.ts';
import { type CellRow, rangesOnShelf, rowsOnShelf, type Shelving, shelfRow } from '../state/index.ts';
import type { Address } from '../world/index.ts';
import { type CellConfig, isWithin, rangeOfConfig } from './cellConfig.ts';
import type { MessageOf, ReplicaMessage } from './cellMessages.ts';
import type { CopyRows } from './copyRows.ts';
import type { Entry } from './entry.ts';
import { type CheckpointRow, checkpointKey, checkpointRow } from './journalRecords.ts';
import { chunksInFlightMax, lonePullsMax, pullsMax, resendMs, tickMs } from './limits.ts';
import { type Milestone, reach } from './milestones.ts';
import type { ReplicaContext } from './replicaContext.ts';

/** What catching up needs of the replica. */
export interface CatchUpHost {
  readonly cell: string;
  readonly config: CellConfig;
  /** The epoch of the state that is here, 0 where there is none. */
  readonly epoch: number;
  readonly chosen: number;
  readonly hasState: boolean;
  learn(first: number, entries: readonly Entry[]): void;
  /** A snapshot begins to come in: what marks it on a disk that has no state of the cell yet. */
  beginInstall(): CheckpointRow | undefined;
  /**
   * The rows here are about to be replaced: the replica answers and votes no more until `installed`. What is to be
   * written: the snapshot's place with this replica's promise, where that still counts.
   */
  afterInstall(checkpoint: CheckpointRow): CheckpointRow;
  commitInstalled(clear: readonly Range[], rows: readonly CellRow[], then: () => void): void;
  installed(checkpoint: CheckpointRow): void;
  /** Where the rows of the state lie, by the configuration that is known here. */
  readonly rows: CopyRows;
}

interface Install {
  readonly source: Address;
  readonly transfer: number;
  readonly checkpoint: CheckpointRow;
  /** Where its rows come in. */
  readonly shelving: Shelving;
  readonly ranges: readonly Range[];
  range: number;
  after: Key;
  /** The pull that is not answered yet was sent then; undefined while commits hold the next one back. */
  pulledMs: number | undefined;
  commits: number;
  isComplete: boolean;
}

/** Fetches what this replica lacks of what others know as chosen: entries, or a snapshot of the state, in chunks. */
export class CatchUp {
  readonly #context: ReplicaContext;
  readonly #host: CatchUpHost;
  #source: Address | undefined;
  #askedMs: number | undefined;
  #waitsSinceMs = 0;
  #install: Install | undefined;
  #retries = 0;
  snapshotsInstalled = 0;

  constructor(context: ReplicaContext, host: CatchUpHost) {
    this.#context = context;
    this.#host = host;
  }

  get isInstalling(): boolean {
    return this.#install !== undefined;
  }

  /** What the cell is to be here once the snapshot is whole. */
  get incoming(): CellConfig | undefined {
    return this.#install?.checkpoint.config;
  }

  /** Since when what this replica asks has not been answered. */
  get waitsSinceMs(): number | undefined {
    return this.#askedMs === undefined ? undefined : this.#waitsSinceMs;
  }

  /**
   * Asks there, unless an answer is awaited already. Another source is asked soon: the first may be gone for good, and
   * whoever offers news has them.
   */
  fetch(source: Address): void {
    if (this.#install !== undefined) return;
    const patienceMs = source === this.#source ? resendMs : tickMs;
    if (this.#askedMs !== undefined && this.#now() - this.#askedMs < patienceMs) return;
    this.#source = source;
    if (this.#askedMs === undefined) this.#waitsSinceMs = this.#now();
    this.#askedMs = this.#now();
    const { chosen } = this.#host;
    this.#tell(source, { ...this.#header(), kind: 'fetch', chosen });
  }

  onChosen(from: Address, { first, entries }: MessageOf<'chosen'>): void {
    if (this.#install !== undefined) return;
    this.#askedMs = undefined;
    const known = this.#host.chosen;
    const skipped = known + 1 - first;
    if (skipped >= 0 && skipped < entries.length) this.#host.learn(known + 1, entries.slice(skipped));
    // What was learned may not be all: the next answer has more, or the log of the ballot, or nothing.
    if (this.#host.chosen > known) this.fetch(from);
  }

  onSnapshot(from: Address, { transfer, checkpoint: bytes }: MessageOf<'snapshot'>): void {
    if (this.#install !== undefined) return;
    const parsed = parse(checkpointRow, copyBytes(bytes));
    if (!parsed.ok || (this.#host.hasState && parsed.value.index <= this.#host.chosen)) return;
    const checkpoint = parsed.value;
    // From before a split that is known here, and whose upper part may be here by itself: somebody will have a later one.
    const { epoch } = this.#host.config;
    if (!isWithin(checkpoint.config, this.#host.config) && checkpoint.config.epoch <= epoch) return;
    const shelving = this.#context.roomFor(checkpoint.config);
    if (shelving === undefined) return;
    this.#askedMs = undefined;
    const ranges = this.#context.stateRanges(this.#host.cell, rangeOfConfig(checkpoint.config));
    const install = { source: from, transfer, checkpoint, shelving, ranges, range: 0, after: '', commits: 0 };
    this.#install = { ...install, pulledMs: undefined, isComplete: false };
    const mark = this.#host.beginInstall();
    const rows =
      mark === undefined ? [] : [{ key: checkpointKey(mark.config.cell), value: encode(checkpointRow, mark) }];
    // It comes in beside what is here, where an earlier one may have been left half done (CELL-16).
    this.#commit(this.#install, rangesOnShelf(shelving, ranges), rows);
    this.#pull(this.#install);
    this.#reach('snapshot/1 offered');
  }

  onRows(from: Address, message: MessageOf<'rows'>): void {
    const install = this.#install;
    if (install === undefined || install.source !== from || install.transfer !== message.transfer) return;
    if (message.range !== install.range || message.after !== install.after || install.pulledMs === undefined) return;
    install.pulledMs = undefined;
    const rows = message.rows.map(({ key, value }) => ({ key, value: copyBytes(value) }));
    if (rows.length > 0) this.#commit(install, [], rowsOnShelf(install.shelving, rows));
    if (message.more && rows.length > 0) {
      install.after = must(rows.at(-1), 'there are rows').key;
    } else {
      install.range++;
      install.after = '';
    }
    this.#reach('snapshot/2 rows came');
    this.#proceed(install);
  }

  /** The source dropped the snapshot: begin again, from whoever answers. */
  onExpired(from: Address, { transfer }: MessageOf<'expired'>): void {
    if (this.#install?.source !== from || this.#install.transfer !== transfer || this.#install.isComplete) return;
    this.#abandon(this.#install);
    this.fetch(from);
  }

  /** Everything up to there is known here: a snapshot of less is not wanted any more. */
  passed(chosen: number): void {
    const install = this.#install;
    if (install !== undefined && !install.isComplete && install.checkpoint.index <= chosen) this.#abandon(install);
  }

  /** Asks again what was not answered; `other` is a source to turn to where the last one keeps silent. */
  tick(other: Address | undefined): void {
    const now = this.#now();
    const install = this.#install;
    if (install !== undefined) {
      if (install.pulledMs !== undefined && now - install.pulledMs >= resendMs) this.#retry(install, other);
      return;
    }
    const source = other ?? this.#source;
    if (this.#askedMs !== undefined && now - this.#askedMs >= resendMs && source !== undefined) this.fetch(source);
  }

  /**
   * Another source is asked soon. Where there is none the same one is, until it must have dropped the snapshot: it may be another
   * peer by now, at the same address, that has no copy and so says nothing.
   */
  #retry(install: Install, other: Address | undefined): void {
    this.#retries++;
    const isAlone = other === undefined || other === install.source;
    if (this.#retries < (isAlone ? lonePullsMax : pullsMax)) return this.#pull(install);
    this.#abandon(install);
    this.fetch(other ?? install.source);
  }

  #abandon(install: Install): void {
    this.#install = undefined;
    this.#askedMs = undefined;
    this.#context.world.storage.commit({ clear: rangesOnShelf(install.shelving, install.ranges), rows: [] });
  }

  #proceed(install: Install): void {
    this.#retries = 0;
    if (install.range < install.ranges.length) {
      if (install.commits < chunksInFlightMax && install.pulledMs === undefined) this.#pull(install);
    } else if (install.commits === 0 && !install.isComplete) {
      install.isComplete = true;
      this.#complete(install);
    }
  }

  #pull(install: Install): void {
    install.pulledMs = this.#now();
    const { transfer, range, after } = install;
    this.#tell(install.source, { ...this.#header(), kind: 'pull', transfer, range, after });
  }

  #commit(install: Install, clear: readonly Range[], rows: readonly CellRow[]): void {
    install.commits++;
    const ticket = this.#context.world.storage.commit({ clear, rows });
    this.#context.whenCommitted(ticket, () => {
      install.commits--;
      if (this.#install === install) this.#proceed(install);
    });
  }

  /** What is here and what came change places, in one commit: a disk has the one or the other, whole. */
  #complete(install: Install): void {
    assert(install.range === install.ranges.length, 'CELL-16: a state is given up for a snapshot that is not complete');
    this.#reach('snapshot/3 complete');
    const { shelves } = this.#context;
    const { shelving } = install;
    // Cells that this one has absorbed go in the same commit: until then a disk has them, and from then on this.
    const displaced = this.#context.displacedBy(install.checkpoint.config);
    if (displaced === undefined) return this.#abandon(install);
    const row = this.#host.afterInstall(install.checkpoint);
    const { cell } = row.config;
    const rows: CellRow[] = [{ key: checkpointKey(cell), value: encode(checkpointRow, row) }, shelfRow(cell, shelving)];
    const clear = [...this.#host.rows.on(shelves.present)];
    for (const replica of displaced) {
      replica.retire();
      const { clear: ranges, rows: marks } = replica.copy.rows.remains();
      clear.push(...ranges);
      rows.push(...marks);
    }
    this.#host.commitInstalled(clear, rows, () => {
      this.#install = undefined;
      this.snapshotsInstalled++;
      shelves.change(shelving);
      for (const replica of displaced) this.#context.absorbed(replica);
      this.#host.installed(row);
      this.#reach('snapshot/4 in place');
      this.fetch(install.source);
    });
  }

  #reach(milestone: Milestone): void {
    reach(this.#context.world.log, milestone);
  }

  #tell(to: Address, message: ReplicaMessage): void {
    this.#context.reply(to, message);
  }

  #header(): { cell: string; epoch: number; from: PeerId } {
    const { cell, epoch } = this.#host;
    return { cell, epoch, from: this.#context.self };
  }

  #now(): number {
    return this.#context.world.clock.monotonicMs();
  }
}
