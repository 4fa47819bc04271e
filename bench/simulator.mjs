/**
 * What the simulator carries: `npm run bench -- simulator messages`, `npm run bench -- simulator ring [peers]`. Each case
 * runs in a process of its own; times are processor time of one thread, the
 * collector's included.
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { messages } from './simulator/messages.mjs';
import { ring } from './simulator/ring.mjs';

const cases = { messages, ring };
const heapMb = 11_500;

const [word, name, ...rest] = process.argv.slice(2);
if (word === '--case') {
  cases[name](...rest);
} else {
  const chosen = word === undefined ? Object.keys(cases) : [word];
  const unknown = chosen.find((one) => !(one in cases));
  if (unknown !== undefined) {
    console.error(`There is no case ${unknown}: choose ${Object.keys(cases).join(' or ')}.`);
    process.exit(2);
  }
  console.log(`Node ${process.versions.node}, ${cpus()[0].model}\n`);
  const numbers = name === undefined ? [] : [name, ...rest];
  for (const one of chosen) {
    const words = [
      `--max-old-space-size=${heapMb}`,
      '--single-threaded-gc',
      fileURLToPath(import.meta.url),
      '--case',
      one,
      ...numbers,
    ];
    const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  }
}
