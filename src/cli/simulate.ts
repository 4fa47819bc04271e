import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { coverageNames, type RunReport, runSeed, type Scenario, scenarios } from '../simulator/index.ts';
import { Exit } from './exit.ts';
import { table } from './words.ts';

interface SimulateFlags {
  readonly scenario: string;
  readonly seed: number;
  readonly seeds: number;
  readonly trace?: boolean;
}

/** Of the seeds of a scenario so many per cent must see what it is for. */
const coverageLeastPercent = 5;
/** Fewer seeds say nothing about how often something is seen. */
const seedsThatTell = 20;

interface Tally {
  readonly scenario: Scenario;
  runs: number;
  operations: number;
  faults: number;
  simulatedMs: number;
  readonly seen: Map<string, number>;
  readonly failed: RunReport[];
}

/** Runs seeds over all cores, prints what they came to, and fails if any check did. */
export async function simulate({ scenario, seed, seeds, trace }: SimulateFlags): Promise<void> {
  const chosen = scenario === 'all' ? scenarios : scenarios.filter(({ name }) => name === scenario);
  if (chosen.length === 0) {
    throw new Exit(
      2,
      `There is no scenario ${scenario}: choose all, or ${scenarios.map(({ name }) => name).join(', ')}.`,
    );
  }
  const started = performance.now();
  const tallies = chosen.map(
    (one): Tally => ({
      scenario: one,
      runs: 0,
      operations: 0,
      faults: 0,
      simulatedMs: 0,
      seen: new Map(),
      failed: [],
    }),
  );
  if (seeds === 1) for (const tally of tallies) count(tally, runSeed(tally.scenario, seed, true), trace ?? false);
  else await runOverWorkers(tallies, seed, seeds);
  print(tallies, seed, (performance.now() - started) / 1000);
  judge(tallies, seeds);
}

async function runOverWorkers(tallies: readonly Tally[], seed: number, seeds: number): Promise<void> {
  const jobs = tallies.flatMap(({ scenario }) =>
    Array.from({ length: seeds }, (_, i) => ({ scenario: scenario.name, seed: seed + i })),
  );
  let next = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('simulateWorker.js', import.meta.url));
      const give = (): void => {
        const job = jobs[next++];
        if (job !== undefined) return worker.postMessage(job);
        void worker.terminate();
        resolve();
      };
      worker.on('message', (report: RunReport) => {
        count(tallies.find(({ scenario }) => scenario.name === report.scenario)!, report, false);
        showProgress(tallies, jobs.length);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, work));
}

function count(tally: Tally, report: RunReport, isTraced: boolean): void {
  tally.runs++;
  tally.operations += report.operations;
  tally.faults += report.faults;
  tally.simulatedMs += report.simulatedMs;
  for (const name of report.seen) tally.seen.set(name, (tally.seen.get(name) ?? 0) + 1);
  if (report.violations.length > 0) tally.failed.push(report);
  if (isTraced || (report.trace.length > 0 && report.violations.length > 0)) console.log(report.trace.join('\n'));
}

function showProgress(tallies: readonly Tally[], total: number): void {
  const done = tallies.reduce((sum, { runs }) => sum + runs, 0);
  const failed = tallies.reduce((sum, one) => sum + one.failed.length, 0);
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total} seeds, ${failed} failed `);
  else if (done % 100 === 0 || done === total) console.error(`${done} of ${total} seeds, ${failed} failed`);
}

function print(tallies: readonly Tally[], seed: number, seconds: number): void {
  for (const { scenario, failed } of tallies) {
    for (const report of failed) {
      console.log(`\n${scenario.name}, seed ${report.seed}: ${report.violations.length} violations`);
      for (const violation of report.violations.slice(0, 5)) console.log(`  ${violation}`);
      console.log(`  again, with its trace: npm run simulate -- --scenario ${scenario.name} --seed ${report.seed}`);
    }
  }
  const rows = tallies.map((one) => [
    one.scenario.name,
    String(one.runs),
    String(one.failed.length),
    String(one.operations),
    String(one.faults),
    (one.simulatedMs / 3_600_000).toFixed(2),
    ...coverageNames.map((name) => `${Math.round(((one.seen.get(name) ?? 0) / one.runs) * 100)}%`),
  ]);
  console.log(`\n${table(['SCENARIO', 'SEEDS', 'FAILED', 'OPERATIONS', 'FAULTS', 'HOURS', ...coverageNames], rows)}`);
  const hours = tallies.reduce((sum, { simulatedMs }) => sum + simulatedMs, 0) / 3_600_000;
  console.log(`\n${hours.toFixed(2)} simulated hours in ${seconds.toFixed(0)} s, from seed ${seed} on.`);
}

function judge(tallies: readonly Tally[], seeds: number): void {
  const failed = tallies.reduce((sum, one) => sum + one.failed.length, 0);
  const unseen = tallies.flatMap(({ scenario, seen, runs }) =>
    scenario.targets
      .filter((name) => runs >= seedsThatTell && ((seen.get(name) ?? 0) / runs) * 100 < coverageLeastPercent)
      .map((name) => `${scenario.name} saw a ${name} in fewer than ${coverageLeastPercent}% of its seeds`),
  );
  for (const text of unseen) console.log(`${text}: it does not do what it is for.`);
  if (failed > 0 || unseen.length > 0) throw new Exit(1, `${failed} of ${tallies.length * seeds} runs failed.`);
}
