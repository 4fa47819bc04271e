import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { escapeText, guarded } from '../guard/index.ts';
import { checkTrialRepeats, type RunOptions, simulate, type Trial, type TrialReport } from '../simulator/index.ts';
import { Exit } from './exit.ts';

/** A trial of somebody's own program, whatever is asked of it and answered. */
export type AnyTrial = Trial<unknown, unknown>;
export type AnyTrialReport = TrialReport<unknown, unknown>;

/** One seed of the trial in a file to run. */
export interface TrialJob {
  readonly file: string;
  readonly seed: number;
  /** Whether it is run twice, to see that the same comes of it. */
  readonly isRepeated: boolean;
}

/** The trial that a module exports by the name `trial`. */
export async function loadTrial(file: string): Promise<AnyTrial> {
  const module = await importOf(file);
  const { trial } = module as { readonly trial?: Partial<AnyTrial> };
  const isTrial = typeof trial?.name === 'string' && typeof trial.peers === 'number' && Array.isArray(trial.checks);
  if (!isTrial || trial.program === undefined || trial.course === undefined) {
    throw new Exit(2, `${file} exports no trial: write export const trial = { name, peers, program, course, checks }.`);
  }
  return trial as AnyTrial;
}

async function importOf(file: string): Promise<unknown> {
  if (!existsSync(file)) throw new Exit(2, `There is no file ${file}: name the module that exports the trial.`);
  try {
    return await import(pathToFileURL(resolve(file)).href);
  } catch (thrown) {
    throw new Exit(2, `${file} cannot be loaded: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
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
