/**
 * The store beside others: the same work, in one run, on one file system. `npm run bench -- store` runs all measurements,
 * `npm run bench -- store NAME [NAME ...] [--seconds 5] [--rounds 3]` some. Each file of `bench/store/` with an export `measurement` is one.
 * Tables and plots go to `bench/results/store/`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printed, writeOverview, writeResult } from './report.mjs';
import { Lab } from './store/lab.mjs';

const folder = new URL('./store/', import.meta.url);
const results = new URL('./results/store/', import.meta.url);

const isMeasurement = (file) => readFileSync(new URL(file, folder), 'utf8').includes('export const measurement');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && isMeasurement(file))
  .map((file) => file.slice(0, -'.mjs'.length))
  .sort();

const options = { seconds: { type: 'string', default: '5' }, rounds: { type: 'string', default: '3' } };
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)];
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined || !(seconds >= 1) || !(rounds >= 1)) {
  const wrong = unknown === undefined ? 'Seconds and rounds are at least 1' : `There is no measurement ${unknown}`;
  console.error(`${wrong}: npm run bench -- store [${names.join(' | ')}] [--seconds 5] [--rounds 3]`);
  process.exit(2);
}

const chosen = positionals.length === 0 ? names : positionals;
const goals = [];
const data = mkdtempSync(join(process.cwd(), 'bench-data-'));
const lab = new Lab(data, { seconds, rounds });
try {
  for (const name of chosen) {
    const { measurement } = await import(new URL(`${name}.mjs`, folder).href);
    const startedMs = performance.now();
    const result = await measurement.run(lab);
    const command = `npm run bench -- store ${name} --seconds ${seconds} --rounds ${rounds}`;
    const spent = Math.round((performance.now() - startedMs) / 1_000);
    const whole = { ...result, method: `${lab.setting}\n\n${result.method}` };
    console.log(printed(measurement, whole, command, spent));
    await writeResult(results, name, measurement, whole, command, spent);
    goals.push(...result.goals.map((goal) => ({ name, ...goal })));
  }
  const command = `npm run bench -- store --seconds ${seconds} --rounds ${rounds}`;
  const head = `# The store beside others\n\n\`${command}\`\n\n${lab.setting}`;
  if (chosen.length === names.length) writeOverview(results, head, goals);
} finally {
  await lab.close();
  rmSync(data, { recursive: true, force: true });
}
