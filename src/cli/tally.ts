import { coverageNames, type RunReport, type Scenario } from '../simulator/index.ts';
import { Exit } from './exit.ts';
import { table } from './words.ts';

/** Of the seeds of a scenario so many per cent must see what it is for. */
const coverageLeastPercent = 5;
/** Fewer seeds say nothing about how often something is seen. */
const seedsThatTell = 20;
/** Violations of one seed that are shown. */
const violationsShown = 5;

/** What the seeds of one scenario came to. */
export class Tally {
  readonly scenario: Scenario;
  readonly failed: RunReport[] = [];
  readonly seen = new Map<string, number>();
  runs = 0;
  simulatedMs = 0;
  #operations = 0;
  #faults = 0;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  count(report: RunReport): void {
    this.runs++;
    this.simulatedMs += report.simulatedMs;
    this.#operations += report.operations;
    this.#faults += report.faults;
    for (const name of report.seen) this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
    if (report.violations.length > 0) this.failed.push(report);
  }

  row(): string[] {
    return [
      this.scenario.name,
      String(this.runs),
      String(this.failed.length),
      String(this.#operations),
      String(this.#faults),
      (this.simulatedMs / 3_600_000).toFixed(2),
      ...coverageNames.map((name) => `${Math.round(((this.seen.get(name) ?? 0) / this.runs) * 100)}%`),
    ];
  }
}

export function printTallies(tallies: readonly Tally[], seed: number, seconds: number): void {
  for (const { scenario, failed } of tallies) for (const report of failed) printFailure(scenario, report);
  const rows = tallies.map((tally) => tally.row());
  console.log(`\n${table(['SCENARIO', 'SEEDS', 'FAILED', 'OPERATIONS', 'FAULTS', 'HOURS', ...coverageNames], rows)}`);
  const hours = tallies.reduce((sum, { simulatedMs }) => sum + simulatedMs, 0) / 3_600_000;
  console.log(`\n${hours.toFixed(2)} simulated hours in ${seconds.toFixed(0)} s, from seed ${seed} on.`);
}

function printFailure({ name }: Scenario, { seed, violations }: RunReport): void {
  console.log(`\n${name}, seed ${seed}: ${violations.length} violations`);
  for (const violation of violations.slice(0, violationsShown)) console.log(`  ${violation}`);
  console.log(`  again, with its trace: npm run simulate -- --scenario ${name} --seed ${seed} --trace`);
  console.log(`  in fewer steps: npm run simulate -- --scenario ${name} --seed ${seed} --shrink`);
}

/** Fails where a run did, and where a scenario did not see what it is for. */
export function judge(tallies: readonly Tally[], seeds: number): void {
  const failed = tallies.reduce((sum, one) => sum + one.failed.length, 0);
  const unseen = tallies.flatMap(({ scenario, seen, runs }) =>
    scenario.targets
      .filter((name) => runs >= seedsThatTell && ((seen.get(name) ?? 0) / runs) * 100 < coverageLeastPercent)
      .map((name) => `${scenario.name} saw a ${name} in fewer than ${coverageLeastPercent}% of its seeds`),
  );
  for (const text of unseen) console.log(`${text}: it does not do what it is for.`);
  if (failed > 0 || unseen.length > 0) throw new Exit(1, `${failed} of ${tallies.length * seeds} runs failed.`);
}
