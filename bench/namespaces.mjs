/**
 * Five peers of the product, each in a network namespace of its own, while links are cut with iptables: one way, around a bridge,
 * in two halves, and with a peer that cannot be dialled. `npm run bench -- namespaces`, as root on Linux. Each case says how long it
 * took until all peers saw one ring and one table of cells again, and whether every acknowledged write was there.
 */
import { Hosts, pause } from './namespaces/hosts.mjs';
import { hindrance } from './namespaces/network.mjs';

const all = [1, 2, 3, 4, 5];
const cutMs = 15_000;
const healMsMax = 60_000;
const value = Buffer.from('x'.repeat(64));

const cases = [
  // It was hidden before it started: every connection with it is one that it made.
  { name: 'behind a translator: nobody can dial e', cut: (network) => network.hide(5), works: all },
  { name: 'one way: nothing from b reaches c', cut: (network) => network.cutOneWay(2, 3), works: all },
  {
    name: 'a bridge: a and b reach d and e only through c, which reaches all',
    cut: (network) =>
      network.cutGroups([
        [1, 2],
        [4, 5],
      ]),
    works: [3],
  },
  {
    name: 'two halves: a and b without c, d and e',
    cut: (network) =>
      network.cutGroups([
        [1, 2],
        [3, 4, 5],
      ]),
    works: [],
  },
];

/** Writes through one peer, one key after the other, and remembers what was acknowledged. */
class WriterThrough {
  acknowledged = [];
  refused = 0;
  longestPauseMs = 0;
  #isOver = false;

  constructor(hosts, host, name) {
    this.done = this.#run(hosts, host, name);
  }

  async #run(hosts, host, name) {
    let client = hosts.client(host);
    let lastMs = performance.now();
    for (let n = 0; !this.#isOver; n++) {
      const key = `${name}-${host}-${n}`;
      const ok = await Promise.race([client.put(key, value), pause(10_000).then(() => undefined)]);
      const nowMs = performance.now();
      if (ok) {
        this.acknowledged.push(key);
        this.longestPauseMs = Math.max(this.longestPauseMs, nowMs - lastMs);
        lastMs = nowMs;
      } else {
        this.refused++;
        client.close();
        client = hosts.client(host);
        await client.ready.catch(() => undefined);
        await pause(50);
      }
    }
    this.longestPauseMs = Math.max(this.longestPauseMs, performance.now() - lastMs);
    client.close();
  }

  end() {
    this.#isOver = true;
    return this.done;
  }
}

async function runCase(hosts, { name, cut, works }, index) {
  const writers = all.map((host) => new WriterThrough(hosts, host, `case${index}`));
  await pause(1_000);
  cut(hosts.network);
  await pause(cutMs);
  const during = writers.map(({ acknowledged }) => acknowledged.length);
  await pause(2_000);
  const goesOn = all.filter((_host, i) => writers[i].acknowledged.length > during[i]);
  hosts.network.heal();
  const healedMs = await hosts.until(`${name}: one ring and one table of cells`, healMsMax, () => hosts.agree(all));
  await pause(1_000);
  await Promise.all(writers.map((writer) => writer.end()));
  const reader = hosts.client(1);
  let lost = 0;
  for (const key of writers.flatMap(({ acknowledged }) => acknowledged)) if (!(await reader.has(key))) lost++;
  reader.close();
  const written = writers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
  const names = (list) => list.map((host) => hosts.names[host - 1]).join(' ') || 'nobody';
  console.log(`\n${name}`);
  console.log(`  writes went on through ${names(goesOn)} while it was cut`);
  console.log(`  ${healedMs} ms behind the healing all saw one ring and one table of cells`);
  console.log(`  ${written} writes were acknowledged, ${lost} of them are missing`);
  const stuck = works.filter((host) => !goesOn.includes(host));
  if (stuck.length > 0) console.log(`  FAILED: nothing could be written through ${names(stuck)}`);
  return lost === 0 && stuck.length === 0 && goesOn.length > 0;
}

const reason = hindrance();
if (reason !== undefined) {
  console.error(reason);
  process.exit(2);
}
const hosts = new Hosts(all.length);
let isGood = true;
try {
  hosts.network.hide(5);
  for (const host of all) await hosts.start(host);
  const formedMs = await hosts.until('one ring', healMsMax, () => hosts.agree(all));
  console.log(`Five peers in five namespaces are one ring, and nobody could dial e (${formedMs} ms behind its start).`);
  for (const [index, one] of cases.entries()) isGood = (await runCase(hosts, one, index)) && isGood;
} finally {
  await hosts.end();
}
console.log(isGood ? '\nAll came right.' : '\nNot all came right.');
process.exit(isGood ? 0 : 1);
