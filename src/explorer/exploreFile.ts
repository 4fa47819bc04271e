import { fileURLToPath } from 'node:url';
import { type Result, success } from '../base/index.ts';
import { type Exploration, type ExploreOptions, repeatEverySeeds } from '../simulator/index.ts';
import { loadTrial, type TrialJob, type Verdict } from './trialJob.ts';
import { overWorkers } from './workers.ts';

/** What came of many seeds over many threads; what was asked and answered stays in them. */
export type FileExploration = Omit<Exploration<unknown, unknown>, 'failures'> & {
  /** Reports of the seeds that failed, the lowest seed first. */
  readonly failures: readonly Verdict[];
};

/** Which seeds are run, over how many threads, and when to stop. */
export interface ExploreFileOptions extends ExploreOptions {
  /** One for each core where it is left out. */
  readonly threads?: number;
  readonly onProgress?: (done: number, failed: number) => void;
}

/**
 * Runs many seeds of the trial that a module exports as `trial`, over worker threads, each of which loads the module. As
 * `explore`, but for which seeds still run when the last failure was found. What reaches out of the simulation is a
 * violation too. Fails where there is no such trial; rejects where a thread dies.
 */
export async function exploreFile(
  module: URL | string,
  { seed, seeds, failuresMax = 1, threads, onProgress = () => {} }: ExploreFileOptions,
): Promise<Result<FileExploration, string>> {
  const file = module instanceof URL ? fileURLToPath(module) : module;
  const trial = await loadTrial(file);
  if (!trial.ok) return trial;
  const jobs = Array.from({ length: seeds }, (_, i): TrialJob => {
    return { file, seed: seed + i, isRepeated: i % repeatEverySeeds === 0 };
  });
  const verdicts: Verdict[] = [];
  let failed = 0;
  const crew = {
    file: new URL('./trialWorker.js', import.meta.url),
    isEnough: () => failed >= failuresMax,
    ...(threads === undefined ? {} : { threads }),
  };
  await overWorkers<TrialJob, Verdict>(crew, jobs, (verdict) => {
    verdicts.push(verdict);
    if (verdict.violations.length > 0) failed++;
    onProgress(verdicts.length, failed);
  });
  return success(summed(verdicts));
}

function summed(verdicts: readonly Verdict[]): FileExploration {
  const bySeed = [...verdicts].sort((a, b) => a.seed - b.seed);
  const coverage: Record<string, number> = {};
  for (const one of bySeed) {
    for (const [name, count] of Object.entries(one.coverage)) coverage[name] = (coverage[name] ?? 0) + count;
  }
  return {
    seeds: verdicts.length,
    failures: bySeed.filter(({ violations }) => violations.length > 0),
    coverage,
    simulatedMs: bySeed.reduce((sum, { simulatedMs }) => sum + simulatedMs, 0),
  };
}
