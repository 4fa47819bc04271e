import { readFileSync, writeFileSync } from 'node:fs';
import {
  parseScript,
  recordSeed,
  type Scenario,
  type Script,
  scenarios,
  scriptText,
  shrink,
  stepText,
} from '../simulator/index.ts';
import { Exit } from './exit.ts';

/** Lines of the violation that are shown with its steps. */
const violationLines = 12;

/** Runs a seed and, where it fails, prints the fewest steps that still make it fail, and keeps them as a script. */
export function shrinkSeed(scenario: Scenario, seed: number, file: string | undefined): void {
  const { report, script } = recordSeed(scenario, seed);
  if (report.violations.length === 0) {
    console.log(`${scenario.name}, seed ${seed} holds: there is nothing to shrink.`);
    return;
  }
  console.log(`${scenario.name}, seed ${seed} fails; looking for fewer than ${script.steps.length} steps ...`);
  const shrunk = shrink(scenario, script, report.violations, { onProgress: showProgress });
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (shrunk === undefined) {
    throw new Exit(1, 'Its steps alone do not make it fail: what is left hangs on the seed. Look at it with --trace.');
  }
  const kept = file ?? `${scenario.name}-${seed}.json`;
  writeFileSync(kept, scriptText(shrunk.script));
  console.log(`\n${shrunk.script.steps.length} steps are left after ${shrunk.runs} runs:\n`);
  for (const step of shrunk.script.steps) console.log(stepText(step));
  console.log(`\n${shrunk.report.violations[0]!.split('\n').slice(0, violationLines).join('\n')}`);
  throw new Exit(1, `\nagain: selfman simulate --replay ${kept} --trace`);
}

function showProgress(runs: number, steps: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${runs} runs, ${steps} steps left   `);
}

/** The script of a file, and the scenario that it belongs to. */
export function readScript(file: string): { readonly scenario: Scenario; readonly script: Script } {
  const script = parseScript(readFileSync(file, 'utf8'));
  if (!script.ok) throw new Exit(2, `${file} holds no script: ${script.error}.`);
  const scenario = scenarios.find(({ name }) => name === script.value.scenario);
  if (scenario === undefined)
    throw new Exit(2, `${file} is of a scenario ${script.value.scenario}, which is not there.`);
  return { scenario, script: script.value };
}
