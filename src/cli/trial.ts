import { readFileSync, writeFileSync } from 'node:fs';
import type { Result } from '../base/index.ts';
import {
  type AnyTrial,
  type AnyTrialReport,
  exploreFile,
  type FileExploration,
  judged,
  loadTrial,
  runTrial,
  type Verdict,
} from '../explorer/index.ts';
import { type RunOptions, replay, shrinkTrial, stepText, type TrialScript } from '../simulator/index.ts';
import { Exit } from './exit.ts';
import { showProgress } from './seedProgress.ts';
import { doesShow, optionsOf, type ShowFlags, showTrace } from './showing.ts';
import { table } from './words.ts';

interface TrialFlags extends ShowFlags {
  readonly seed: number;
  readonly seeds: number;
  readonly shrink?: boolean;
  readonly save?: string;
  readonly replay?: string;
}

/** Violations of one seed that are shown, and lines of each. */
const violationsShown = 5;
const violationLines = 40;

/** Runs seeds of the trial in a file over all cores, prints what they came to, and fails if any check did. */
export async function trial(file: string, flags: TrialFlags): Promise<void> {
  const { seed, seeds } = flags;
  const own = valueOr(2, await loadTrial(file));
  const isOfOne = doesShow(flags) || flags.shrink || flags.replay !== undefined;
  if (isOfOne && seeds > 1) throw new Exit(2, 'That can be had of one run: name one --seed without --seeds.');
  if (flags.shrink) return shrink(own, file, flags);
  if (flags.replay !== undefined) {
    const script = readScript(own, flags.replay);
    return show(flags, (options) => judged(() => replay(own, script, options)));
  }
  if (isOfOne) return show(flags, (options) => runTrial(own, { file, seed, isRepeated: false }, options));
  const startedMs = performance.now();
  const onProgress = (done: number, failed: number): void => showProgress(done, seeds, failed);
  const options = { seed, seeds, failuresMax: Number.POSITIVE_INFINITY, onProgress };
  print(file, valueOr(2, await exploreFile(file, options)), (performance.now() - startedMs) / 1_000);
}

function valueOr<T>(code: number, outcome: Result<T, string>): T {
  if (!outcome.ok) throw new Exit(code, outcome.error);
  return outcome.value;
}

function print(file: string, { seeds, failures, coverage, simulatedMs }: FileExploration, seconds: number): void {
  for (const report of failures) printFailure(file, report);
  const rows = Object.entries(coverage).map(([name, count]) => [name, String(count)]);
  console.log(`\n${table(['WHAT HAPPENED', 'TIMES'], rows)}`);
  const hours = simulatedMs / 3_600_000;
  console.log(`\n${seeds} seeds, ${hours.toFixed(2)} simulated hours in ${seconds.toFixed(0)} s.`);
  if (failures.length > 0) throw new Exit(1, `${failures.length} of ${seeds} runs failed.`);
}

function printFailure(file: string, { trial: name, seed, violations }: Verdict): void {
  console.log(`\n${name}, seed ${seed}: ${violations.length} violations`);
  for (const text of violations.slice(0, violationsShown)) console.log(`  ${shortened(text)}`);
  console.log(`  again, with its trace: selfman trial ${file} --seed ${seed} --trace`);
  console.log(`  in fewer steps: selfman trial ${file} --seed ${seed} --shrink`);
}

function shortened(text: string): string {
  return text.split('\n').slice(0, violationLines).join('\n  ');
}

/** Shows one run: its trace, or a drawing of it, and what it came to. */
function show(flags: TrialFlags, run: (options: RunOptions) => AnyTrialReport): void {
  const report = run(optionsOf({ ...flags, trace: true }));
  if (showTrace(report, flags.svg)) return;
  const { traceHash, violations } = report;
  for (const text of violations) console.log(`\n${shortened(text)}`);
  console.log(`\ntrace hash: ${traceHash}`);
  if (violations.length > 0) throw new Exit(1, 'The run failed.');
}

/** Runs a seed and, where it fails, prints the fewest steps that still make it fail, and keeps them as a script. */
function shrink(own: AnyTrial, file: string, { seed, save }: TrialFlags): void {
  const onProgress = (runs: number, steps: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${runs} runs, ${steps} steps left   `);
  };
  const shrunk = shrinkTrial(own, seed, { onProgress });
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (shrunk === undefined) {
    return console.log(
      `Seed ${seed} of ${own.name} holds, or fails without any of its steps: look at it with --trace.`,
    );
  }
  const kept = save ?? `${own.name}-${seed}.json`;
  writeFileSync(kept, `${JSON.stringify(shrunk.script, undefined, 1)}\n`);
  console.log(`${shrunk.script.steps.length} steps are left after ${shrunk.runs} runs:\n`);
  for (const step of shrunk.script.steps) console.log(stepText(step));
  console.log(`\n${shortened(shrunk.report.violations[0]!)}`);
  throw new Exit(1, `\nagain: selfman trial ${file} --replay ${kept}`);
}

function readScript(own: AnyTrial, file: string): TrialScript<unknown> {
  const script = scriptOf(readFileSync(file, 'utf8'));
  if (script?.trial !== own.name || typeof script.seed !== 'number' || !Array.isArray(script.steps)) {
    throw new Exit(2, `${file} holds no script of the trial ${own.name}: make one with --shrink.`);
  }
  return script;
}

function scriptOf(text: string): TrialScript<unknown> | undefined {
  try {
    return JSON.parse(text) as TrialScript<unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
