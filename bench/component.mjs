/**
 * The component model: dispatch, creation, memory. `npm run bench -- component [words of a name]`. Each case runs in a
 * process of its own, because what one case does to the compiler would colour the next; times are processor time,
 * and where two threads work the time that went by. The collector runs in the thread that it collects for: helpers of its own
 * spin while they wait for a processor, which on a shared machine would be counted as work. Others do the same beside it: EventEmitter, XState and nact in the same run,
 * and in the last column what was published about systems on other hardware.
 */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cases as register } from './component/atomicRegister.mjs';
import { cases as alone } from './component/cases.mjs';
import { cases as others } from './component/others.mjs';
import { cases as placed } from './component/placed.mjs';
import { published } from './component/published.mjs';
import { cases as questions } from './component/questions.mjs';
import { cases as paths } from './component/shortestPaths.mjs';

const cases = { ...alone, ...others, ...register, ...paths, ...questions, ...placed };

/** Three digits that count; thousands in full. */
const digits = (value) => (value < 1000 ? value.toPrecision(3) : value.toFixed(0));

const [word, name] = process.argv.slice(2);
if (word === '--case') {
  console.log(JSON.stringify(await cases[name]()));
} else {
  const wanted = process.argv.slice(2).join(' ');
  console.log(
    `Node ${process.versions.node}, ${cpus().length} x ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}\n`,
  );
  console.log('| case | median | best | goal | published, on other hardware |\n|---|---|---|---|---|');
  for (const one of Object.keys(cases).filter((candidate) => candidate.includes(wanted))) {
    const words = ['--expose-gc', '--single-threaded-gc', fileURLToPath(import.meta.url), '--case', one];
    const { value, unit, goal } = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }));
    const best = value.best === undefined ? '' : digits(value.best);
    const columns = [one, `${digits(value.median)} ${unit}`, best, goal ?? '', published[one] ?? ''];
    console.log(`| ${columns.join(' | ')} |`);
  }
}
