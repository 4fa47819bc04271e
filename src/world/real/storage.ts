import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, failure, type Key, type Range, type Result, success } from '../../base/index.ts';
import type { Ref } from '../../component/index.ts';
import type {
  Batch,
  DiskReport,
  JournalPosition,
  Recovery,
  ReportingDisk,
  Scan,
  ScanLimit,
  Snapshot,
  Storage,
} from '../index.ts';
import { Committer } from './committer.ts';
import { type DiskFiles, platformFiles } from './diskFiles.ts';
import { type Database, EngineView, openDatabase } from './engine.ts';
import { Journal } from './journal.ts';

/** A disk of the platform: the journal in `journal/`, the engine in `state/`. */
export class RealStorage implements Storage, ReportingDisk {
  readonly #journal: Journal;
  readonly #writer: Database;
  readonly #reader: Database;
  readonly #stateFile: string;
  readonly #committer: Committer;
  #view: EngineView;
  #reports: Ref<DiskReport> | undefined;
  /** What was reported before anybody listened. */
  #unheard: DiskReport[] = [];

  private constructor(journal: Journal, stateFolder: string, report: (report: DiskReport) => void) {
    this.#journal = journal;
    this.#stateFile = join(stateFolder, 'data.mdb');
    this.#writer = openDatabase(stateFolder);
    this.#reader = openDatabase(stateFolder);
    this.#committer = new Committer(this.#writer, this.#reader, () => freeBytesOf(stateFolder), report);
    this.#view = EngineView.latest(this.#reader);
  }

  /**
   * Opens what is there and makes what is not, or says in a sentence why it cannot. `salt` is a number of this disk;
   * `files` stand for the platform's in a test.
   */
  static async open(folder: string, salt: number, files?: DiskFiles): Promise<Result<RealStorage, string>> {
    let storage: RealStorage | undefined;
    const report = (what: DiskReport): void => storage?.report(what);
    try {
      const journal = await Journal.open(files ?? (await platformFiles(join(folder, 'journal'))), salt, report);
      storage = new RealStorage(journal, join(folder, 'state'), report);
      return success(storage);
    } catch (error) {
      return failure(`${folder} cannot be opened: ${(error as Error).message}`);
    }
  }

  get end(): JournalPosition {
    return this.#journal.end;
  }

  append(record: Bytes): JournalPosition {
    return this.#journal.append(record);
  }

  trim(upTo: JournalPosition): void {
    this.#journal.trim(upTo);
  }

  recover(): Recovery {
    return this.#journal.recover();
  }

  get(key: Key): Bytes | undefined | 'damaged' {
    return this.#view.get(key);
  }

  scan(range: Range, limit: ScanLimit): Scan | 'damaged' {
    return this.#view.scan(range, limit);
  }

  scanDown(range: Range, limit: ScanLimit): Scan | 'damaged' {
    return this.#view.scanDown(range, limit);
  }

  commit(batch: Batch): number {
    return this.#committer.commit(batch);
  }

  /** A view of its own, of the state that `get` answers from: no batch is applied between an indication and the next. */
  snapshot(): Snapshot {
    return this.#view.share();
  }

  sizeBytes(): { readonly journalBytes: number; readonly engineBytes: number } {
    return { journalBytes: this.#journal.sizeBytes, engineBytes: statSync(this.#stateFile).size };
  }

  listen(reports: Ref<DiskReport>): void {
    this.#reports = reports;
    for (const report of this.#unheard.splice(0)) reports.tell(report);
  }

  reveal(): void {
    this.#view.close();
    this.#view = EngineView.latest(this.#reader);
    this.#committer.resume();
  }

  report(report: DiskReport): void {
    if (this.#reports === undefined) this.#unheard.push(report);
    else this.#reports.tell(report);
  }

  async close(): Promise<void> {
    await this.#journal.close();
    await this.#committer.close();
    this.#view.close();
    await this.#reader.close();
    await this.#writer.close();
  }
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
