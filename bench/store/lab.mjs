import { execFileSync, fork } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { startEtcd, startPeers, startRedis } from '../clusters.mjs';

const starters = { selfman: startPeers, etcd: startEtcd, redis: startRedis };
/** Each store has worked for so long at each of three works before anything is measured: ours is compiled while it runs. */
const warmUpMs = 8_000;
/** Of a core, above which the generator and not the store may be what is measured. */
const generatorCoreMax = 0.8;

/** The stores side by side on one file system, each started when it is first asked for, and what was seen of them. */
export class Lab {
  #folder;
  #seconds;
  #rounds;
  #running = new Map();
  /** What holds for every measurement: machine, disk, sizes. */
  setting;

  constructor(folder, { seconds, rounds }) {
    this.#folder = folder;
    this.#seconds = seconds;
    this.#rounds = rounds;
    const type = diskOf(folder);
    this.setting =
      `${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}, ` +
      `${type}; fdatasync p50 ${syncMs(folder).toFixed(3)} ms. Three peers (or members; of Redis Cluster three masters with a replica each) over loopback; ` +
      'a write is acknowledged when it is synced at a majority (Redis: by the master, with a replica that has it), 128-byte values, 10,000 keys, ' +
      `closed loop unless said otherwise, callers spread evenly; every store has worked for ${warmUpMs / 1_000} s at puts, gets and pairs before. Medians of ${rounds} rounds, the stores in turn in each. CPU is that of all processes of a store.`;
  }

  get seconds() {
    return this.#seconds;
  }

  async store(name) {
    if (!this.#running.has(name)) {
      const folder = join(this.#folder, name);
      mkdirSync(folder);
      const cluster = await starters[name](folder);
      this.#running.set(name, cluster);
      for (const work of ['put', 'get', 'pair'].filter((one) => name !== 'redis' || one !== 'pair'))
        await this.measure(cluster, { work, callers: 64, durationMs: warmUpMs });
    }
    return this.#running.get(name);
  }

  /** Runs one work against one store and returns what was seen, with the CPU that the store took for it. */
  async measure(cluster, job) {
    const generator = fork(new URL('generator.mjs', import.meta.url));
    const before = cluster.cpuSeconds();
    const begin = performance.now();
    const { store, addresses } = cluster;
    const seen = await new Promise((resolve, reject) => {
      generator.once('message', resolve);
      generator.once('exit', (code) => reject(new Error(`the generator ended with ${code}`)));
      generator.send({ store, addresses, durationMs: this.#seconds * 1_000, ...job });
    });
    const seconds = (performance.now() - begin) / 1_000;
    generator.removeAllListeners('exit');
    generator.kill();
    const cores = (cluster.cpuSeconds() - before) / seconds;
    return { ...seen, cpuMicros: (cores / seen.rate) * 1e6 };
  }

  /**
   * The same job against each of these, in turns: `[name, job]` each. The medians of each, and for all but the first the median of the ratios
   * of the first to it, round by round, because a shared machine drifts.
   */
  async inTurns(...contestants) {
    const seen = contestants.map(() => []);
    for (let round = 0; round < this.#rounds; round++) {
      for (const [i, [name, job]] of contestants.entries())
        seen[i].push(await this.measure(await this.store(name), job));
    }
    return seen.map((list, i) => ({
      ...mediansOf(list),
      ratio: i === 0 ? undefined : median(seen[0].map(({ rate }, round) => rate / list[round].rate)),
    }));
  }

  async close() {
    for (const cluster of this.#running.values()) await cluster.stop();
  }
}

/** What a row says of one store. */
export function cells({ rate, p50Ms, p99Ms, cpuMicros }) {
  return [Math.round(rate), p50Ms.toFixed(2), p99Ms.toFixed(2), Math.round(cpuMicros)];
}

export const cellNames = (store) => [`${store} /s`, 'p50 ms', 'p99 ms', 'CPU us/op'];

/** Whether the figures hold: how much of a core the generator took, and what failed. */
export function noteOf(...seen) {
  const core = Math.max(...seen.map(({ generatorCore }) => generatorCore));
  const failed = seen.reduce((sum, one) => sum + one.failed, 0);
  const isFull = core > generatorCoreMax ? ' (too much: the generator is measured)' : '';
  return `${(core * 100).toFixed(0)}%${isFull}${failed > 0 ? `, ${failed} failed` : ''}`;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function mediansOf(list) {
  const names = ['rate', 'p50Ms', 'p99Ms', 'p999Ms', 'cpuMicros', 'generatorCore'];
  const medians = Object.fromEntries(names.map((name) => [name, median(list.map((one) => one[name]))]));
  return { ...medians, failed: list.reduce((sum, { failed }) => sum + failed, 0) };
}

function diskOf(folder) {
  const type = execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim();
  if (type !== 'tmpfs' && type !== 'ramfs') return type;
  console.error(`${folder} is on ${type}, which syncs nothing: run this in a folder on a disk.`);
  return process.exit(2);
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
  return median(times);
}
