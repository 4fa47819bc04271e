// Runs a script on a build: node replay.mjs DIST FILE. Prints one line of JSON: violations, and the hash of the trace.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [dist, file] = process.argv.slice(2);
const { parseScript, runScript, scenarios } = await import(pathToFileURL(`${dist}/simulator/index.js`));
const script = parseScript(readFileSync(file, 'utf8'));
if (!script.ok) throw new Error(script.error);
const scenario = scenarios.find(({ name }) => name === script.value.scenario);
const { violations, traceHash } = runScript(scenario, script.value);
console.log(JSON.stringify({ violations, traceHash }));
