import { createReadStream, createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Exit } from './exit.ts';

/** A file that a command reads twice: first to see that it is sound, then to use it. What comes over a pipe is kept for that. */
export class FileSource {
  readonly path: string;
  /** What people call it. */
  readonly name: string;
  readonly #folder: string | undefined;

  private constructor(path: string, name: string, folder: string | undefined) {
    this.path = path;
    this.name = name;
    this.#folder = folder;
  }

  /** `-` is standard input. */
  static async open(path: string): Promise<FileSource> {
    if (path !== '-') {
      if (!existsSync(path)) throw new Exit(2, `There is no file ${path}.`);
      return new FileSource(path, path, undefined);
    }
    const folder = mkdtempSync(join(tmpdir(), 'selfman-'));
    const kept = join(folder, 'input');
    const source = new FileSource(kept, 'What came over standard input', folder);
    try {
      await pipeline(process.stdin, createWriteStream(kept));
    } catch (error) {
      source.close();
      throw new Exit(1, `Standard input could not be kept in ${tmpdir()}: ${(error as Error).message}.`);
    }
    return source;
  }

  async *chunks(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of createReadStream(this.path, { highWaterMark: 1024 * 1024 })) yield chunk as Buffer;
    } catch (error) {
      throw new Exit(1, `${this.name} cannot be read: ${(error as Error).message}.`);
    }
  }

  close(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}
