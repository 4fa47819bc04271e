import { overWorkers } from '../explorer/index.ts';
import { type RunOptions, type RunReport, runScript, runSeed, type Scenario, scenarios } from '../simulator/index.ts';
import { Exit } from './exit.ts';
import { runGuarded, runJob, type SeedJob } from './seedJob.ts';
import { showProgress } from './seedProgress.ts';
import { doesShow, optionsOf, type ShowFlags, showTrace } from './showing.ts';
import { readScript, shrinkSeed } from './shrink.ts';
import { judge, printTallies, Tally } from './tally.ts';
import { type Page, serveViewer } from './viewer.ts';

interface SimulateFlags extends ShowFlags {
  readonly scenario: string;
  readonly seed: number;
  readonly seeds: number;
  readonly shrink?: boolean;
  readonly save?: string;
  readonly replay?: string;
  readonly view?: boolean;
  readonly port: number;
}

/** One seed in so many is run twice, the first of each scenario always: the same trace must come of it. */
const repeatEvery = 50;
/** What the field for it on the page takes. */
const seedOfPageMax = 0xffff_ffff;

/** Runs seeds over all cores, prints what they came to, and fails if any check did. */
export async function simulate(flags: SimulateFlags): Promise<void> {
  const { scenario, seed, seeds, replay, view, port } = flags;
  if (view) return serveViewer(pageOf(flags), port, seed);
  if (replay !== undefined) return replayScript(replay, flags);
  const chosen = scenario === 'all' ? scenarios : scenarios.filter(({ name }) => name === scenario);
  if (chosen.length === 0) {
    const names = scenarios.map(({ name }) => name).join(', ');
    throw new Exit(2, `There is no scenario ${scenario}: choose all, or ${names}.`);
  }
  const isOfOne = doesShow(flags) || flags.shrink;
  if (isOfOne && (chosen.length > 1 || seeds > 1)) {
    throw new Exit(2, 'That can be had of one run: name one --scenario, and one --seed without --seeds.');
  }
  if (flags.shrink) return shrinkSeed(chosen[0]!, seed, flags.save);
  const started = performance.now();
  const tallies = chosen.map((one) => new Tally(one));
  if (doesShow(flags)) return show(chosen[0]!, seed, flags, (options) => runSeed(chosen[0]!, seed, options));
  await runOverWorkers(tallies, seed, seeds);
  const [only] = tallies;
  // One seed that fails is told as a story, without having to ask for it.
  if (tallies.length === 1 && seeds === 1 && only!.failed.length > 0) {
    return show(only!.scenario, seed, { trace: true }, (options) => runSeed(only!.scenario, seed, options));
  }
  printTallies(tallies, seed, (performance.now() - started) / 1000);
  judge(tallies, seeds);
}

/** What does not go with a page: a run happens in it, that nobody chose, drew or shrank before. */
const notWithView: readonly (readonly [keyof SimulateFlags, option: string])[] = [
  ['trace', '--trace'],
  ['only', '--only'],
  ['peer', '--peer'],
  ['until', '--until'],
  ['untilEvent', '--until-event'],
  ['svg', '--svg'],
  ['shrink', '--shrink'],
  ['save', '--save'],
  ['replay', '--replay'],
];

/** The page that is asked for. */
function pageOf(flags: SimulateFlags): Page {
  const { scenario, seed, seeds } = flags;
  const [, refused] = notWithView.find(([name]) => flags[name] !== undefined) ?? [];
  if (refused !== undefined || seeds > 1) {
    const option = refused ?? '--seeds';
    throw new Exit(2, `The page shows one run, which happens in it: --view does not go with ${option}.`);
  }
  if (seed > seedOfPageMax) throw new Exit(2, `--seed ${seed}: choose from 0 to ${seedOfPageMax} for a page.`);
  if (scenario === 'all') return 'index';
  if (scenario === 'rings') return 'rings';
  throw new Exit(2, `There is no page for the scenario ${scenario}: --view goes with --scenario rings, or with none.`);
}

function replayScript(file: string, flags: ShowFlags): void {
  const { scenario, script } = readScript(file);
  show(scenario, script.seed, flags, (options) => runScript(scenario, script, options));
}

/** Runs one seed or script, and shows its trace, or draws it. */
function show(scenario: Scenario, seed: number, flags: ShowFlags, run: (options: RunOptions) => RunReport): void {
  const started = performance.now();
  const report = runGuarded(() => run(optionsOf(flags)));
  const tally = new Tally(scenario);
  tally.count(report);
  if (showTrace(report, flags.svg)) return;
  printTallies([tally], seed, (performance.now() - started) / 1000);
  console.log(`trace hash: ${report.traceHash}`);
  judge([tally], 1);
}

async function runOverWorkers(tallies: readonly Tally[], seed: number, seeds: number): Promise<void> {
  const jobs = tallies.flatMap(({ scenario }) =>
    Array.from({ length: seeds }, (_, i): SeedJob => jobFor(scenario, seed + i, i % repeatEvery === 0)),
  );
  const count = (report: RunReport): void => {
    tallies.find(({ scenario }) => scenario.name === report.scenario)!.count(report);
    const [runs, failed] = [sumOf(tallies, ({ runs }) => runs), sumOf(tallies, ({ failed }) => failed.length)];
    showProgress(runs, jobs.length, failed);
  };
  if (jobs.length === 1) return count(runJob(jobs[0]!));
  await overWorkers<SeedJob, RunReport>({ file: new URL('seedWorker.js', import.meta.url) }, jobs, count);
}

function jobFor(scenario: Scenario, seed: number, isRepeated: boolean): SeedJob {
  return { scenario: scenario.name, seed, isRepeated };
}

function sumOf(tallies: readonly Tally[], of: (tally: Tally) => number): number {
  return tallies.reduce((sum, one) => sum + of(one), 0);
}
