import { assert, type Bytes, encode, type Range, unreachable } from '../base/index.ts';
import {
  type AppliedGroup,
  type CellRow,
  type CellState,
  type LogPosition,
  rangesOnShelf,
  rowsOnShelf,
  type Shelving,
} from '../state/index.ts';
import type { Address, JournalPosition } from '../world/index.ts';
import { Absorption, type AbsorptionHost } from './absorption.ts';
import type { Acceptor } from './acceptor.ts';
import { noBallot } from './ballot.ts';
import { CatchUp, type CatchUpHost } from './catchUp.ts';
import { type CellConfig, rangeOfConfig } from './cellConfig.ts';
import type { MessageOf } from './cellMessages.ts';
import { Checkpointer } from './checkpointer.ts';
import { Children } from './children.ts';
import type { CopyHost } from './copyHost.ts';
import { CopyRows } from './copyRows.ts';
import { type Entry, endsEpoch } from './entry.ts';
import { Feeder } from './feeder.ts';
import { type CheckpointRow, checkpointKey, checkpointRow, type JournalRecord } from './journalRecords.ts';
import { walkedKeysMax } from './limits.ts';
import { type Milestone, reach } from './milestones.ts';
import { Recovery } from './recovery.ts';
import type { ReplicaContext } from './replicaContext.ts';
import { Scrubber } from './scrubber.ts';

/** The state that a replica holds, how it keeps up with the log, and whether it can be relied upon. */
export class Copy implements AbsorptionHost, CatchUpHost {
  readonly #context: ReplicaContext;
  readonly #acceptor: Acceptor;
  readonly #host: CopyHost;
  readonly state: CellState;
  readonly feeder: Feeder;
  readonly catchUp: CatchUp;
  readonly checkpointer: Checkpointer;
  readonly scrubber: Scrubber;
  readonly absorption: Absorption;
  readonly rows: CopyRows;
  /** What splits have made of this copy and is not on the disk yet. */
  readonly children: Children;
  readonly #recovery: Recovery;
  /** False while there are no rows here that can be relied upon. */
  #hasState: boolean;
  /** Synced records were lost: what was promised is not known. */
  #isAmnesiac: boolean;
  #isReplaying = true;
  /** Up to where the journal was done when the rows were whole for the last time: from there on it is replayed. */
  #wholeUpTo: number;

  constructor(
    context: ReplicaContext,
    acceptor: Acceptor,
    state: CellState,
    { status, index }: CheckpointRow,
    host: CopyHost,
  ) {
    this.#context = context;
    this.#acceptor = acceptor;
    this.#host = host;
    this.state = state;
    this.#hasState = status === 'whole';
    this.#isAmnesiac = status === 'damaged';
    this.#wholeUpTo = index;
    this.rows = new CopyRows(context, acceptor);
    this.feeder = new Feeder(context, acceptor);
    this.catchUp = new CatchUp(context, this);
    this.absorption = new Absorption(context, acceptor, state, this);
    this.#recovery = new Recovery(context, acceptor);
    this.children = new Children(context);
    this.scrubber = new Scrubber(context, acceptor, this);
    this.checkpointer = new Checkpointer(context, acceptor, state, this.children, () => this.feeder.pinnedIndex);
  }

  get cell(): string {
    return this.config.cell;
  }

  get config(): CellConfig {
    return this.#acceptor.config;
  }

  /** The epoch of the state that is here, 0 where there is none: what `fetch` says. */
  get epoch(): number {
    return this.#hasState && !this.absorption.isStuck ? this.#acceptor.epoch : 0;
  }

  /** Up to there everything that is chosen is applied, or about to be. */
  get chosen(): number {
    if (!this.#hasState) return 0;
    return this.absorption.isWaiting ? this.state.applied.index : this.#acceptor.chosen;
  }

  /** The log is over, as far as this copy goes. */
  get isSealed(): boolean {
    return this.#hasState && this.state.stage?.kind === 'sealed';
  }

  /** The epoch is over, as far as this copy goes, and the next one has not begun here: who asks about it is told. */
  get isOver(): boolean {
    return this.isSealed || this.absorption.isWaiting;
  }

  /** Whether the state is whole, and nothing of it is being committed. */
  get isAtRest(): boolean {
    const isWhole = this.#hasState && !this.#isReplaying && !this.state.isDamaged;
    const isBusy = this.checkpointer.isUnderWay || this.children.configs.length > 0 || this.catchUp.isInstalling;
    return isWhole && !isBusy;
  }

  get hasState(): boolean {
    return this.#hasState;
  }

  get isAmnesiac(): boolean {
    return this.#isAmnesiac;
  }

  /** Whether what is here may count in the epoch: 'afresh' means that a leader must give its whole log first. */
  get mayVote(): 'yes' | 'afresh' | 'no' {
    if (this.#isReplaying || !this.#hasState || !this.#acceptor.hasVote() || this.isOver) return 'no';
    if (!this.#isAmnesiac) return 'yes';
    return this.#recovery.isDone ? 'afresh' : 'no';
  }

  /** Whoever is about to have a later state votes, but does not lead: others need not wait for it. */
  get mayLead(): boolean {
    return this.mayVote === 'yes' && !this.catchUp.isInstalling;
  }

  /** Does again what a record of the journal says; false where an earlier record is missing. */
  replay(record: JournalRecord, position: JournalPosition): boolean {
    this.checkpointer.countFrom(position);
    if (!this.#acceptor.replay(record, position)) return false;
    this.advance();
    return true;
  }

  /** Begins to take part. `isDamaged` where the journal lost records that were synced. */
  begin(isDamaged: boolean): void {
    this.#isReplaying = false;
    this.#acceptor.endReplay();
    this.#host.begins(this.#acceptor.promise);
    this.rows.sweep();
    if (isDamaged || this.state.isDamaged) this.damaged();
  }

  /** Records or rows that were synced are gone: nothing here counts until others have given it back (CELL-10). */
  damaged(): void {
    if (this.#isAmnesiac && !this.#hasState) return;
    this.#context.world.log.note('error', 'cell', () => `cell ${this.cell}: data here is damaged, fetching it again`);
    this.#isAmnesiac = true;
    this.#loseState();
    this.#recovery.forget();
    const row = this.#acceptor.checkpoint('damaged', this.#wholeUpTo);
    const rows = [{ key: checkpointKey(this.cell), value: encode(checkpointRow, row) }];
    this.children.commit([], rows, () => undefined);
  }

  choose(upTo: number): void {
    if (!this.#hasState || upTo <= this.#acceptor.chosen) return;
    this.#acceptor.choose(upTo);
    this.advance();
  }

  /** Applies what is chosen, in order. */
  advance(): void {
    this.catchUp.passed(this.chosen);
    while (this.#hasState && !this.absorption.isWaiting && this.state.applied.index < this.#acceptor.chosen) {
      const index = this.state.applied.index + 1;
      const entry = this.#acceptor.log.get(index);
      const position = { epoch: this.#acceptor.epoch, index };
      switch (entry.kind) {
        case 'batch': {
          const groups = this.#apply(position, entry.batch);
          if (this.state.isDamaged && !this.#isReplaying) return this.damaged();
          if (index === this.scrubber.wantedIndex) this.scrubber.reached();
          this.#host.applied(index, groups);
          break;
        }
        case 'stopSign':
          this.state.skip(position);
          this.#reach('members/3 applied');
          this.#enter(entry.config);
          this.#reach('members/4 in the next epoch');
          break;
        case 'split':
          if (!this.#split(position, entry)) return;
          break;
        case 'merging':
          this.state.skip(position, { kind: 'merging', upper: entry.upper, upperEpoch: entry.upperEpoch });
          this.#reach('merge/1 said');
          this.#enter(entry.config);
          break;
        case 'seal':
          this.state.skip(position, { ...entry, kind: 'sealed' });
          this.#reach('merge/2 sealed');
          this.scrubber.letGo();
          this.#host.sealed();
          break;
        case 'absorb':
          this.#host.absorbs();
          this.absorption.wait(position, entry);
          break;
        default:
          unreachable(entry);
      }
    }
    this.#host.flushLater();
  }

  #apply(position: LogPosition, batch: Bytes): readonly AppliedGroup[] {
    const { votes, undecided } = this.state.transactions;
    const groups = this.state.apply(position, batch);
    const after = this.state.transactions;
    if (this.#isReplaying) return groups;
    if (after.votes > votes) this.#reach('commit/2 a vote is applied');
    if (after.undecided < undecided) this.#reach('commit/5 an outcome is applied');
    return groups;
  }

  #reach(milestone: Milestone): void {
    if (!this.#isReplaying) reach(this.#context.world.log, milestone);
  }

  learn(first: number, entries: readonly Entry[]): void {
    // What stands behind is of another epoch, which begins when the cell above is absorbed.
    if (this.absorption.isWaiting) return;
    let from = 0;
    for (let i = 0; i < entries.length; i++) {
      // An epoch ends with its stop-sign, and what comes behind belongs to the next.
      if (!endsEpoch(entries[i]!) && i < entries.length - 1) continue;
      if (this.#acceptor.learn(first + from, entries.slice(from, i + 1))) this.#host.overtaken();
      this.advance();
      from = i + 1;
      if (!this.#hasState || this.absorption.isWaiting) return;
    }
  }

  /** The whole log of a ballot, at least as high as all that was promised, is synced: everything is known again. */
  synced(): void {
    // More damage may have shown while that log was on its way to the disk: then nothing here is whole.
    if (!this.#isAmnesiac || !this.#hasState || this.checkpointer.isUnderWay) return;
    this.#isAmnesiac = false;
    this.#recovery.forget();
    this.checkpointer.take();
  }

  beginInstall(): CheckpointRow | undefined {
    this.#host.withdrawn();
    if (this.#hasState) return undefined;
    return this.#acceptor.checkpoint(this.#isAmnesiac ? 'damaged' : 'installing', this.#wholeUpTo);
  }

  /** The shelf on which the state is. */
  get shelf(): Shelving {
    return this.#context.shelves.present;
  }

  /** Takes away all that is here, but for a mark. */
  remove(epoch: number, then: () => void): void {
    this.#reach('members/5 let go');
    const { clear, rows } = this.rows.removal(epoch);
    this.children.commit(clear, rows, () => {
      this.#reach('members/6 cleared away');
      then();
    });
  }

  absorbing(): void {
    this.checkpointer.hold();
    this.close();
  }

  absorbed(config: CellConfig, index: number): void {
    this.checkpointer.installed(index, true);
    this.#enter(config);
    this.#context.trimJournal();
    this.advance();
  }

  /** Where there is no state already, what half of a snapshot has applied says nothing of the journal. */
  #loseState(): void {
    if (this.#hasState) this.#wholeUpTo = this.state.applied.index;
    this.#hasState = false;
    this.close();
    this.#host.withdrawn();
  }

  /** Lets go of all that others were to be told of these rows. */
  close(): void {
    this.feeder.close();
    this.scrubber.letGo();
  }

  afterInstall(snapshot: CheckpointRow): CheckpointRow {
    this.#loseState();
    const status = this.#isAmnesiac ? 'damaged' : 'whole';
    const stillCounts = snapshot.config.epoch === this.#acceptor.epoch && !this.#isAmnesiac;
    const { promise, accepted } = stillCounts ? this.#acceptor : { promise: noBallot, accepted: noBallot };
    const { votesAbove } = this.#acceptor.checkpoint(status, snapshot.index);
    return { ...snapshot, status, promise, accepted, votesAbove };
  }

  /** What was split off, and waits, is whole, and nothing of it comes with the snapshot. */
  commitInstalled(clear: readonly Range[], rows: readonly CellRow[], then: () => void): void {
    this.children.commit(clear, rows, then);
  }

  installed(checkpoint: CheckpointRow): void {
    this.absorption.forget();
    this.#acceptor.install(checkpoint, this.#isAmnesiac);
    this.state.load(rangeOfConfig(checkpoint.config));
    this.#hasState = true;
    this.checkpointer.installed(checkpoint.index);
    this.#recovery.forget();
    this.#host.begins(this.#acceptor.promise);
    this.#context.trimJournal();
    this.advance();
  }

  /** `other` is whom to ask where the source keeps silent. */
  tick(other: Address | undefined): void {
    this.feeder.tick();
    this.scrubber.tick();
    this.catchUp.tick(other);
    this.absorption.tick();
    if (this.absorption.isUnderWay) return;
    if (this.#hasState && !this.state.isDamaged) this.#count();
    if (this.#isAmnesiac && this.#hasState && this.#acceptor.isMember()) this.#recovery.ask();
  }

  #count(): void {
    this.state.countSome(walkedKeysMax);
    if (this.state.isDamaged) this.damaged();
  }

  /** At the end of a turn. */
  flush(): void {
    this.absorption.tick();
    if (this.#hasState && !this.#isAmnesiac) this.checkpointer.maybe();
  }

  onRecover(to: Address, message: MessageOf<'recover'>): void {
    if (this.mayVote === 'yes') this.#recovery.answer(to, message);
  }

  onRecovered(message: MessageOf<'recovered'>): void {
    const promise = this.#recovery.take(message);
    if (promise !== undefined) this.#host.begins(promise);
  }

  /** The upper part becomes a cell of its own. False where the state turned out to be damaged. */
  #split(position: LogPosition, { lower, upper }: Extract<Entry, { kind: 'split' }>): boolean {
    assert(this.state.stage === undefined, 'CELL-18: a cell splits in the middle of a merge');
    assert(position.index <= this.#acceptor.chosen, 'CELL-13: a split is acted on before it is chosen');
    assert(lower.to === upper.from && lower.from < upper.from, 'CELL-13: the parts of a split leave a gap, or overlap');
    const made = this.state.split(position, { cell: upper.cell, from: upper.from });
    if (this.state.isDamaged && !this.#isReplaying) {
      this.damaged();
      return false;
    }
    this.#reach('split/2 applied');
    const { timeMs, version } = this.state;
    const shelf = this.#context.shelves.present;
    const parts = { shelf, clear: rangesOnShelf(shelf, made.clear), rows: rowsOnShelf(shelf, made.rows) };
    this.children.add(upper, position.index, {
      ...parts,
      leads: this.#host.isLeading,
      timeMs,
      version,
      past: made.past,
    });
    this.#enter(lower);
    return true;
  }

  #enter(config: CellConfig): void {
    this.#host.leaving();
    this.scrubber.letGo();
    this.#acceptor.enter(config);
    this.#recovery.forget();
    this.#host.entered();
  }
}
