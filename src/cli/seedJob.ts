import { escapeText, guarded } from '../guard/index.ts';
import {
  checkRepeats,
  type RunOptions,
  type RunReport,
  runSeed,
  type Scenario,
  scenarios,
} from '../simulator/index.ts';

/** One seed of one scenario to run. */
export interface SeedJob {
  readonly scenario: string;
  readonly seed: number;
  /** Whether it is run twice, to see that the same comes of it. */
  readonly isRepeated: boolean;
}

export function runJob({ scenario, seed, isRepeated }: SeedJob): RunReport {
  const chosen = scenarios.find(({ name }) => name === scenario)!;
  const report = runGuarded(chosen, seed);
  return isRepeated ? { ...report, violations: [...report.violations, ...checkRepeats(chosen, report)] } : report;
}

/** Runs a seed, and counts among its violations what reached out of the simulation. */
export function runGuarded(scenario: Scenario, seed: number, options?: RunOptions): RunReport {
  const { result, escapes } = guarded(() => runSeed(scenario, seed, options));
  return { ...result, violations: [...escapes.map(escapeText), ...result.violations] };
}
