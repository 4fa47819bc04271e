import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Mutation, mutate } from './workshop.ts';

const run = promisify(execFile);
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const msMax = 120_000;

/** A copy of the source and its tests, in which one file at a time is wrong. */
export class Sandbox {
  readonly #folder = mkdtempSync(join(tmpdir(), 'selfman-sandbox-'));
  /** Stories that hold where nothing is wrong. */
  readonly #held = new Map<string, Promise<boolean>>();

  open(): void {
    for (const part of ['src', 'test', 'package.json', 'vitest.config.ts']) {
      cpSync(join(root, part), join(this.#folder, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Whether the tests of a file in `src/` all pass, with a mutation where one is given. */
  async holds(story: string, mutation?: Mutation): Promise<boolean> {
    if (mutation !== undefined) return this.#wrong(story, mutation);
    if (!this.#held.has(story)) this.#held.set(story, this.#run(story));
    return this.#held.get(story)!;
  }

  async #wrong(story: string, mutation: Mutation): Promise<boolean> {
    const file = join(this.#folder, 'src', mutation.file);
    const right = readFileSync(file, 'utf8');
    writeFileSync(file, mutate(mutation, right));
    try {
      return await this.#run(story);
    } finally {
      writeFileSync(file, right);
    }
  }

  /** Exit code 1 says that a test failed; anything else is no verdict. */
  async #run(story: string): Promise<boolean> {
    const words = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'unit', join('src', story)];
    return run(process.execPath, words, { cwd: this.#folder, timeout: msMax }).then(
      () => true,
      (error: { readonly code?: unknown; readonly stdout?: string }) => {
        if (error.code !== 1 || !error.stdout?.includes('Tests ')) throw error;
        return false;
      },
    );
  }
}
