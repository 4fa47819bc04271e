import type { Range } from '../../base/index.ts';
import type { Batch, DiskReport } from '../index.ts';
import { checkBatch, type Database, EngineView, rowPrefix, sealRow } from './engine.ts';
import { commitSliceRows, diskRetryMs } from './limits.ts';

interface Commit {
  readonly ticket: number;
  readonly batch: Batch;
}

/** The engine's error for a batch: why the commit failed comes later. */
interface CommitError extends Error {
  readonly commitError?: Promise<never>;
}

/** With less than this free a disk counts as full: the engine rewrites whole pages, and others write beside it. */
const spareBytes = 1024 * 1024;

/**
 * Brings batches into the engine, one after the other. It writes through a handle of its own: reads through the same
 * one would see a long batch half done, because that is written in slices, with other turns between them.
 */
export class Committer {
  readonly #writer: Database;
  readonly #reader: Database;
  readonly #freeBytes: () => Promise<number>;
  readonly #report: (report: DiskReport) => void;
  readonly #queue: Commit[] = [];
  #lastTicket = 0;
  /** The batch that is on its way, up to its indication. */
  #running: Promise<void> | undefined;
  #isFull = false;
  #isClosed = false;

  /** `freeBytes` says how much room the disk has. */
  constructor(
    writer: Database,
    reader: Database,
    freeBytes: () => Promise<number>,
    report: (report: DiskReport) => void,
  ) {
    this.#freeBytes = freeBytes;
    this.#writer = writer;
    this.#reader = reader;
    this.#report = report;
  }

  commit(batch: Batch): number {
    checkBatch(batch);
    this.#queue.push({ ticket: ++this.#lastTicket, batch });
    this.#next();
    return this.#lastTicket;
  }

  /** The batch was indicated: the next may go, and reads will not see it before its own turn. */
  resume(): void {
    this.#running = undefined;
    this.#next();
  }

  /** Lets the batch that is on its way end, and takes no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue.length = 0;
    await this.#running;
  }

  #next(): void {
    if (this.#running !== undefined || this.#isClosed) return;
    const commit = this.#queue.shift();
    if (commit !== undefined) this.#running = this.#run(commit);
  }

  async #run({ ticket, batch }: Commit): Promise<void> {
    do {
      if (!(await this.#awaitRoom(batch))) return;
    } while (!(await this.#attempt(batch)));
    if (this.#isFull) this.#report({ kind: 'resumed' });
    this.#isFull = false;
    this.#report({ kind: 'committed', ticket });
  }

  /** The engine takes a full disk badly and says so loudly: a batch is not begun before there is room for it. */
  async #awaitRoom(batch: Batch): Promise<boolean> {
    while (!this.#isClosed) {
      if (await this.#hasRoom(batch)) return true;
      if (!this.#isFull) this.#report({ kind: 'full', reason: 'the engine has no room' });
      this.#isFull = true;
      await new Promise((resolve) => setTimeout(resolve, diskRetryMs));
    }
    return false;
  }

  /**
   * A batch that failed changed nothing. The engine calls a full disk by several names, some of which are those of a
   * broken one: what is free tells the two apart. False where it is worth another try.
   */
  async #attempt(batch: Batch): Promise<boolean> {
    try {
      await this.#writer.childTransaction(() => this.#write(batch));
      return true;
    } catch (error) {
      // Heard in any case: a rejection that nobody hears would end the process.
      const cause = await (error as CommitError).commitError?.catch((reason: Error) => reason);
      if (!(await this.#hasRoom(batch))) return false;
      this.#isClosed = true;
      this.#report({ kind: 'failed', reason: `the engine: ${(cause ?? (error as Error)).message}` });
      return false;
    }
  }

  async #hasRoom(batch: Batch): Promise<boolean> {
    return (await this.#freeBytes()) > sizeOf(batch) * 4 + spareBytes;
  }

  /** Runs within a transaction, where writes happen at once. */
  async #write({ clear, rows }: Batch): Promise<void> {
    if (clear.length > 0) await this.#clear(clear);
    for (let at = 0; at < rows.length; at += commitSliceRows) {
      if (at > 0) await breathe();
      const end = Math.min(rows.length, at + commitSliceRows);
      for (let i = at; i < end; i++) this.#put(rows[i]!);
    }
  }

  async #clear(ranges: readonly Range[]): Promise<void> {
    const view = EngineView.latest(this.#reader);
    for (const { from, to } of ranges) {
      let next: string | undefined = from;
      while (next !== undefined) {
        const keys = view.keys({ from: next, to }, commitSliceRows);
        for (const key of keys) this.#writer.remove(key);
        next = keys.length < commitSliceRows ? undefined : `${keys.at(-1)!.slice(rowPrefix.length)}\0`;
        if (next !== undefined) await breathe();
      }
    }
    view.close();
  }

  #put({ key, value }: Batch['rows'][number]): void {
    if (value === undefined) this.#writer.remove(rowPrefix + key);
    else this.#writer.put(rowPrefix + key, sealRow(value));
  }
}

function sizeOf(batch: Batch): number {
  return batch.rows.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0);
}

/** Lets the platform handle what waits. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
