// Loads the cities of the world into three peers, asks for them in order, and proves that all of them are there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isSameCity, readCities } from './cities.mjs';
import { openEmbedded } from './embedded.mjs';
import { killLeader, startPeers, stopPeers } from './peers.mjs';
import { progressBar } from './progress.mjs';
import { openRedis } from './redis.mjs';

const ways = { embedded: openEmbedded, redis: openRedis };
/** Writes under way at one time, and the length of a page of the proof. */
const writesAtOnce = 128;
const pageSize = 1_000;
const killedAwayMs = 3_000;

const { values: options } = parseArgs({
  options: { way: { type: 'string' }, cities: { type: 'string' }, kill: { type: 'boolean', default: false } },
});
const count = options.cities === undefined ? undefined : Number(options.cities);
if ((options.way !== undefined && !(options.way in ways)) || (count !== undefined && !(count >= 1))) {
  console.error('Use: node examples/cities/main.mjs [--way embedded|redis] [--cities NUMBER] [--kill]');
  process.exit(2);
}

/** Tries until it is done: to write the same city again changes nothing. */
async function insist(act) {
  for (;;) {
    try {
      return await act();
    } catch {
      await pause(100);
    }
  }
}

/** Writes all cities, and kills the leading peer half way through if told to. */
async function load(way, cities, peers) {
  const show = progressBar('Loading', cities.length);
  let next = 0;
  let acknowledged = 0;
  let killed;
  const write = async () => {
    while (next < cities.length) {
      const city = cities[next++];
      await insist(() => way.put(city));
      show(++acknowledged);
      if (options.kill && acknowledged === Math.ceil(cities.length / 2)) killed = killLeader(peers, killedAwayMs);
    }
  };
  await Promise.all(Array.from({ length: writesAtOnce }, write));
  if (killed !== undefined) console.log(`Half way, peer ${await killed} was killed with kill -9 and started again.`);
}

async function ask(way) {
  const show = (cities) =>
    cities.map(({ name, population }) => `${name} (${population.toLocaleString('en')})`).join(', ');
  const first = await way.inPlace(['IS'], 5);
  console.log(`Iceland, page 1: ${show(first)}`);
  console.log(`Iceland, page 2: ${show(await way.inPlace(['IS'], 5, first.at(-1)))}`);
  console.log(`Bavaria, from Mün to Mür: ${show(await way.named(['DE', '02'], 'Mün', 'Mür', 5))}`);
}

/** Reads every country page by page: each city must be there once, be right, and come in the order of its key. */
async function prove(way, cities) {
  const missing = new Map(cities.map((city) => [city.id, city]));
  const show = progressBar('Proving', cities.length);
  let found = 0;
  for (const country of new Set(cities.map((city) => city.country))) {
    let page;
    do {
      const last = page?.at(-1);
      page = await insist(() => way.inPlace([country], pageSize, last));
      for (const [i, city] of page.entries()) {
        const before = i === 0 ? last : page[i - 1];
        if (before !== undefined && !comesBefore(way, before, city)) throw new Error(`${city.name} is out of order`);
        if (!missing.has(city.id) || !isSameCity(missing.get(city.id), city)) throw new Error(`${city.name} is wrong`);
        missing.delete(city.id);
        show(++found);
      }
    } while (page.length === pageSize);
  }
  if (missing.size > 0) throw new Error(`${missing.size} cities were acknowledged and are not there`);
  console.log(`All ${found.toLocaleString('en')} acknowledged cities are there, and right.`);
}

/** The order of the store is that of the bytes of its keys. */
function comesBefore(way, a, b) {
  return Buffer.compare(Buffer.from(way.sortKey(a)), Buffer.from(way.sortKey(b))) <= 0;
}

const folder = mkdtempSync(join(tmpdir(), 'selfman-cities-'));
const cities = readCities(count);
const peers = await startPeers(folder);
try {
  for (const open of options.way === undefined ? Object.values(ways) : [ways[options.way]]) {
    const way = await open(folder, peers);
    console.log(`\n${cities.length.toLocaleString('en')} cities, ${way.name}`);
    await load(way, cities, peers);
    await ask(way);
    await prove(way, cities);
    await way.close();
  }
} finally {
  await stopPeers(peers);
  rmSync(folder, { recursive: true, force: true });
}
