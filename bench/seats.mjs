/**
 * What a second seat gives a program: three programs with one seat each beside three with two, in turns, six cells each whose members and leaders are
 * dealt over all seats, clients at every seat. `npm run bench -- seats [--seconds 5] [--rounds 3] [--callers 64,256] [--save]`, in a folder on a
 * real disk, on a machine with more cores than seats and clients: on fewer the seats only share what one would have. `--save` adds the table to
 * `bench/results/seats.md`.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPeers } from './clusters.mjs';
import { printed } from './report.mjs';
import { cellNames, cells, Lab, median, noteOf } from './store/lab.mjs';

const cellCount = 6;
const keys = 10_000;
const programs = ['a', 'b', 'c'];
const basePorts = { 1: 7610, 2: 7810 };
const warmUpMs = 8_000;

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    callers: { type: 'string', default: '64,256' },
    save: { type: 'boolean', default: false },
  },
});
const [seconds, rounds] = [Number(options.seconds), Number(options.rounds)];
const callers = options.callers.split(',').map(Number);
if (!(seconds >= 1) || !(rounds >= 1) || !callers.every((one) => one >= 1)) {
  console.error('Use: npm run bench -- seats [--seconds 5] [--rounds 3] [--callers 64,256] [--save]');
  process.exit(2);
}

/** Three programs of so many seats, with all cells dealt over them. */
async function town(folder, lab, seats) {
  const own = join(folder, String(seats));
  mkdirSync(own);
  const cluster = await startPeers(own, basePorts[seats], ['--seats', String(seats)]);
  const borders = Array.from({ length: cellCount - 1 }, (_, i) => Math.round((keys * (i + 1)) / cellCount));
  for (const border of borders) await cluster.split(`key${String(border).padStart(9, '0')}`);
  for (let i = 0; i < cellCount; i++) await deal(cluster, i, seats);
  cluster.addresses = (await cluster.status()).peers.map(({ redis }) => redis);
  for (const work of ['put', 'get']) await lab.measure(cluster, { work, callers: 64, durationMs: warmUpMs });
  return cluster;
}

/** The members of a cell are the same seat of each program; who leads it is the next program each time. */
async function deal(cluster, index, seats) {
  const { from, members } = (await cluster.status()).cells[index];
  const key = `key=${encodeURIComponent(from)}`;
  const seat = 1 + (Math.floor(index / programs.length) % seats);
  const nameOf = (program) => (seat === 1 ? program : `${program}/${seat}`);
  for (const program of programs) {
    const present = members.find((name) => name.split('/')[0] === program);
    const wanted = nameOf(program);
    const query = `${key}&from=${encodeURIComponent(present)}&to=${encodeURIComponent(wanted)}`;
    if (present !== wanted) await cluster.ask(`/move?${query}`);
  }
  const leader = nameOf(programs[index % programs.length]);
  await cluster.ask(`/lead?${key}&peer=${encodeURIComponent(leader)}`);
}

async function compared(lab, towns, job) {
  const seen = towns.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, cluster] of towns.entries()) seen[i].push(await lab.measure(cluster, job));
  }
  const ratio = median(seen[0].map(({ rate }, round) => seen[1][round].rate / rate));
  const middle = seen.map((list) => [...list].sort((a, b) => a.rate - b.rate)[list.length >> 1]);
  return [job.work, job.callers, ...middle.flatMap(cells), ratio.toFixed(2), noteOf(...seen.flat())];
}

const folder = mkdtempSync(join(process.cwd(), 'bench-data-'));
const startedMs = performance.now();
const towns = [];
try {
  const lab = new Lab(folder, { seconds, rounds });
  for (const seats of [1, 2]) towns.push(await town(folder, lab, seats));
  const rows = [];
  for (const work of ['put', 'get'])
    for (const many of callers) rows.push(await compared(lab, towns, { work, callers: many }));
  const columns = ['work', 'callers', ...cellNames('one seat'), ...cellNames('two seats'), 'ratio', 'generator'];
  const few =
    availableParallelism() < 8 ? ' There are too few cores here for the second seats to have any of their own.' : '';
  const method =
    `${lab.setting}\n\nThree programs with one seat each beside three with two; ${cellCount} cells, members and leaders dealt over all seats, ` +
    `callers over the Redis ports of all seats. The ratio is two seats to one.${few}`;
  const command = `npm run bench -- seats --seconds ${seconds} --rounds ${rounds} --callers ${callers.join(',')}`;
  const spent = Math.round((performance.now() - startedMs) / 1_000);
  const text = printed({ title: 'Seats' }, { method, columns, rows, goals: [] }, command, spent);
  console.log(text);
  if (options.save) appendFileSync(join(import.meta.dirname, 'results/seats.md'), text);
} finally {
  for (const cluster of towns) await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
