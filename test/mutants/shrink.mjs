// Looks for a seed that a build violates, and shrinks it: node shrink.mjs DIST SCENARIO FIRST-SEED SEEDS FILE.
// Writes the script to the file, and prints one line of JSON: what is violated, steps, runs, and the hash of the trace.
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [dist, name, first, count, file] = process.argv.slice(2);
const { recordSeed, scenarios, scriptText, shrink } = await import(pathToFileURL(`${dist}/simulator/index.js`));
const scenario = scenarios.find((one) => one.name === name);

for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const { report, script } = recordSeed(scenario, seed);
  const shrunk = report.violations.length > 0 && shrink(scenario, script, report.violations, { runsMax: 150 });
  if (!shrunk) continue;
  writeFileSync(file, scriptText(shrunk.script));
  const { violations, traceHash } = shrunk.report;
  const { steps } = shrunk.script;
  console.log(JSON.stringify({ violation: violations[0], steps: steps.length, runs: shrunk.runs, traceHash }));
  process.exit(0);
}
throw new Error(`no seed of ${name} from ${first} on fails, or none can be shrunk`);
