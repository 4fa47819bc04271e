/**
 * Real peers as processes, tormented at random while clients read and write through all of them, and judged by all that the clients
 * saw: `npm run chaos -- --minutes 10 --seed 1 [--peers 5] [--clients 12] [--faults 'kill -9,two halves'] [--folder DIR] [--save]`. As root on Linux
 * each peer has a network namespace and a file system of its own; else no links are cut and no disks are filled. The seed
 * decides which faults come; when exactly is the machine's doing. It ends with 0 where nothing was found; else it keeps
 * the folders and what the peers said.
 */
import { parseArgs } from 'node:util';
import { Random } from '../dist/base/index.js';
import { Gauges } from './chaos/gauges.mjs';
import { Load } from './chaos/load.mjs';
import { Nemesis } from './chaos/nemesis.mjs';
import { save } from './chaos/report.mjs';
import { pause, Town } from './chaos/town.mjs';

const calmMs = 5_000;
const healMsMax = 240_000;
const words = ['--member-dead-ms', '10000'];

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    peers: { type: 'string', default: '5' },
    clients: { type: 'string', default: '12' },
    faults: { type: 'string' },
    folder: { type: 'string', default: '.' },
    save: { type: 'boolean', default: false },
  },
});
const [minutes, seed, peers, clients] = [options.minutes, options.seed, options.peers, options.clients].map(Number);
if (!(minutes > 0) || !Number.isInteger(seed) || !(peers >= 3 && peers <= 7) || !(clients > 0)) {
  console.error(
    'Use: npm run chaos -- --minutes 10 --seed 1 [--peers 3..7] [--clients 12] [--faults NAME,...] [--save]',
  );
  process.exit(2);
}

/** Torments a town for as long as was asked for, and says what was wrong. */
async function torment(town) {
  const random = new Random(seed);
  for (let i = 0; i < peers; i++) await town.add();
  const formed = await town.untilWhole(healMsMax);
  if (formed !== undefined) throw new Error(`the system does not form: ${formed}`);
  const gauges = new Gauges(town);
  const load = new Load(town, random, clients);
  await pause(calmMs);
  const nemesis = new Nemesis(town, random, options.faults?.split(','));
  await nemesis.run(minutes * 60_000);
  console.log('All faults are over.');
  const violations = [...nemesis.violations];
  const startedMs = performance.now();
  const ailment = await town.untilWhole(healMsMax);
  const healedMs = performance.now() - startedMs;
  if (ailment !== undefined) {
    violations.push(`not well again within ${healMsMax / 1000} s: ${ailment}`);
    await town.keepViews('the end');
  }
  await pause(calmMs);
  await load.stop();
  if (ailment === undefined) await load.readAll();
  await gauges.stop();
  violations.push(...load.judge(), ...gauges.judge(), ...town.unexpectedEnds());
  return { violations, nemesis, load, gauges, healedMs };
}

const town = new Town(options.folder, words);
if (town.hindrance !== undefined) console.log(`No links are cut and no disks filled: ${town.hindrance}`);
let outcome;
try {
  outcome = await torment(town);
} finally {
  await town.stop(outcome === undefined || outcome.violations.length > 0);
}
const text = save({ ...outcome, minutes, seed, peers, clients, isKept: options.save, hindrance: town.hindrance });
console.log(text);
for (const violation of outcome.violations) console.log(`VIOLATION: ${violation}`);
if (outcome.violations.length > 0) console.log(`What the peers said is in ${town.folder}/logs.`);
process.exit(outcome.violations.length > 0 ? 1 : 0);
