import { assert, type Bytes, type Key, type Random, type Range } from '../../base/index.ts';
import type { Ref } from '../../component/index.ts';
import {
  type Batch,
  type DiskReport,
  type JournalPosition,
  type JournalRecord,
  type Recovery,
  type ReportingDisk,
  recordBytesMax,
  rowKeyBytesMax,
  type Scan,
  type ScanLimit,
  type Snapshot,
  type Storage,
} from '../index.ts';
import { recordOverheadBytes, type SimulatedDisk } from './disk.ts';
import { diskRetryMs } from './limits.ts';

/** How long the disk takes: a sync, and a commit of the engine. Both vary by as much again. */
const syncMs = 0.3;
const commitMs = 1;

interface Commit {
  readonly ticket: number;
  readonly batch: Batch;
}

/** What a disk's run needs of its host: to be called later, and a seeded choice. */
export interface StorageHost {
  readonly random: Random;
  schedule(delayMs: number, run: () => void): void;
  note(topic: string, text: () => string): void;
}

/** One run's view of a disk: what it appended and committed reaches the disk with delay, and not all of it in a crash. */
export class SimulatedStorage implements Storage, ReportingDisk {
  readonly #disk: SimulatedDisk;
  readonly #host: StorageHost;
  #reports: Ref<DiskReport> | undefined;
  #end: JournalPosition;
  /** Appended in this turn, or while a sync was on its way. */
  #gathered: JournalRecord[] = [];
  #syncing: JournalRecord[] = [];
  #committing: Commit[] = [];
  /** On the disk, but not yet indicated. */
  #committed: Commit[] = [];
  #lastTicket = 0;
  #isRecovered = false;
  #isFlushDue = false;
  #isCommitDue = false;
  #isFull = false;
  #hasFailed = false;
  /** The peer ended, perhaps in the middle of a turn: what the rest of it does reaches no disk. */
  #hasEnded = false;

  constructor(disk: SimulatedDisk, host: StorageHost) {
    this.#disk = disk;
    this.#host = host;
    this.#end = disk.end;
  }

  get end(): JournalPosition {
    return this.#end;
  }

  append(record: Bytes): JournalPosition {
    assert(record.length <= recordBytesMax, () => `a record of ${record.length} bytes is too long`);
    this.#end += record.length + recordOverheadBytes;
    this.#gathered.push({ position: this.#end, bytes: record });
    this.#flushSoon(0);
    return this.#end;
  }

  trim(upTo: JournalPosition): void {
    if (!this.#hasEnded) this.#disk.trim(upTo);
  }

  recover(): Recovery {
    if (this.#isRecovered) return { records: [], damagedUpTo: 0 };
    this.#isRecovered = true;
    return this.#disk.read();
  }

  get(key: Key): Bytes | undefined | 'damaged' {
    return this.#disk.engine.get(key);
  }

  scan(range: Range, limit: ScanLimit): Scan | 'damaged' {
    return this.#disk.engine.scan(range, limit);
  }

  scanDown(range: Range, limit: ScanLimit): Scan | 'damaged' {
    return this.#disk.engine.scanDown(range, limit);
  }

  commit(batch: Batch): number {
    for (const { key } of batch.rows) {
      assert(key.length <= rowKeyBytesMax, () => `the key of a row has ${key.length} bytes: too long`);
    }
    this.#committing.push({ ticket: ++this.#lastTicket, batch });
    this.#commitSoon(this.#duration(commitMs));
    return this.#lastTicket;
  }

  snapshot(): Snapshot {
    return this.#disk.engine.snapshot();
  }

  sizeBytes(): { readonly journalBytes: number; readonly engineBytes: number } {
    return { journalBytes: this.#disk.journalBytes, engineBytes: this.#disk.engine.sizeBytes };
  }

  listen(reports: Ref<DiskReport>): void {
    this.#reports = reports;
  }

  reveal(ticket: number): void {
    while (!this.#hasEnded && this.#committed[0] !== undefined && this.#committed[0].ticket <= ticket) {
      this.#disk.engine.apply(this.#committed.shift()!.batch);
    }
  }

  /** The process died, but what it had written the disk still gets. */
  endWithProcess(): void {
    this.#disk.keep(this.#syncing);
    this.#settle(this.#committing.splice(0, this.#host.random.below(2)));
  }

  /** The power failed: of what was on its way a part was kept, up to a record that is torn. */
  endWithPower(): void {
    const kept = this.#host.random.below(this.#syncing.length + 1);
    this.#disk.keep(this.#syncing.slice(0, kept));
    const lost = this.#syncing.length - kept + this.#gathered.length;
    if (lost > 0) {
      this.#disk.tornWrites++;
      this.#host.note('disk', () => `${lost} records were not synced and are lost`);
    }
    this.#settle(this.#committing.slice(0, this.#host.random.below(2)));
  }

  #settle(kept: readonly Commit[]): void {
    this.#hasEnded = true;
    for (const { batch } of [...this.#committed, ...kept]) this.#disk.engine.apply(batch);
  }

  #flushSoon(delayMs: number): void {
    if (this.#isFlushDue || this.#syncing.length > 0) return;
    this.#isFlushDue = true;
    this.#host.schedule(delayMs, () => this.#flush());
  }

  #flush(): void {
    this.#isFlushDue = false;
    if (this.#hasFailed || this.#gathered.length === 0) return;
    if (!this.#hasRoom()) return this.#flushSoon(diskRetryMs);
    this.#syncing = this.#gathered;
    this.#gathered = [];
    this.#host.schedule(this.#duration(syncMs), () => this.#finishSync());
  }

  #finishSync(): void {
    if (this.#mustFail()) return;
    this.#disk.keep(this.#syncing);
    const upTo = this.#disk.end;
    this.#syncing = [];
    this.#report({ kind: 'durable', upTo });
    if (this.#gathered.length > 0) this.#flushSoon(0);
  }

  #commitSoon(delayMs: number): void {
    if (this.#isCommitDue) return;
    this.#isCommitDue = true;
    this.#host.schedule(delayMs, () => this.#finishCommit());
  }

  #finishCommit(): void {
    this.#isCommitDue = false;
    if (!this.#hasRoom()) return this.#commitSoon(diskRetryMs);
    if (this.#mustFail()) return;
    const commit = this.#committing.shift()!;
    this.#committed.push(commit);
    this.#report({ kind: 'committed', ticket: commit.ticket });
    if (this.#committing.length > 0) this.#commitSoon(this.#duration(commitMs));
  }

  #hasRoom(): boolean {
    const { isFull } = this.#disk;
    if (isFull !== this.#isFull) {
      this.#isFull = isFull;
      this.#report(isFull ? { kind: 'full', reason: 'the disk is full' } : { kind: 'resumed' });
    }
    return !isFull;
  }

  #mustFail(): boolean {
    if (!this.#disk.doSyncsFail && !this.#hasFailed) return false;
    if (!this.#hasFailed) this.#report({ kind: 'failed', reason: 'a sync failed' });
    this.#hasFailed = true;
    return true;
  }

  #report(report: DiskReport): void {
    this.#host.note('disk', () => (report.kind === 'durable' ? `durable up to ${report.upTo}` : report.kind));
    this.#reports?.tell(report);
  }

  #duration(meanMs: number): number {
    return meanMs * (0.5 + this.#host.random.fraction()) * this.#disk.slowness;
  }
}
