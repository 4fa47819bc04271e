import type { Batch, DiskReport } from '../index.ts';
import { checkBatch, type Database, EngineView, rowPrefix, sealRow } from './engine.ts';
import { commitSliceRows, diskRetryMs } from './limits.ts';

interface Commit {
  readonly ticket: number;
  readonly batch: Batch;
}

/**
 * Brings batches into the engine, one after the other. It writes through a handle of its own: reads through the same
 * one would see a long batch half done, because that is written in slices, with other turns between them.
 */
export class Committer {
  readonly #writer: Database;
  readonly #reader: Database;
  readonly #report: (report: DiskReport) => void;
  readonly #queue: Commit[] = [];
  #lastTicket = 0;
  /** The batch that is on its way, up to its indication. */
  #running: Promise<void> | undefined;
  #isFull = false;
  #isClosed = false;

  constructor(writer: Database, reader: Database, report: (report: DiskReport) => void) {
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
    for (;;) {
      try {
        await this.#write(batch);
        break;
      } catch (error) {
        if (!(await this.#mayRetry(error as Error))) return;
      }
    }
    if (this.#isFull) this.#report({ kind: 'resumed' });
    this.#isFull = false;
    this.#report({ kind: 'committed', ticket });
  }

  async #mayRetry(error: Error & { readonly code?: number | string }): Promise<boolean> {
    const isNoSpace = error.code === 28 || error.code === 'ENOSPC' || /no space/i.test(error.message);
    if (!isNoSpace) {
      this.#report({ kind: 'failed', reason: `the engine: ${error.message}` });
      return false;
    }
    if (!this.#isFull) this.#report({ kind: 'full', reason: error.message });
    this.#isFull = true;
    await new Promise((resolve) => setTimeout(resolve, diskRetryMs));
    return !this.#isClosed;
  }

  #write(batch: Batch): Promise<unknown> {
    if (batch.clear.length > 0 || batch.rows.length > commitSliceRows) {
      return this.#writer.transaction(() => this.#writeInSlices(batch));
    }
    const writes: Promise<boolean>[] = [];
    const whole = this.#writer.batch(() => {
      for (const row of batch.rows) writes.push(this.#put(row));
    });
    // Each write has a promise of its own, and one that failed unheard would end the process.
    return Promise.all([whole, ...writes]);
  }

  /** Runs within a transaction, where writes happen at once. */
  async #writeInSlices({ clear, rows }: Batch): Promise<void> {
    const view = EngineView.latest(this.#reader);
    for (const { from, to } of clear) {
      let next: string | undefined = from;
      while (next !== undefined) {
        const keys = view.keys({ from: next, to }, commitSliceRows);
        for (const key of keys) this.#writer.remove(key);
        next = keys.length < commitSliceRows ? undefined : `${keys.at(-1)!.slice(rowPrefix.length)}\0`;
        await breathe();
      }
    }
    view.close();
    for (let at = 0; at < rows.length; at += commitSliceRows) {
      for (const row of rows.slice(at, at + commitSliceRows)) this.#put(row);
      await breathe();
    }
  }

  #put({ key, value }: Batch['rows'][number]): Promise<boolean> {
    if (value === undefined) return this.#writer.remove(rowPrefix + key);
    return this.#writer.put(rowPrefix + key, sealRow(value));
  }
}

/** Lets the platform handle what waits. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
