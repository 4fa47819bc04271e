/**
 * Power that goes at all peers at once, at random moments: `npm run bench -- powerloss [--times 200] [--seed 1] [--folder DIR] [--lies] [--save]`. Three
 * real peers with two cells, each a process, on journals and engines that are real files; a library that is loaded before them notes what they
 * write and do not sync (bench/powerloss/unsynced.c, which gcc builds). While clients write they are all killed at one moment,
 * and what was not synced is taken back: all of it, or of each sector whichever of its versions chance wants. Then they start again,
 * and every history must be right. It ends with 0 where nothing acknowledged was missing. With `--lies` the disks only say that they have
 * synced: then something must be missing soon, or this program sees nothing.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../dist/base/index.js';
import { Registers } from './chaos/registers.mjs';
import { pause, Town } from './chaos/town.mjs';
import { Transfers } from './chaos/transfers.mjs';
import { losePower, watchedBy } from './powerloss/loss.mjs';

const wholeMsMax = 120_000;
const askAgainMs = 500;
const loadMs = [100, 2_500];
const clients = 8;
const thinkMs = 2;
const checkpointBytes = 32 * 1024;
const reportEvery = 10;

const { values: options } = parseArgs({
  options: {
    times: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string', default: '.' },
    lies: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
const [times, seed] = [Number(options.times), Number(options.seed)];
if (!(times > 0) || !Number.isInteger(seed)) {
  console.error('Use: npm run bench -- powerloss [--times 200] [--seed 1] [--folder DIR] [--save]');
  process.exit(2);
}
const random = new Random(seed);
let library = '';
const town = new Town(options.folder, [], {
  isApart: false,
  environment: (folder) => watchedBy(library, folder, options.lies),
});
library = join(town.folder, 'unsynced.so');
const source = join(import.meta.dirname, 'powerloss/unsynced.c');
const built = spawnSync('gcc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread'], {
  encoding: 'utf8',
});
if (built.status !== 0) {
  console.error(`gcc must be installed to build ${source}: ${built.stderr ?? built.error?.message}`);
  process.exit(2);
}

/** Lets clients write until the power goes, and reads all of it when it is back. */
async function loseOnce(number) {
  const workloads = [new Registers(town, random, `${number}.`), new Transfers(town, random, `${number}.`)];
  let isOver = false;
  const running = Array.from({ length: clients }, async (_, index) => {
    const client = workloads[index % 2].client(index);
    while (!isOver) {
      await client.step();
      await pause(thinkMs);
    }
    client.close();
  });
  await pause(random.between(...loadMs));
  for (const peer of town.peers) peer.pause();
  await Promise.all(town.peers.map((peer) => peer.end('SIGKILL')));
  isOver = true;
  const lost = town.peers.map((peer) => losePower(peer.disk.folder, random));
  await start();
  await Promise.all(running);
  for (const workload of workloads) await workload.readAll(random.pick(town.peers));
  return { lost, workloads, violations: workloads.flatMap((workload) => workload.judge()) };
}

async function start() {
  await Promise.all(town.peers.map((peer) => town.start(peer)));
  await settle();
}

async function settle() {
  for (const peer of town.peers) await peer.set('//cells/@checkpointBytes', checkpointBytes);
  const ailment = await town.untilWhole(wholeMsMax);
  if (ailment !== undefined) throw new Error(`not well again: ${ailment}`);
}

/** Two cells, so that transactions go over both. */
async function isSplit() {
  const response = await fetch(`http://${town.peers[0].http}/split?key=k`, { method: 'POST' }).catch(() => undefined);
  return response?.ok === true;
}

const totals = { acknowledged: 0, unknown: 0, journal: 0, engine: 0, names: 0 };
const all = [];
const violations = [];
let done = 0;
try {
  for (let i = 0; i < 3; i++) await town.add();
  await settle();
  while (!(await isSplit())) await pause(askAgainMs);
  for (; done < times && violations.length === 0; done++) {
    const outcome = await loseOnce(done);
    violations.push(...outcome.violations);
    all.push(...outcome.workloads);
    for (const lost of outcome.lost) for (const what of ['journal', 'engine', 'names']) totals[what] += lost[what];
    if ((done + 1) % reportEvery === 0)
      console.log(`${done + 1} times, ${totals.journal + totals.engine} writes taken back`);
  }
  // What was acknowledged before the first loss is there behind the last one.
  for (const workload of all) await workload.readAll(town.peers[0]);
} catch (error) {
  violations.push(error.stack);
}
for (const workload of all) {
  violations.push(...workload.judge());
  totals.acknowledged += workload.figures.done;
  totals.unknown += workload.figures.unknown;
}
await town.stop(violations.length > 0);
const report = `
## ${done} times, seed ${seed}

${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model}), Linux ${release()}, Node ${process.versions.node}.
Command: \`npm run bench -- powerloss --times ${times} --seed ${seed}\`

| what | how many |
|---|---|
| losses of power at all three peers at once | ${done} |
| operations and transactions that were answered | ${totals.acknowledged.toLocaleString('en')} |
| writes of unknown outcome | ${totals.unknown.toLocaleString('en')} |
| writes to journals that were taken back, in all or in part | ${totals.journal.toLocaleString('en')} |
| writes to engines that were | ${totals.engine.toLocaleString('en')} |
| files made, renamed or removed that were taken back | ${totals.names.toLocaleString('en')} |
| violations | ${violations.length} |
`;
console.log(report);
for (const violation of violations) console.log(`VIOLATION: ${violation}`);
if (violations.length > 0) console.log(`What the peers said is in ${town.folder}/logs.`);
if (options.save) appendFileSync(join(import.meta.dirname, 'results/powerloss.md'), report);
process.exit(violations.length > 0 ? 1 : 0);
