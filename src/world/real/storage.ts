import { statSync } from 'node:fs';
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
  readonly #database: Database;
  readonly #stateFile: string;
  readonly #committer: Committer;
  #view: EngineView;
  #reports: Ref<DiskReport> | undefined;
  /** What was reported before anybody listened. */
  #unheard: DiskReport[] = [];

  private constructor(journal: Journal, database: Database, committer: Committer, stateFile: string) {
    this.#stateFile = stateFile;
    this.#journal = journal;
    this.#database = database;
    this.#committer = committer;
    this.#view = EngineView.latest(database);
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
      const database = openDatabase(join(folder, 'state'));
      const committer = new Committer(database, report);
      await committer.finishStaged();
      storage = new RealStorage(journal, database, committer, join(folder, 'state', 'data.mdb'));
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
    this.#view = EngineView.latest(this.#database);
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
    await this.#database.close();
  }
}
