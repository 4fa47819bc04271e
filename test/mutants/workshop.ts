import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Mutant } from './mutants.ts';

/** Text of a file in `src/`, and what takes its place. */
export type Mutation = Pick<Mutant, 'name' | 'file' | 'find' | 'replace'>;

const run = promisify(execFile);
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const compiler = join(root, 'node_modules/typescript/bin/tsc');
const emit = ['--composite', 'false', '--incremental', 'false', '--declaration', 'false', '--sourceMap', 'false'];
const huntMsMax = 300_000;

/** What a hunt came to: the seeds that it ran, and what the last of them violated, if it did. */
export interface Hunt {
  readonly seeds: number;
  readonly violation?: string;
}

/** What shrinking the first seed that failed came to. */
export interface Shrinking {
  readonly violation: string;
  readonly steps: number;
  readonly runs: number;
  readonly traceHash: string;
  /** Where the script is. */
  readonly file: string;
}

export interface Replay {
  readonly violations: readonly string[];
  readonly traceHash: string;
}

/** A temporary folder with a build of the pure rooms as they are, and one for every mutant. */
export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'selfman-mutants-'));
  readonly #unmutated = new Map<string, Promise<Hunt>>();

  /** Builds what is not mutated, which every mutant shares but for one file. */
  async open(): Promise<void> {
    const project = join(root, 'tsconfig.pure.json');
    await this.#compile('-p', project, '--noCheck', ...emit, '--outDir', this.#dist('unmutated'));
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Builds the mutant: everything as it is, and its file with the mutation, compiled alone. */
  async make(mutant: Mutation): Promise<void> {
    const { name, file } = mutant;
    const mutated = mutate(mutant, readFileSync(join(root, 'src', file), 'utf8'));
    const source = join(this.#folder, `${name} source`);
    mkdirSync(dirname(join(source, file)), { recursive: true });
    writeFileSync(join(source, file), mutated);
    cpSync(this.#dist('unmutated'), this.#dist(name), { recursive: true });
    const alone = ['--ignoreConfig', '--noCheck', '--noResolve', '--verbatimModuleSyntax', '--types', ''];
    const form = ['--rewriteRelativeImportExtensions', '--module', 'esnext', '--target', 'es2023', '--lib', 'es2023'];
    const place = ['--rootDir', source, '--outDir', this.#dist(name), join(source, file)];
    await this.#compile(...alone, ...form, ...place);
  }

  /** Runs seeds on a build ('unmutated', or the name of a mutant) until one is violated. */
  async hunt(build: string, scenario: string, firstSeed: number, seeds: number): Promise<Hunt> {
    return (await this.#run('hunt.mjs', [this.#dist(build), scenario, String(firstSeed), String(seeds)])) as Hunt;
  }

  /** What the right protocol violates with one of these seeds: nothing, it is hoped. Mutants share seeds, which are run once. */
  async huntUnmutated(scenario: string, firstSeed: number, seeds: number): Promise<string | undefined> {
    const all = Array.from({ length: seeds }, (_, i) => firstSeed + i);
    for (const seed of all) {
      const name = `${scenario} ${seed}`;
      if (!this.#unmutated.has(name)) this.#unmutated.set(name, this.hunt('unmutated', scenario, seed, 1));
      const { violation } = await this.#unmutated.get(name)!;
      if (violation !== undefined) return `seed ${seed}: ${violation}`;
    }
    return undefined;
  }

  /** Tells a story about membership on a build, with seeds from 1 on, until one is violated. */
  async tell(build: string, story: string, seeds: number): Promise<Hunt> {
    return (await this.#run('membershipHunt.mjs', [this.#dist(build), story, String(seeds)])) as Hunt;
  }

  /** Looks for a seed that a build violates, and shrinks it to the fewest steps. */
  async shrink(build: string, scenario: string, firstSeed: number, seeds: number): Promise<Shrinking> {
    const file = join(this.#folder, `${build} script.json`);
    const words = [this.#dist(build), scenario, String(firstSeed), String(seeds), file];
    return { ...((await this.#run('shrink.mjs', words)) as Omit<Shrinking, 'file'>), file };
  }

  /** Runs a script on a build. */
  async replay(build: string, file: string): Promise<Replay> {
    return (await this.#run('replay.mjs', [this.#dist(build), file])) as Replay;
  }

  async #run(script: string, words: readonly string[]): Promise<unknown> {
    const all = [join(root, 'test/mutants', script), ...words];
    const { stdout } = await run(process.execPath, all, { timeout: huntMsMax, maxBuffer: 64 * 1024 * 1024 });
    return JSON.parse(stdout);
  }

  /** What has no `package.json` above it is taken for a module by its syntax only in later versions of Node. */
  #dist(build: string): string {
    const folder = join(this.#folder, build);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
    return folder;
  }

  async #compile(...words: readonly string[]): Promise<void> {
    await run(process.execPath, [compiler, ...words], { cwd: root });
  }
}

/** The source with the mutation; throws where its place is not there exactly once. */
export function mutate({ name, file, find, replace }: Mutation, source: string): string {
  const matches = source.split(find).length - 1;
  if (matches !== 1) throw new Error(`mutant "${name}" matches ${matches} times in src/${file}, not once`);
  return source.replace(find, () => replace);
}
