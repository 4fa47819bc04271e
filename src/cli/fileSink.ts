import { existsSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { Exit } from './exit.ts';

/**
 * Where a command writes what it makes: standard output, or a file. A file appears under its name when it is whole and
 * synced; until then it has `.part` behind its name.
 */
export class FileSink {
  readonly #path: string;
  readonly #file: FileHandle | undefined;

  private constructor(path: string, file: FileHandle | undefined) {
    this.#path = path;
    this.#file = file;
  }

  /** `-` is standard output. */
  static async open(path: string): Promise<FileSink> {
    if (path === '-') return new FileSink(path, undefined);
    if (existsSync(path)) throw new Exit(2, `${path} is there already: remove it, or name another file.`);
    try {
      return new FileSink(path, await open(`${path}.part`, 'w'));
    } catch (error) {
      throw new Exit(1, `${path} cannot be written: ${(error as Error).message}.`);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#file === undefined) return writeOut(bytes);
    try {
      await this.#file.write(bytes);
    } catch (error) {
      throw new Exit(1, `${this.#path} cannot be written: ${(error as Error).message}.`);
    }
  }

  /** Everything is there: the file gets its name. */
  async finish(): Promise<void> {
    if (this.#file === undefined) return;
    await this.#file.sync();
    await this.#file.close();
    await rename(`${this.#path}.part`, this.#path);
  }

  async abandon(): Promise<void> {
    await this.#file?.close();
    if (this.#file !== undefined) await rm(`${this.#path}.part`, { force: true });
  }
}

function writeOut(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => {
      if (error) reject(new Exit(1, `Standard output cannot be written: ${error.message}.`));
      else resolve();
    });
  });
}
