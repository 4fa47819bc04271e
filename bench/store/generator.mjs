/**
 * The load generator: a process of its own, so that its CPU is known and is not that of what it measures. Told by its parent what to do, it
 * answers with what it saw: `{ store, addresses, work, options, callers, lines, setup, perSecond, durationMs }`. `lines` connections in all, one for each
 * address where it is left out, each of which says `setup` first, if there is such a line: as etcd's own client does, and ioredis with its automatic pipelines, callers share them.
 */
import { createHistogram, performance } from 'node:perf_hooks';
import { RedisClient } from '../redisClient.mjs';
import { ClusterLine } from './clusterLine.mjs';
import { EtcdClient } from './etcdClient.mjs';
import { works } from './works.mjs';

const clients = { selfman: RedisClient, etcd: EtcdClient, redis: ClusterLine };

async function connect({ store, addresses, setup, lines = addresses.length }) {
  const Client = clients[store];
  const connected = Array.from({ length: lines }, (_, i) => new Client(addresses[i % addresses.length]));
  await Promise.all(connected.map((line) => line.ready));
  if (setup !== undefined) await Promise.all(connected.map((line) => line.ask(`${setup}\r\n`)));
  return connected;
}

/** Counts what is done between the end of the warm-up and the end. */
class Tally {
  #latency = createHistogram();
  #fromMs;
  #cpu;
  #done = 0;
  #failed = 0;

  constructor(fromMs) {
    this.#fromMs = fromMs;
  }

  add(startedMs, isDone) {
    const nowMs = performance.now();
    if (nowMs < this.#fromMs) return;
    this.#cpu ??= process.cpuUsage();
    if (isDone) this.#latency.record(Math.max(1, Math.round((nowMs - startedMs) * 1_000)));
    if (isDone) this.#done++;
    else this.#failed++;
  }

  report() {
    const seconds = (performance.now() - this.#fromMs) / 1_000;
    const used = process.cpuUsage(this.#cpu);
    const at = (percentile) => this.#latency.percentile(percentile) / 1_000;
    return {
      ...{ rate: this.#done / seconds, done: this.#done, failed: this.#failed },
      ...{ p50Ms: at(50), p99Ms: at(99), p999Ms: at(99.9) },
      generatorCore: (used.user + used.system) / 1e6 / seconds,
    };
  }
}

async function run({ work, options = {}, callers, perSecond, durationMs, ...job }) {
  const lines = await connect(job);
  const begin = performance.now();
  const tally = new Tally(begin + Math.min(1_000, durationMs / 4));
  const endMs = begin + durationMs;
  const one = works[work](options);
  const closed = async (caller) => {
    const line = lines[caller % lines.length];
    for (let n = 0; performance.now() < endMs; n++) {
      const startedMs = performance.now();
      const done = one(line, caller, n);
      if (done === undefined) return;
      tally.add(startedMs, await done);
    }
  };
  if (perSecond === undefined) await Promise.all(Array.from({ length: callers }, (_, caller) => closed(caller)));
  else await open(one, { lines, perSecond, endMs, tally });
  const report = tally.report();
  for (const line of lines) line.close();
  return report;
}

/** So many a second, whether the ones before are answered or not: each counts from when it was due. */
async function open(one, { lines, perSecond, endMs, tally }) {
  const begin = performance.now();
  const waiting = new Set();
  for (let n = 0; performance.now() < endMs; ) {
    for (const due = (performance.now() - begin) * (perSecond / 1_000); n < due; n++) {
      const dueMs = begin + (n * 1_000) / perSecond;
      const done = one(lines[n % lines.length], n % 1_024, n).then((isDone) => {
        tally.add(dueMs, isDone);
        waiting.delete(done);
      });
      waiting.add(done);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(waiting);
}

process.on('message', async (job) => process.send(await run(job)));
