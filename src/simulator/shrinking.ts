import { settleMs } from './limits.ts';
import { type MinimiseOptions, minimise } from './reduction.ts';
import { type RunReport, runScript } from './run.ts';
import type { Scenario } from './scenario.ts';
import type { Script } from './step.ts';

/** A script that fails, and is no larger than it must be. */
export interface Shrunk {
  readonly script: Script;
  /** Of its run. */
  readonly report: RunReport;
  /** Runs that it took to find it. */
  readonly runs: number;
}

/**
 * Looks for the fewest steps with which a run of the store still fails in the same way. The script that is found names
 * the seed that it fails with. Undefined where not even the whole script fails.
 */
export function shrink(
  scenario: Scenario,
  script: Script,
  violations: readonly string[],
  options: MinimiseOptions = {},
): Shrunk | undefined {
  const found = minimise(
    script,
    {
      run: (steps, seed) => runScript(scenario, { ...script, steps, seed }),
      isFault: ({ kind }) => kind === 'fault',
      groupOf: (step) => (step.kind === 'call' ? step.key : step.kind),
      beginMs: settleMs,
    },
    violations,
    options,
  );
  if (found === undefined) return undefined;
  const { steps, seed, report, runs } = found;
  return { script: { ...script, steps, seed }, report, runs };
}
