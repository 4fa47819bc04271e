import { assert, type Bytes } from '../../base/index.ts';
import { type DiskReport, type JournalPosition, type Recovery, recordBytesMax } from '../index.ts';
import type { DiskFile, DiskFiles } from './diskFiles.ts';
import { recordHeaderBytes, writeRecord } from './journalFormat.ts';
import { type FoundJournal, findJournal, nameOfSegment, type Segment, spareName } from './journalRecovery.ts';
import { diskRetryMs, segmentBytes } from './limits.ts';

const gatherBytesFirst = 256 * 1024;

/** The file that is written to now. */
interface OpenSegment {
  readonly file: DiskFile;
  readonly start: JournalPosition;
  readonly sizeBytes: number;
}

/**
 * Records in the order of their appends, in segment files. All records that come up to a sync are one group: one
 * write, one sync; meanwhile the next group gathers.
 */
export class Journal {
  readonly #files: DiskFiles;
  readonly #salt: number;
  readonly #report: (report: DiskReport) => void;
  readonly #segments: Segment[];
  #recovery: Recovery;
  #open: OpenSegment | undefined;
  #spare: Promise<DiskFile> | undefined;
  #end: JournalPosition;
  #durable: JournalPosition;
  #gather = new Uint8Array(gatherBytesFirst);
  #gathered = 0;
  /** The buffer of the group that is being written: the two take turns. */
  #idle = new Uint8Array(gatherBytesFirst);
  #isWriting = false;
  #isFlushDue = false;
  #isFull = false;
  #hasFailed = false;

  private constructor(files: DiskFiles, salt: number, found: FoundJournal, report: (report: DiskReport) => void) {
    this.#files = files;
    this.#salt = salt;
    this.#report = report;
    this.#segments = [...found.segments];
    this.#recovery = found.recovery;
    this.#end = found.end;
    this.#durable = found.end;
  }

  /** Finds what is there; a torn end is cut off. Rejects with the platform's errors. */
  static async open(files: DiskFiles, salt: number, report: (report: DiskReport) => void): Promise<Journal> {
    const journal = new Journal(files, salt, await findJournal(files, salt), report);
    const last = journal.#segments.at(-1);
    if (last !== undefined) {
      const file = await files.open(nameOfSegment(last.start));
      journal.#open = { file, start: last.start, sizeBytes: last.sizeBytes };
    }
    return journal;
  }

  get end(): JournalPosition {
    return this.#end;
  }

  get sizeBytes(): number {
    return this.#end - (this.#segments[0]?.start ?? this.#end);
  }

  append(record: Bytes): JournalPosition {
    assert(record.length <= recordBytesMax, () => `a record of ${record.length} bytes is too long`);
    const needed = this.#gathered + recordHeaderBytes + record.length;
    if (needed > this.#gather.length) this.#growTo(needed);
    const group = this.#end - this.#gathered;
    this.#gathered = writeRecord(this.#gather, this.#gathered, group, record, this.#salt);
    this.#end = group + this.#gathered;
    this.#flushSoon();
    return this.#end;
  }

  recover(): Recovery {
    const recovery = this.#recovery;
    this.#recovery = { records: [], damagedUpTo: 0 };
    return recovery;
  }

  /** Removes the segments that end at or before the position. */
  trim(upTo: JournalPosition): void {
    while (this.#segments.length > 1 && this.#segments[1]!.start <= upTo) {
      const { start } = this.#segments.shift()!;
      this.#files.remove(nameOfSegment(start)).catch((error: Error) => this.#fail(error));
    }
  }

  /** Writes what was gathered and closes. */
  async close(): Promise<void> {
    while (!this.#hasFailed && !this.#isFull && (this.#isWriting || this.#gathered > 0)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#hasFailed = true;
    await this.#open?.file.close();
    await (await this.#spare)?.close();
  }

  #growTo(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.#gather.length * 2));
    bytes.set(this.#gather.subarray(0, this.#gathered));
    this.#gather = bytes;
  }

  /** When the turn is over: all of its records go together. */
  #flushSoon(): void {
    if (this.#isFlushDue || this.#isWriting) return;
    this.#isFlushDue = true;
    process.nextTick(() => {
      this.#isFlushDue = false;
      void this.#writeGroups();
    });
  }

  async #writeGroups(): Promise<void> {
    this.#isWriting = true;
    while (this.#gathered > 0 && !this.#hasFailed) {
      const group = this.#gather.subarray(0, this.#gathered);
      const start = this.#end - this.#gathered;
      this.#gather = this.#idle;
      this.#idle = new Uint8Array(group.buffer);
      this.#gathered = 0;
      await this.#writeGroup(start, group);
    }
    this.#isWriting = false;
  }

  /** Writes until it succeeds or fails for good. */
  async #writeGroup(start: JournalPosition, group: Bytes): Promise<void> {
    while (!this.#hasFailed) {
      try {
        const segment = await this.#segmentFor(start, group.length);
        await segment.file.write(group, start - segment.start);
        await segment.file.sync();
        break;
      } catch (error) {
        await this.#wait(error as NodeJS.ErrnoException);
      }
    }
    if (this.#hasFailed) return;
    if (this.#isFull) this.#report({ kind: 'resumed' });
    this.#isFull = false;
    this.#durable = start + group.length;
    this.#report({ kind: 'durable', upTo: this.#durable });
  }

  /** A full disk is waited for. Anything else, above all a failed sync, leaves unknown what the disk holds: it ends. */
  async #wait(error: NodeJS.ErrnoException): Promise<void> {
    if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') {
      this.#fail(error);
      return;
    }
    if (!this.#isFull) this.#report({ kind: 'full', reason: error.message });
    this.#isFull = true;
    await new Promise((resolve) => setTimeout(resolve, diskRetryMs));
  }

  #fail(error: Error): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#report({ kind: 'failed', reason: error.message });
  }

  /** The segment that takes a group: the open one, or a new one where it has no room. */
  async #segmentFor(start: JournalPosition, length: number): Promise<OpenSegment> {
    const open = this.#open;
    if (open !== undefined && start - open.start + length <= open.sizeBytes) {
      if (start - open.start > open.sizeBytes / 2) this.#prepareSpare();
      return open;
    }
    const sizeBytes = Math.max(segmentBytes, length);
    const file = await this.#takeSpare(sizeBytes);
    await this.#files.rename(spareName, nameOfSegment(start));
    await open?.file.close();
    this.#segments.push({ start, sizeBytes });
    this.#open = { file, start, sizeBytes };
    return this.#open;
  }

  #prepareSpare(): void {
    this.#spare ??= this.#files.create(spareName, segmentBytes);
    // Whoever takes it hears of its failure; nobody else need.
    this.#spare.catch(() => undefined);
  }

  async #takeSpare(sizeBytes: number): Promise<DiskFile> {
    const spare = this.#spare;
    this.#spare = undefined;
    const file = await spare;
    if (file !== undefined && sizeBytes === segmentBytes) return file;
    await file?.close();
    return this.#files.create(spareName, sizeBytes);
  }
}
