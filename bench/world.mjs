/**
 * What the blocks of the real world carry on this machine: group commits of the journal, the engine, frames over
 * loopback sockets. `node bench/world.mjs [folder]` after a build; the folder must stand on a real disk.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { bytes, record, varint } from '../dist/base/index.js';
import { component, System } from '../dist/component/index.js';
import { Durability, protocol } from '../dist/world/index.js';
import { openPlatform } from '../dist/world/real/index.js';

const folder = mkdtempSync(join(resolve(process.argv[2] ?? '.'), 'bench-world-'));
const value = new Uint8Array(128).fill(7);
const perSecond = (count, startedMs) =>
  Math.round((count / (performance.now() - startedMs)) * 1000).toLocaleString('en');

async function open(name) {
  const opened = await openPlatform({ data: join(folder, name), name, listen: '127.0.0.1:0', log: { note: () => {} } });
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

/** Runs a component over the given ports, and resolves when it says that it is done. */
function run(platform, requires, definitions, act) {
  return new Promise((done) => {
    const worker = component('worker', { requires, setup: (context) => act(context, done) });
    const root = component('root', {
      setup: (context) => {
        const needs = context.create(worker).requires;
        for (const definition of definitions) {
          for (const [name, port] of Object.entries(context.create(definition).provides)) {
            if (needs[name] !== undefined) context.connect(port, needs[name]);
          }
        }
      },
    });
    new System({ scheduler: platform.scheduler }).create(root).start();
  });
}

function fdatasyncMs() {
  const file = openSync(join(folder, 'sync'), 'w');
  writeSync(file, new Uint8Array(1 << 20));
  fdatasyncSync(file);
  const times = Array.from({ length: 300 }, (_, i) => {
    const started = performance.now();
    writeSync(file, value, 0, value.length, i * value.length);
    fdatasyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  return times.sort((a, b) => a - b)[150];
}

async function journal(outstanding) {
  const platform = await open(`journal-${outstanding}`);
  const { storage } = platform.world;
  const total = Math.min(300_000, 2000 * outstanding);
  const started = performance.now();
  await run(platform, { durability: Durability }, [platform.durability], (context, done) => {
    const ends = [];
    let made = 0;
    let durable = 0;
    const fill = () => {
      for (; made < total && made - durable < outstanding; made++) ends.push(storage.append(value));
    };
    context.requires.durability.on.durable(({ upTo }) => {
      while (durable < made && ends[durable] <= upTo) durable++;
      if (durable === total) done();
      else fill();
    });
    context.onStart(fill);
  });
  console.log(`journal, ${outstanding} outstanding records of 128 B: ${perSecond(total, started)} a second`);
  await platform.close();
}

async function engine() {
  const platform = await open('engine');
  const { storage } = platform.world;
  const count = 200_000;
  const key = (i) => `d${String((i * 7919) % count).padStart(15, '0')}`;
  const rows = Array.from({ length: count }, (_, i) => ({ key: key(i), value }));
  let lateMs = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    lateMs = Math.max(lateMs, performance.now() - last - 1);
    last = performance.now();
  }, 1);
  await run(platform, { durability: Durability }, [platform.durability], (context, done) => {
    let started = performance.now();
    context.requires.durability.on.committed(({ ticket }) => {
      if (ticket === 1) {
        console.log(
          `engine, one batch of ${count} rows: ${perSecond(count, started)} rows a second, no turn later than ${Math.round(lateMs)} ms`,
        );
        clearInterval(watch);
        started = performance.now();
      }
      if (ticket === 301) {
        console.log(`engine, batches of 100 rows: ${perSecond(300, started)} a second`);
        done();
        return;
      }
      storage.commit({
        clear: [],
        rows: Array.from({ length: 100 }, (_, i) => ({ key: key(ticket * 100 + i), value })),
      });
    });
    context.onStart(() => {
      started = performance.now();
      storage.commit({ clear: [], rows });
    });
  });
  let started = performance.now();
  for (let i = 0; i < count; i++) storage.get(key(i * 31));
  console.log(`engine, get: ${perSecond(count, started)} a second`);
  started = performance.now();
  for (let i = 0; i < 2000; i++) storage.scan({ from: key(i), to: undefined }, { rowsMax: 100, bytesMax: 1e9 });
  console.log(`engine, scan of 100 rows: ${perSecond(2000, started)} a second`);
  await platform.close();
}

async function network(window) {
  const load = protocol('load', 1, record({ number: varint, payload: bytes }), { mayJoin: true });
  const [a, b] = [await open(`a-${window}`), await open(`b-${window}`)];
  run(b, { load: load.port }, [b.transport({ load })], ({ requires }) => {
    requires.load.on.received(({ from, message }) => requires.load.emit.send({ to: from, message }));
  });
  const total = 2000 * Math.min(window, 200);
  let started;
  await run(a, { load: load.port }, [a.transport({ load })], (context, done) => {
    const { load: port } = context.requires;
    let sent = 0;
    let received = 0;
    const send = () => port.emit.send({ to: b.address, message: { number: sent++, payload: value } });
    port.on.received(() => {
      if (++received === total) done();
      else if (sent < total) send();
    });
    context.onStart(() => {
      started = performance.now();
      for (let i = 0; i < window; i++) send();
    });
  });
  console.log(
    `network, round trips of 128 B within one process, window ${window}: ${perSecond(total, started)} a second`,
  );
  await a.close();
  await b.close();
}

try {
  console.log(`fdatasync p50: ${fdatasyncMs().toFixed(3)} ms`);
  for (const outstanding of [1, 16, 64, 256, 1024]) await journal(outstanding);
  await engine();
  for (const window of [1, 64, 256]) await network(window);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
