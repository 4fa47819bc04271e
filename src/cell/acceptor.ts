import { assert } from '../base/index.ts';
import { type Ballot, compareBallots, noBallot, sameBallot } from './ballot.ts';
import { type CellConfig, isMember } from './cellConfig.ts';
import { CellLog } from './cellLog.ts';
import { type Entry, keptEntry, sameEntry } from './entry.ts';
import type { CheckpointRow, JournalRecord } from './journalRecords.ts';
import type { ReplicaContext } from './replicaContext.ts';

/**
 * What one replica has promised and accepted: the part of Sequence Paxos that must survive a crash. Everything here is
 * in the journal, in the order in which it happened, and counts for others only once it is synced (CELL-1).
 */
export class Acceptor {
  readonly #context: ReplicaContext;
  readonly log: CellLog;
  #config: CellConfig;
  /** The first index of the epoch. */
  #start: number;
  #promise: Ballot;
  /** The ballot of the last `sync`: the log has all that its leader adopted. */
  #accepted: Ballot;
  #chosen: number;
  /** The end of what is synced in the accepted ballot. */
  #durableEnd = 0;
  #isPromiseDurable = true;
  readonly #votesAbove: number;
  #isReplaying = true;

  constructor(context: ReplicaContext, checkpoint: CheckpointRow) {
    this.#context = context;
    this.log = new CellLog(checkpoint.index);
    this.#config = checkpoint.config;
    this.#start = checkpoint.start;
    this.#promise = checkpoint.promise;
    this.#accepted = checkpoint.accepted;
    this.#chosen = checkpoint.index;
    this.#votesAbove = checkpoint.votesAbove;
  }

  get config(): CellConfig {
    return this.#config;
  }

  get epoch(): number {
    return this.#config.epoch;
  }

  get start(): number {
    return this.#start;
  }

  get promise(): Ballot {
    return this.#promise;
  }

  get isPromiseDurable(): boolean {
    return this.#isPromiseDurable;
  }

  get accepted(): Ballot {
    return this.#accepted;
  }

  /** The highest index known to be chosen, of those in the log. */
  get chosen(): number {
    return this.#chosen;
  }

  get durableEnd(): number {
    return this.#durableEnd;
  }

  /** Promises to accept nothing below the ballot; `then` runs when the promise is synced, if it still holds. */
  promiseTo(ballot: Ballot, then: () => void): void {
    assert(compareBallots(ballot, this.#promise) > 0, 'CELL-2: a promise is about to be lowered or made twice');
    this.#promise = ballot;
    this.#isPromiseDurable = false;
    const position = this.#context.append({ kind: 'promise', cell: this.#config.cell, epoch: this.epoch, ballot });
    const { epoch } = this;
    this.#context.whenDurable(position, () => {
      if (this.epoch !== epoch || !sameBallot(this.#promise, ballot)) return;
      this.#isPromiseDurable = true;
      then();
    });
  }

  /** Makes the log from `first` on that of the ballot's leader, at once and whole; `then` runs when it is synced. */
  sync(ballot: Ballot, first: number, entries: readonly Entry[], then: (end: number) => void): void {
    assert(sameBallot(ballot, this.#promise), 'CELL-2: a log is accepted in a ballot that was not promised');
    assert(first <= this.#chosen + 1, 'CELL-3: a log is accepted over a gap');
    const skipped = this.#chosen + 1 - first;
    const kept = entries.slice(Math.max(0, skipped)).map(keptEntry);
    const from = this.#chosen + 1;
    this.#accepted = ballot;
    this.#durableEnd = 0;
    const position = this.#context.append({
      kind: 'sync',
      cell: this.#config.cell,
      epoch: this.epoch,
      ballot,
      first: from,
      chosen: this.#chosen,
      entries: kept,
    });
    this.log.truncate(from - 1);
    for (const entry of kept) this.log.append(entry, position);
    this.#awaitDurable(position, then);
  }

  /** Appends entries of the accepted ballot behind the end; `then` runs when they are synced. */
  accept(entries: readonly Entry[], then: (end: number) => void): void {
    assert(sameBallot(this.#accepted, this.#promise), 'CELL-2: entries are accepted in a ballot that is over');
    const { epoch } = this;
    const { cell } = this.#config;
    const first = this.log.end + 1;
    const position = this.#context.append({ kind: 'accept', cell, epoch, first, chosen: this.#chosen, entries });
    for (const entry of entries) this.log.append(entry, position);
    this.#awaitDurable(position, then);
  }

  /**
   * Accepts others' word that these entries are chosen. They end at most in one stop-sign. True where any of them was
   * not in the log yet: then another ballot has decided them.
   */
  learn(first: number, entries: readonly Entry[]): boolean {
    assert(first === this.#chosen + 1, 'CELL-3: chosen entries are learned over a gap');
    let same = 0;
    while (same < entries.length && first + same <= this.log.end) {
      if (!sameEntry(this.log.get(first + same), entries[same]!)) break;
      same++;
    }
    const fresh = entries.slice(same).map(keptEntry);
    if (fresh.length > 0) this.#replace(first + same, fresh);
    this.#chosen = first + entries.length - 1;
    return fresh.length > 0;
  }

  /** Marks entries of the log as chosen. */
  choose(upTo: number): void {
    assert(upTo <= this.log.end, 'CELL-3: an entry that is not in the log is marked as chosen');
    if (upTo > this.#chosen) this.#chosen = upTo;
  }

  /** The stop-sign at the end of the log is chosen: its epoch is over and the next one begins behind it (CELL-9). */
  enter(config: CellConfig): void {
    assert(config.epoch > this.epoch, 'CELL-9: an epoch comes again');
    assert(this.#chosen === this.log.end, 'CELL-9: an entry stands behind a stop-sign');
    this.#begin(config, this.#chosen + 1);
    if (this.#isReplaying) return;
    this.#context.append({ kind: 'epoch', cell: config.cell, epoch: config.epoch, start: this.#start });
  }

  /**
   * The state of a snapshot replaces what was here up to its index. What was accepted beyond it in the same epoch still
   * counts, unless records were lost: then nothing here can be relied on.
   */
  install({ config, start, index }: CheckpointRow, isAmnesiac: boolean): void {
    if (config.epoch === this.epoch && !isAmnesiac) {
      this.log.rebase(index);
      this.#chosen = Math.max(this.#chosen, index);
      return;
    }
    this.log.reset(index);
    this.#chosen = index;
    this.#begin(config, start);
  }

  /** What was promised before synced records were lost, as far as the others can know. */
  restorePromise(promise: Ballot): void {
    this.#raise(promise);
    this.#accepted = noBallot;
    this.#durableEnd = 0;
  }

  checkpoint(status: CheckpointRow['status'], index: number): CheckpointRow {
    return {
      status,
      config: this.#config,
      start: this.#start,
      index,
      promise: this.#promise,
      accepted: this.#accepted,
      votesAbove: this.#votesAbove,
    };
  }

  /** Whether this peer is a member of the epoch. */
  isMember(): boolean {
    return isMember(this.#config, this.#context.self);
  }

  /** Whether it has a vote in it: not where an earlier replica here may have used that vote already (CELL-10). */
  hasVote(): boolean {
    return this.epoch > this.#votesAbove && this.isMember();
  }

  /** Does again what a record of the journal says; false where an earlier record is missing. */
  replay(record: JournalRecord, position: number): boolean {
    if (record.epoch < this.epoch || (record.kind === 'epoch' && record.epoch === this.epoch)) return true;
    if (record.kind === 'epoch') {
      if (record.start - 1 > this.log.end) return false;
      this.choose(record.start - 1);
      return true;
    }
    if (record.epoch !== this.epoch) return false;
    if (record.kind === 'promise') {
      this.#raise(record.ballot);
      return true;
    }
    if (record.kind === 'sync') {
      this.#raise(record.ballot);
      this.#accepted = record.ballot;
    }
    return this.#replayEntries(record, position);
  }

  /** Everything replayed is on the disk. */
  endReplay(): void {
    this.#isReplaying = false;
    this.#durableEnd = this.log.end;
  }

  #replayEntries(record: Extract<JournalRecord, { entries: readonly Entry[] }>, position: number): boolean {
    const base = this.log.first - 1;
    const { first, entries } = record;
    if (first > this.log.end + 1) return false;
    // Told by the record: the log may be longer here than it was then, where it begins at a later checkpoint.
    if (record.kind === 'learned' && record.isReplacing) this.#accepted = noBallot;
    this.log.truncate(Math.max(base, first - 1));
    entries.forEach((entry, i) => {
      if (first + i > base) this.log.append(keptEntry(entry), position);
    });
    const chosen = record.kind === 'learned' ? first + entries.length - 1 : record.chosen;
    this.choose(Math.min(chosen, this.log.end));
    return true;
  }

  #raise(ballot: Ballot): void {
    if (compareBallots(ballot, this.#promise) > 0) this.#promise = ballot;
  }

  #begin(config: CellConfig, start: number): void {
    this.#config = config;
    this.#start = start;
    this.#promise = noBallot;
    this.#accepted = noBallot;
    this.#durableEnd = 0;
    this.#isPromiseDurable = true;
  }

  /**
   * Entries that are chosen take the place of others. Nothing that was accepted there or behind can be chosen in the
   * ballot in which it was, so that vote is void.
   */
  #replace(first: number, entries: readonly Entry[]): void {
    const { epoch } = this;
    const { cell } = this.#config;
    const isReplacing = first <= this.log.end;
    if (isReplacing) this.#accepted = noBallot;
    const position = this.#context.append({ kind: 'learned', cell, epoch, first, isReplacing, entries });
    this.log.truncate(first - 1);
    for (const entry of entries) this.log.append(entry, position);
  }

  #awaitDurable(position: number, then: (end: number) => void): void {
    const { epoch, end } = { epoch: this.epoch, end: this.log.end };
    const ballot = this.#accepted;
    this.#context.whenDurable(position, () => {
      if (this.epoch !== epoch || !sameBallot(this.#accepted, ballot) || end <= this.#durableEnd) return;
      this.#durableEnd = end;
      then(end);
    });
  }
}
