import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Bytes, failure, type Key, type Range, type Result, success } from '../../base/index.ts';
import { type Database, EngineView, openDatabase } from './engine.ts';
import { type IdentityRecord, identityIn } from './folder.ts';
import { FolderLock } from './folderLock.ts';
import { type ReadJournal, readJournal } from './journalRecovery.ts';

export type OfflineJournal = ReadJournal;

/** The folder of a peer that does not run: it is read, and nothing in it is changed. */
export class OfflineFolder {
  readonly path: string;
  readonly identity: IdentityRecord;
  /** It was copied from the folder of a peer. */
  readonly isCopy: boolean;
  readonly journal: OfflineJournal;
  readonly #database: Database;
  readonly #view: EngineView;

  private constructor(
    path: string,
    identity: { readonly record: IdentityRecord; readonly isCopy: boolean },
    journal: OfflineJournal,
    database: Database,
  ) {
    this.path = path;
    this.identity = identity.record;
    this.isCopy = identity.isCopy;
    this.journal = journal;
    this.#database = database;
    this.#view = EngineView.latest(database);
  }

  /** The failure is a sentence that says what to do. */
  static async open(path: string): Promise<Result<OfflineFolder, string>> {
    const folder = resolve(path);
    if (!existsSync(folder)) return failure(`there is no folder ${folder}`);
    const holder = OfflineFolder.holder(folder);
    if (holder !== undefined) {
      return failure(`${folder} is in use by process ${holder}: stop that peer first, or ask it with selfman status`);
    }
    try {
      const identity = identityIn(folder);
      if (!identity.ok) return identity;
      if (!existsSync(join(folder, 'state/data.mdb'))) {
        const advice = 'start a new peer with an empty folder in its place, and the others give it a copy';
        return failure(`${folder} has lost its engine, the file state/data.mdb: ${advice}`);
      }
      const salt = Number.parseInt(identity.value.record.incarnation.slice(0, 8), 16);
      const journal = await readJournal(readingFiles(join(folder, 'journal')), salt);
      const database = openDatabase(join(folder, 'state'), { readOnly: true });
      return success(new OfflineFolder(folder, identity.value, journal, database));
    } catch (error) {
      return failure(`${folder} cannot be read: ${(error as Error).message}`);
    }
  }

  /** The process that has a folder open. */
  static holder(folder: string): number | undefined {
    return FolderLock.holder(folder);
  }

  get(key: Key): Bytes | undefined | 'damaged' {
    return this.#view.get(key);
  }

  /** Rows of the engine in order, also those whose checksum does not fit. */
  rows(range: Range): Generator<{ readonly key: Key; readonly value: Bytes | 'damaged' }> {
    return this.#view.rows(range);
  }

  async close(): Promise<void> {
    this.#view.close();
    await this.#database.close();
  }
}

function readingFiles(folder: string) {
  return {
    list: async () => (existsSync(folder) ? readdir(folder) : []),
    read: async (name: string) => new Uint8Array(await readFile(join(folder, name))),
  };
}
