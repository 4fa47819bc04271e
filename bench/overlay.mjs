/**
 * The overlay held against the papers: `npm run bench -- overlay` runs all experiments, `npm run bench -- overlay NAME [--seed N]`
 * one of them. Each file of `bench/overlay/` with an export `experiment` is one. Everything is simulated: figures are exact
 * for a seed. Tables and plots go to `bench/results/overlay/`.
 */
import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printed, writeOverview, writeResult } from './report.mjs';

const folder = new URL('./overlay/', import.meta.url);
const results = new URL('./results/overlay/', import.meta.url);
const heapMb = 11_500;

const isExperiment = (file) => readFileSync(new URL(file, folder), 'utf8').includes('export const experiment');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && isExperiment(file))
  .map((file) => file.slice(0, -'.mjs'.length))
  .sort();

const options = { seed: { type: 'string', default: '1' }, case: { type: 'boolean', default: false } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const seed = Number(values.seed);
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined || !Number.isSafeInteger(seed)) {
  const wrong = unknown === undefined ? `${values.seed} is no seed` : `There is no experiment ${unknown}`;
  console.error(`${wrong}: npm run bench -- overlay [${names.join(' | ')}] [--seed 1]`);
  process.exit(2);
}
if (values.case) await runHere(positionals[0]);
else await runAll(positionals.length === 0 ? names : positionals);

/** Runs one experiment in this process, and hands its goals to the process that asked. */
async function runHere(name) {
  const { experiment } = await import(new URL(`${name}.mjs`, folder).href);
  const startedMs = performance.now();
  const result = await experiment.run({ seed });
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  const command = `npm run bench -- overlay ${name} --seed ${seed}`;
  console.log(printed(experiment, result, command, seconds));
  await writeResult(results, name, experiment, result, command, seconds);
  process.send?.(result.goals);
}

/** Each in a process of its own, so that none pays for the garbage of another. */
async function runAll(chosen) {
  const goals = [];
  let failed = false;
  for (const name of chosen) {
    const child = fork(fileURLToPath(import.meta.url), ['--case', name, '--seed', String(seed)], {
      execArgv: [`--max-old-space-size=${heapMb}`],
    });
    child.on('message', (found) => goals.push(...found.map((goal) => ({ name, ...goal }))));
    const code = await new Promise((resolve) => child.on('exit', resolve));
    failed ||= code !== 0;
  }
  const head = `# The overlay against the papers\n\n\`npm run bench -- overlay --seed ${seed}\`: simulated, exact for a seed.`;
  if (chosen.length === names.length && !failed) writeOverview(results, head, goals);
  process.exit(failed ? 1 : 0);
}
