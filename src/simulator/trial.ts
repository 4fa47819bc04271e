import type { System } from '../component/index.ts';
import type { Program } from '../world/index.ts';
import type { NetworkConditions } from '../world/simulated/index.ts';
import type { Check } from './check.ts';
import { repeatEverySeeds, trialShrinkRunsMax, triesPerTrialCandidate } from './limits.ts';
import type { Course } from './process.ts';
import { type MinimiseOptions, minimise } from './reduction.ts';
import type { RunOptions } from './run.ts';
import type { TrialScript } from './step.ts';
import { type TrialReport, TrialRun } from './trialRun.ts';

/** Somebody's own program under trial: how many peers run it, what happens to them, and what must hold. */
export interface Trial<Call, Answer, View = unknown> {
  readonly name: string;
  readonly peers: number;
  /** The very value that runs for real: see `startProgram` of `selfman/world/real`. */
  readonly program: Program<Call, Answer, View>;
  readonly course: Course<Call>;
  readonly checks: readonly Check<Call, Answer, View>[];
  /** How a peer is changed while it runs, by the names that `reconfigure` gives: most call `system.reconfigure`. */
  readonly changes?: Readonly<Record<string, (system: System) => void>>;
  readonly network?: Partial<NetworkConditions>;
  /** How long after the last fault everything that must come to hold does. */
  readonly quietMs?: number;
}

/** Runs one seed: the course of the trial, then quiet, then every check. The same seed gives the same run. */
export function simulate<Call, Answer, View>(
  trial: Trial<Call, Answer, View>,
  seed: number,
  options: RunOptions = {},
): TrialReport<Call, Answer> {
  const run = new TrialRun(trial, { seed, peers: trial.peers }, options);
  run.improvise();
  return run.report();
}

/** What came of many seeds. */
export interface Exploration<Call, Answer> {
  readonly seeds: number;
  /** Reports of the seeds that failed. */
  readonly failures: readonly TrialReport<Call, Answer>[];
  /** How often what happened, over all seeds: a check of what never happened proves nothing. */
  readonly coverage: Readonly<Record<string, number>>;
  readonly simulatedMs: number;
}

/** Which seeds of a trial are run, and when to stop. */
export interface ExploreOptions {
  /** The first seed: those that follow are the next integers. */
  readonly seed: number;
  readonly seeds: number;
  /** Failures after which it stops: one where it is left out. */
  readonly failuresMax?: number;
}

/** Runs many seeds. The first, and one in some others, runs twice, and fails where its trace is not the same again. */
export function explore<Call, Answer, View>(
  trial: Trial<Call, Answer, View>,
  { seed, seeds, failuresMax = 1 }: ExploreOptions,
): Exploration<Call, Answer> {
  const failures: TrialReport<Call, Answer>[] = [];
  const coverage: Record<string, number> = {};
  let [simulatedMs, done] = [0, 0];
  for (; done < seeds && failures.length < failuresMax; done++) {
    const report = simulate(trial, seed + done);
    const violations = [
      ...report.violations,
      ...(done % repeatEverySeeds === 0 ? checkTrialRepeats(trial, report) : []),
    ];
    if (violations.length > 0) failures.push({ ...report, violations });
    for (const [name, count] of Object.entries(report.coverage)) coverage[name] = (coverage[name] ?? 0) + count;
    simulatedMs += report.simulatedMs;
  }
  return { seeds: done, failures, coverage, simulatedMs };
}

/** Runs the seed of a report again: what is wrong where it does not leave the same trace (SIM-1). */
export function checkTrialRepeats<Call, Answer, View>(
  trial: Trial<Call, Answer, View>,
  { seed, traceHash }: TrialReport<Call, Answer>,
): string[] {
  const again = simulate(trial, seed).traceHash;
  return again === traceHash
    ? []
    : [`SIM-1: the seed does not repeat: its trace has the hash ${traceHash}, then ${again}`];
}

/** Runs a script: its steps at their times, then quiet, then every check. It ends as soon as something is wrong. */
export function replay<Call, Answer, View>(
  trial: Trial<Call, Answer, View>,
  script: TrialScript<Call>,
  options: RunOptions = {},
): TrialReport<Call, Answer> {
  const run = new TrialRun(trial, script, options);
  run.follow(script.steps);
  return run.report();
}

/** What a seed did, as a script, and what came of it. */
export function recordTrial<Call, Answer, View>(
  trial: Trial<Call, Answer, View>,
  seed: number,
): { readonly report: TrialReport<Call, Answer>; readonly script: TrialScript<Call> } {
  const setting = { seed, peers: trial.peers };
  const run = new TrialRun(trial, setting, {});
  run.improvise();
  return { report: run.report(), script: { trial: trial.name, ...setting, steps: run.steps() } };
}

/** A script of few steps that makes a trial fail, and what came of it. */
export interface ShrunkTrial<Call, Answer> {
  readonly script: TrialScript<Call>;
  readonly report: TrialReport<Call, Answer>;
  /** Runs that it took to find it. */
  readonly runs: number;
}

/** The fewest steps found with which a seed that fails does so still, as `shrink` finds them; undefined where none do. */
export function shrinkTrial<Call, Answer, View>(
  trial: Trial<Call, Answer, View>,
  seed: number,
  options: MinimiseOptions = {},
): ShrunkTrial<Call, Answer> | undefined {
  const { report, script } = recordTrial(trial, seed);
  if (report.violations.length === 0) return undefined;
  const found = minimise(
    script,
    {
      run: (steps, anotherSeed) => replay(trial, { ...script, steps, seed: anotherSeed }),
      isFault: ({ kind }) => kind === 'fault',
      groupOf: (step) => (step.kind === 'ask' ? `client ${step.client}` : step.kind),
      beginMs: 0,
    },
    report.violations,
    { runsMax: trialShrinkRunsMax, tries: triesPerTrialCandidate, ...options },
  );
  if (found === undefined) return undefined;
  const { steps, seed: failing, report: failed, runs } = found;
  return { script: { ...script, steps, seed: failing }, report: failed, runs };
}
