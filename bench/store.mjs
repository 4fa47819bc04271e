// The store beside etcd: the same work, in one run, on one file system. npm run bench -- store [--clients 64,256] [--seconds 5] [--rounds 3]
import { execFileSync, fork } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEtcd, startPeers } from './clusters.mjs';

const { values: flags } = parseArgs({
  options: {
    clients: { type: 'string', default: '1,16,64,256' },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    works: { type: 'string', default: 'put,get,increment' },
    alone: { type: 'boolean', default: false },
  },
});
const clientCounts = flags.clients.split(',').map(Number);
const works = flags.works.split(',');
const generatorCoreMax = 0.8;

function refuseRamDisk(folder) {
  const type = execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim();
  if (type === 'tmpfs' || type === 'ramfs') {
    console.error(`${folder} is on ${type}, which syncs nothing: run this in a folder on a disk.`);
    process.exit(2);
  }
  return type;
}

function syncMs(folder) {
  const file = openSync(join(folder, 'sync'), 'w');
  const times = [];
  for (let i = 0; i < 300; i++) {
    writeSync(file, Buffer.alloc(512));
    const begin = performance.now();
    fdatasyncSync(file);
    times.push(performance.now() - begin);
  }
  closeSync(file);
  return times.sort((a, b) => a - b)[150];
}

/** Runs one work against one store and returns what was seen, with the CPU that the store took for it. */
async function measure(cluster, work, clients) {
  const generator = fork(new URL('generator.mjs', import.meta.url));
  const before = cluster.cpuSeconds();
  const begin = performance.now();
  const seen = await new Promise((resolve, reject) => {
    generator.once('message', resolve);
    generator.once('exit', (code) => reject(new Error(`the generator ended with ${code}`)));
    const { store, addresses } = cluster;
    generator.send({ store, addresses, work, clients, durationMs: Number(flags.seconds) * 1000 });
  });
  const seconds = (performance.now() - begin) / 1000;
  generator.removeAllListeners('exit');
  generator.kill();
  const cores = (cluster.cpuSeconds() - before) / seconds;
  return { ...seen, cpuMicros: (cores / seen.rate) * 1e6 };
}

function median(list, pick) {
  const sorted = list.map(pick).sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

const folder = mkdtempSync(join(process.cwd(), 'bench-data-'));
const lines = [];
const say = (text) => {
  console.log(text);
  lines.push(text);
};
const stores = [];
try {
  const type = refuseRamDisk(folder);
  mkdirSync(join(folder, 'selfman'));
  mkdirSync(join(folder, 'etcd'));
  say('# The store beside etcd\n');
  say(
    `Command: \`npm run bench -- store --clients ${flags.clients} --seconds ${flags.seconds} --rounds ${flags.rounds}\`\n`,
  );
  say(
    `Machine: ${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}, ${type}; fdatasync p50 ${syncMs(folder).toFixed(3)} ms.\n`,
  );
  say(
    'Three peers (or members) over loopback, acknowledged = synced at a majority, 128-byte values, 10,000 keys, closed loop,',
  );
  say(
    `clients spread evenly; medians of ${flags.rounds} rounds, the stores in turn in each. CPU is that of all three processes.\n`,
  );
  stores.push(await startPeers(join(folder, 'selfman')));
  if (!flags.alone) stores.push(await startEtcd(join(folder, 'etcd')));
  for (const cluster of stores) await measure(cluster, 'put', 64);
  say(
    '| work | clients | selfman /s | p50 ms | p99 ms | CPU us/op | etcd /s | p50 ms | p99 ms | CPU us/op | ratio | generator |',
  );
  say('|---|---|---|---|---|---|---|---|---|---|---|---|');
  for (const work of works) {
    for (const clients of clientCounts) {
      const seen = stores.map(() => []);
      for (let round = 0; round < Number(flags.rounds); round++) {
        for (const [i, cluster] of stores.entries()) seen[i].push(await measure(cluster, work, clients));
      }
      const cells = seen.map((list) => [
        median(list, (one) => one.rate).toFixed(0),
        median(list, (one) => one.p50Ms).toFixed(2),
        median(list, (one) => one.p99Ms).toFixed(2),
        median(list, (one) => one.cpuMicros).toFixed(0),
      ]);
      const ratio = seen[1]
        ? median(
            seen[0].map((one, i) => one.rate / seen[1][i].rate),
            (x) => x,
          ).toFixed(2)
        : '';
      const core = Math.max(...seen.map((list) => median(list, (one) => one.generatorCore)));
      const failed = seen.flat().reduce((sum, one) => sum + one.failed, 0);
      const note = `${(core * 100).toFixed(0)}%${core > generatorCoreMax ? ' INVALID' : ''}${failed > 0 ? `, ${failed} failed` : ''}`;
      say(
        `| ${work} | ${clients} | ${cells[0].join(' | ')} | ${(cells[1] ?? ['', '', '', '']).join(' | ')} | ${ratio} | ${note} |`,
      );
    }
  }
  if (!flags.alone) {
    mkdirSync(new URL('results/', import.meta.url), { recursive: true });
    writeFileSync(new URL('results/store.md', import.meta.url), `${lines.join('\n')}\n`);
  }
} finally {
  for (const cluster of stores) await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
