// The load generator: a process of its own, so that its CPU is known and is not that of what it measures.
// Told by its parent what to do, it answers with what it saw.
import { createHistogram, performance } from 'node:perf_hooks';
import { EtcdClient } from './etcdClient.mjs';
import { RedisClient } from './redisClient.mjs';

const keys = 10_000;
const value = Buffer.alloc(128, 'v');

function keyOf(i) {
  return `key${String(i).padStart(9, '0')}`;
}

function connect({ store, addresses, clients }) {
  // As etcd's own client does, and ioredis with its automatic pipelines: callers of one machine share a connection to
  // each peer or member.
  const Client = store === 'selfman' ? RedisClient : EtcdClient;
  const shared = addresses.map((address) => new Client(address));
  return Array.from({ length: clients }, (_, i) => shared[i % shared.length]);
}

async function work({ work: what, durationMs, ...job }) {
  const lines = connect(job);
  await Promise.all(lines.map((line) => line.ready));
  const latency = createHistogram();
  const begin = performance.now();
  const measureFrom = begin + Math.min(1_000, durationMs / 4);
  const end = begin + durationMs;
  let done = 0;
  let failed = 0;
  let cpu;
  const loop = async (line, index) => {
    for (let n = index; performance.now() < end; n++) {
      const started = performance.now();
      const ok = await line[what](keyOf((Math.imul(n + index * 7919, 2654435761) >>> 0) % keys), value);
      const now = performance.now();
      if (now < measureFrom) continue;
      cpu ??= process.cpuUsage();
      if (ok) {
        done++;
        latency.record(Math.max(1, Math.round((now - started) * 1000)));
      } else {
        failed++;
      }
    }
  };
  await Promise.all(lines.map(loop));
  const seconds = (performance.now() - measureFrom) / 1000;
  const used = process.cpuUsage(cpu);
  for (const line of new Set(lines)) line.close();
  return {
    rate: done / seconds,
    p50Ms: latency.percentile(50) / 1000,
    p99Ms: latency.percentile(99) / 1000,
    done,
    failed,
    generatorCore: (used.user + used.system) / 1e6 / seconds,
  };
}

process.on('message', async (job) => process.send(await work(job)));
