import { escapeText, guarded } from '../guard/index.ts';
import { checkRepeats, type RunReport, runSeed, scenarios } from '../simulator/index.ts';

/** One seed of one scenario to run. */
export interface SeedJob {
  readonly scenario: string;
  readonly seed: number;
  /** Whether it is run twice, to see that the same comes of it. */
  readonly isRepeated: boolean;
}

export function runJob({ scenario, seed, isRepeated }: SeedJob): RunReport {
  const chosen = scenarios.find(({ name }) => name === scenario)!;
  const report = runGuarded(() => runSeed(chosen, seed));
  return isRepeated ? { ...report, violations: [...report.violations, ...checkRepeats(chosen, report)] } : report;
}

/** Counts among the violations of a run what reached out of the simulation. */
export function runGuarded(run: () => RunReport): RunReport {
  const { result, escapes } = guarded(run);
  return { ...result, violations: [...escapes.map(escapeText), ...result.violations] };
}
