// What becomes of the store when it is asked for more than it can do: npm run bench -- overload [--seconds 8] [--save]
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPeers } from './clusters.mjs';

const { values: flags } = parseArgs({
  options: { seconds: { type: 'string', default: '8' }, save: { type: 'boolean', default: false } },
});
const connections = 150;
/** Of each connection, in the closed load that finds out what the store can do. */
const inFlight = 6;
const warmMs = 4_000;
const goal = 0.8;

function run(cluster, job) {
  const generator = fork(new URL('overload/generator.mjs', import.meta.url));
  const durationMs = Number(flags.seconds) * 1000;
  return new Promise((resolve, reject) => {
    generator.once('message', (seen) => {
      generator.removeAllListeners('exit');
      generator.kill();
      resolve({ ...seen, memoryMiB: memoryOf(cluster) });
    });
    generator.once('exit', (code) => reject(new Error(`the generator ended with ${code}`)));
    generator.send({ addresses: cluster.addresses, connections, warmMs, durationMs, ...job });
  });
}

/** What the largest of the peers takes. */
function memoryOf({ processes }) {
  const pages = processes.map(({ pid }) => Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]));
  return (Math.max(...pages) * 4096) / 2 ** 20;
}

const lines = [];
const say = (text) => {
  console.log(text);
  lines.push(text);
};
const ms = (value) => (value === undefined ? '' : value.toFixed(0));

function row(name, seen, best) {
  const share = `${((100 * seen.rate) / best).toFixed(0)}%`;
  const numbers = [seen.offered, seen.rate, seen.refused, seen.failed].map((value) => value.toFixed(0));
  const times = [ms(seen.p50Ms), ms(seen.p99Ms), ms(seen.refusedP50Ms)];
  const core = `${(100 * seen.generatorCore).toFixed(0)}%`;
  say(`| ${[name, ...numbers, share, ...times, seen.memoryMiB.toFixed(0), core].join(' | ')} |`);
}

const folder = mkdtempSync(join(process.cwd(), 'bench-data-'));
let cluster;
try {
  mkdirSync(join(folder, 'peers'));
  cluster = await startPeers(join(folder, 'peers'), 7710);
  await run(cluster, { inFlight: 1 });
  say('# More than the store can do\n');
  say(`Command: \`npm run bench -- overload --seconds ${flags.seconds} --save\`\n`);
  say(
    `Machine: ${cpus().length} cores (${cpus()[0].model}), Linux ${release()}, Node ${process.versions.node}; load of the machine before the run ${loadavg()[0].toFixed(1)}.\n`,
  );
  say(
    `Three peers and the generator on the cores of one machine, ${connections} connections spread over the peers, SETs of 128 bytes, synced at a majority.`,
  );
  say(
    'Closed: each connection has so many under way. Open: so many a second are sent, each at its moment, whatever became of those before it; times count from that moment.',
  );
  say(
    `Each line is ${flags.seconds} s behind ${warmMs / 1000} s of the same load. The best is what the closed load reaches.\n`,
  );
  say(
    '| load | offered /s | done /s | refused /s | other errors /s | of the best | p50 ms | p99 ms | refused after ms (p50) | memory MiB | generator |',
  );
  say('|---|---|---|---|---|---|---|---|---|---|---|');
  const best = await run(cluster, { inFlight });
  row(`closed, ${inFlight * connections}`, best, best.rate);
  for (const times of [2, 4]) {
    row(`closed, ${times * inFlight * connections}`, await run(cluster, { inFlight: times * inFlight }), best.rate);
  }
  let last;
  for (const times of [0.5, 1, 2, 4]) {
    last = await run(cluster, { rate: times * best.rate });
    row(`open, ${times} times`, last, best.rate);
  }
  row('open, 0.5 times, behind it', await run(cluster, { rate: best.rate / 2 }), best.rate);
  const share = last.rate / best.rate;
  say(
    `\nAt four times the load ${(100 * share).toFixed(0)}% of the best is done (goal ${100 * goal}%: ${share >= goal ? 'reached' : 'missed'}).`,
  );
  if (flags.save) writeFileSync(new URL('results/overload.md', import.meta.url), `${lines.join('\n')}\n`);
} finally {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
}
