import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { failure, type Result, success } from '../base/index.ts';
import { escapeText, guarded } from '../guard/index.ts';
import { checkTrialRepeats, type RunOptions, simulate, type Trial, type TrialReport } from '../simulator/index.ts';

/** A trial of somebody's own program, whatever is asked of it and answered. */
export type AnyTrial = Trial<unknown, unknown>;
/** What one run of such a trial came to. */
export type AnyTrialReport = TrialReport<unknown, unknown>;
/** What of it can be sent from thread to thread, whatever a call or an answer is. */
export type Verdict = Omit<AnyTrialReport, 'exchanges'>;

/** One seed of the trial in a file to run. */
export interface TrialJob {
  readonly file: string;
  readonly seed: number;
  /** Whether it is run twice, to see that the same comes of it. */
  readonly isRepeated: boolean;
}

/** The trial that a module exports by the name `trial`, or why there is none. */
export async function loadTrial(file: string): Promise<Result<AnyTrial, string>> {
  if (!existsSync(file)) return failure(`There is no file ${file}: name the module that exports the trial.`);
  const module = await importOf(file);
  if (!module.ok) return module;
  const { trial } = module.value as { readonly trial?: Partial<AnyTrial> };
  const isTrial = typeof trial?.name === 'string' && typeof trial.peers === 'number' && Array.isArray(trial.checks);
  if (!isTrial || trial.program === undefined || trial.course === undefined) {
    return failure(`${file} exports no trial: write export const trial = { name, peers, program, course, checks }.`);
  }
  return success(trial as AnyTrial);
}

async function importOf(file: string): Promise<Result<unknown, string>> {
  try {
    return success((await import(pathToFileURL(resolve(file)).href)) as unknown);
  } catch (thrown) {
    return failure(`${file} cannot be loaded: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
  }
}

/** Runs one seed, and counts among its violations what reached out of the simulation, or did not repeat. */
export function runTrial(trial: AnyTrial, { seed, isRepeated }: TrialJob, options: RunOptions = {}): AnyTrialReport {
  const report = judged(() => simulate(trial, seed, options));
  return isRepeated ? { ...report, violations: [...report.violations, ...checkTrialRepeats(trial, report)] } : report;
}

/** What came of a run, with what reached out of it. */
export function judged(run: () => AnyTrialReport): AnyTrialReport {
  const { result, escapes } = guarded(run);
  return { ...result, violations: [...escapes.map(escapeText), ...result.violations] };
}
