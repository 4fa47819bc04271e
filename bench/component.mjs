/**
 * The component model: dispatch, creation, memory. `npm run bench -- component [words of a name]`. Each case runs in a
 * process of its own, because what one case does to the compiler would colour the next; times are processor time,
 * and where two threads work the time that went by.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { cases as alone } from './component/cases.mjs';
import { cases as placed } from './component/placed.mjs';
import { cases as questions } from './component/questions.mjs';

const cases = { ...alone, ...questions, ...placed };

const [word, name] = process.argv.slice(2);
if (word === '--case') {
  console.log(JSON.stringify(await cases[name]()));
} else {
  const wanted = process.argv.slice(2).join(' ');
  console.log(`Node ${process.versions.node}, ${cpus()[0].model}\n`);
  console.log('| case | median | best | goal |\n|---|---|---|---|');
  for (const one of Object.keys(cases).filter((candidate) => candidate.includes(wanted))) {
    const words = ['--expose-gc', fileURLToPath(import.meta.url), '--case', one];
    const { value, unit, goal } = JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }));
    const best = value.best?.toPrecision(3) ?? '';
    console.log(`| ${one} | ${value.median.toPrecision(3)} ${unit} | ${best} | ${goal ?? ''} |`);
  }
}
