import { type Range, Reader, Writer } from '../../base/index.ts';
import type { Batch, DiskReport } from '../index.ts';
import { checkBatch, type Database, EngineView, rowPrefix, sealRow, stagePrefix } from './engine.ts';
import { commitSliceRows, diskRetryMs } from './limits.ts';

interface Commit {
  readonly ticket: number;
  readonly batch: Batch;
}

/** One change of one row: undefined deletes it. Keys and values as the engine holds them. */
interface Change {
  readonly key: string;
  readonly sealed: Uint8Array | undefined;
}

/**
 * Brings batches into the engine, one after the other. A long one would hold up the turn in which it is handed over,
 * so it goes in slices: all slices are first staged in one synced transaction, from which on the batch has happened,
 * and then applied one by one. What is found staged at opening is applied before anything is read.
 */
export class Committer {
  readonly #database: Database;
  readonly #report: (report: DiskReport) => void;
  readonly #queue: Commit[] = [];
  #lastTicket = 0;
  #isBusy = false;
  #isFull = false;
  #isClosed = false;
  #idle: () => void = () => undefined;

  constructor(database: Database, report: (report: DiskReport) => void) {
    this.#database = database;
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
    this.#isBusy = false;
    this.#next();
    if (!this.#isBusy) this.#idle();
  }

  /** Applies what was staged, by this run or by an earlier one. */
  async finishStaged(): Promise<void> {
    const view = EngineView.latest(this.#database);
    const staged = view.staged();
    view.close();
    for (const { key, value } of staged) await this.#write([...readChanges(value), { key, sealed: undefined }]);
  }

  /** Lets the batch that is on its way end, and takes no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue.length = 0;
    if (this.#isBusy)
      await Promise.race([new Promise<void>((resolve) => (this.#idle = resolve)), this.#database.committed]);
  }

  #next(): void {
    if (this.#isBusy || this.#isClosed) return;
    const commit = this.#queue.shift();
    if (commit === undefined) return;
    this.#isBusy = true;
    void this.#run(commit);
  }

  async #run({ ticket, batch }: Commit): Promise<void> {
    for (;;) {
      try {
        await this.#apply(batch);
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

  async #apply(batch: Batch): Promise<void> {
    const { rows } = batch;
    if (batch.clear.length === 0 && rows.length <= commitSliceRows) {
      await this.#write(rows.map(({ key, value }) => ({ key: rowPrefix + key, sealed: value && sealRow(value) })));
      return;
    }
    const slices: Uint8Array[] = [];
    for await (const slice of this.#slices(batch)) slices.push(writeChanges(slice));
    await this.#write(slices.map((sealed, i) => ({ key: stageKey(i), sealed })));
    await this.finishStaged();
  }

  /** The changes of a batch in slices, with room for other turns between them. */
  async *#slices(batch: Batch): AsyncGenerator<readonly Change[]> {
    const view = EngineView.latest(this.#database);
    for (const range of batch.clear) yield* clearSlices(view, range);
    view.close();
    for (let at = 0; at < batch.rows.length; at += commitSliceRows) {
      const rows = batch.rows.slice(at, at + commitSliceRows);
      yield rows.map(({ key, value }) => ({ key: rowPrefix + key, sealed: value && sealRow(value) }));
      await breathe();
    }
  }

  async #write(changes: readonly Change[]): Promise<void> {
    const writes: Promise<boolean>[] = [];
    const batch = this.#database.batch(() => {
      for (const { key, sealed } of changes) {
        writes.push(sealed === undefined ? this.#database.remove(key) : this.#database.put(key, sealed));
      }
    });
    // Each write has a promise of its own, and one that failed unheard would end the process.
    await Promise.all([batch, ...writes]);
  }
}

async function* clearSlices(view: EngineView, { from, to }: Range): AsyncGenerator<readonly Change[]> {
  let next: string | undefined = from;
  while (next !== undefined) {
    const keys = view.keys({ from: next, to }, commitSliceRows);
    yield keys.map((key) => ({ key, sealed: undefined }));
    next = keys.length < commitSliceRows ? undefined : `${keys.at(-1)!.slice(rowPrefix.length)}\0`;
    await breathe();
  }
}

function stageKey(index: number): string {
  return stagePrefix + String(index).padStart(8, '0');
}

function writeChanges(changes: readonly Change[]): Uint8Array {
  const writer = new Writer(64 * 1024);
  for (const { key, sealed } of changes) {
    writer.u8(sealed === undefined ? 0 : 1);
    writer.key(key);
    if (sealed !== undefined) writer.bytes(sealed);
  }
  return writer.take();
}

function readChanges(bytes: Uint8Array): Change[] {
  const reader = new Reader(bytes);
  const changes: Change[] = [];
  while (reader.remaining > 0) {
    const isPut = reader.u8() === 1;
    changes.push({ key: reader.key(), sealed: isPut ? Buffer.from(reader.bytes()) : undefined });
  }
  return changes;
}

/** Lets the platform handle what waits. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
