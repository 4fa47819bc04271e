/**
 * What a cut and what pauses do to those who write: `npm run bench -- partition [--tries 5] [--save]`. Five peers in network namespaces
 * are cut in two halves, the leader in the smaller one; and of four peers one, two and three stand still, the leader among them. Through
 * each peer somebody writes one key after the other, eight more clients read and write single keys, and all that these saw must be
 * linearizable. Cuts need root. It ends with 0 where every history was right, the smaller half wrote nothing, and all came back.
 */
import { appendFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../dist/base/index.js';
import { Registers } from './chaos/registers.mjs';
import { pause, Town } from './chaos/town.mjs';
import { Probe } from './partition/probe.mjs';

const calmMs = 2_000;
const wrongMs = 8_000;
const healMsMax = 60_000;
const clients = 8;
/** What leases and the silence of others may still let through. */
const graceMs = 1_000;
const words = ['--member-dead-ms', '60000'];

const { values: options } = parseArgs({
  options: {
    tries: { type: 'string', default: '5' },
    folder: { type: 'string', default: '.' },
    save: { type: 'boolean', default: false },
  },
});
const tries = Number(options.tries);
if (!(tries > 0)) {
  console.error('Use: npm run bench -- partition [--tries 5] [--folder DIR] [--save]');
  process.exit(2);
}

/** The leader of the only cell, and who else has a vote in it. */
async function rolesIn(town) {
  for (;;) {
    const reports = await Promise.all(town.peers.map((peer) => peer.status()));
    const names = new Set(reports.map((report) => report?.cells[0]?.leader));
    const leader = town.peers.find(({ name }) => names.size === 1 && names.has(name));
    if (leader !== undefined) {
      const { members } = reports[0].cells[0];
      const others = town.peers.filter((peer) => peer !== leader && members.includes(peer.name));
      return { leader, others, rest: town.peers.filter((peer) => !members.includes(peer.name)) };
    }
    await pause(100);
  }
}

const halves = {
  name: 'two halves: the leader and a peer without a vote, cut from two members and another peer',
  peers: 5,
  needsCuts: true,
  begin(town, { leader, others, rest: [first, ...more] }) {
    const [small, large] = [
      [leader, first],
      [...others, ...more],
    ];
    const hostsOf = (peers) => peers.map(({ host }) => host);
    town.network.cutGroups([hostsOf(small), hostsOf(large)]);
    return { goesOn: large, stops: small };
  },
  end: (town) => town.network.heal(),
};

/** The first that stands still is the leader, the next are members. */
function pauses(count) {
  return {
    name: `${count} of four peers stand still, ${count === 1 ? 'the leader' : 'the leader among them'}`,
    peers: 4,
    begin(town, { leader, others, rest }) {
      const stopped = [leader, ...others, ...rest].slice(0, count);
      for (const peer of stopped) peer.pause();
      const awake = town.peers.filter((peer) => !stopped.includes(peer));
      // Three have votes: with two of them asleep there is no majority.
      return count === 1 ? { goesOn: awake, stops: [] } : { goesOn: [], stops: awake };
    },
    end(town) {
      for (const peer of town.peers) if (peer.isPaused) peer.resume();
    },
  };
}

/** Does it once: how long those were without an answer who should go on, and all others until they were served again. */
async function tryOnce(town, one, violations) {
  const ailment = await town.untilWhole(healMsMax);
  if (ailment !== undefined) throw new Error(`before ${one.name}: ${ailment}`);
  const roles = await rolesIn(town);
  const probes = new Map(town.peers.map((peer) => [peer, new Probe(peer)]));
  await pause(calmMs);
  const begunMs = performance.now();
  const { goesOn, stops } = one.begin(town, roles);
  await pause(wrongMs);
  const healedMs = performance.now();
  one.end(town);
  const backMs = [];
  for (const probe of probes.values()) backMs.push((await probe.untilServed(healedMs, healMsMax)) - healedMs);
  await Promise.all([...probes.values()].map((probe) => probe.end()));
  for (const peer of stops) {
    const late = probes.get(peer).servedWithin(begunMs + graceMs, healedMs);
    if (late > 0)
      violations.push(`${one.name}: ${late} writes were acknowledged through ${peer.name} without a majority`);
  }
  return {
    gapMs: Math.max(...goesOn.map((peer) => probes.get(peer).firstServedAfter(begunMs) - begunMs)),
    backMs: Math.max(...backMs),
  };
}

async function runCase(one) {
  const town = new Town(options.folder, words);
  const violations = [];
  const outcomes = [];
  try {
    if (one.needsCuts && town.hindrance !== undefined) return { skipped: town.hindrance };
    for (let i = 0; i < one.peers; i++) await town.add();
    const registers = new Registers(town, new Random(1));
    let isOver = false;
    const running = Array.from({ length: clients }, async (_, index) => {
      const client = registers.client(index);
      while (!isOver) {
        await client.step();
        await pause(4);
      }
      client.close();
    });
    for (let i = 0; i < tries; i++) {
      outcomes.push(await tryOnce(town, one, violations));
      const { gapMs, backMs } = outcomes.at(-1);
      const gap = Number.isFinite(gapMs) ? `${Math.round(gapMs)} ms` : 'nobody goes on';
      console.log(`${one.name}: ${gap}, back ${Math.round(backMs)} ms`);
    }
    isOver = true;
    await Promise.all(running);
    for (const peer of town.peers) await registers.readAll(peer);
    violations.push(...registers.judge(), ...town.unexpectedEnds());
    return { outcomes, violations, done: registers.figures.done };
  } finally {
    await town.stop();
  }
}

function row({ name }, { skipped, outcomes, violations, done }) {
  if (skipped !== undefined) return `| ${name} | not run: ${skipped} | | | |`;
  const sorted = (key) => outcomes.map((one) => one[key]).sort((a, b) => a - b);
  const [gaps, backs] = [sorted('gapMs'), sorted('backMs')];
  const figures = (list) => `${Math.round(list[Math.floor(list.length / 2)])} / ${Math.round(list.at(-1))} ms`;
  const gap = Number.isFinite(gaps[0]) ? figures(gaps) : 'nobody can';
  const verdict = violations.length === 0 ? 'right' : `${violations.length} violations`;
  return `| ${name} | ${gap} | ${figures(backs)} | ${done.toLocaleString('en')} | ${verdict} |`;
}

const rows = [];
let isGood = true;
for (const one of [halves, pauses(1), pauses(2), pauses(3)]) {
  const outcome = await runCase(one);
  rows.push(row(one, outcome));
  for (const violation of outcome.violations ?? []) console.log(`VIOLATION: ${violation}`);
  isGood &&= (outcome.violations ?? []).length === 0;
}
const report = `
## ${tries} times each

${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores (${cpus()[0].model}), Linux ${release()}, Node ${process.versions.node}, shared with other programs.
Command: \`npm run bench -- partition --tries ${tries}\`. Each lasts ${wrongMs / 1000} s. Times are p50 / most.

| case | until a write is answered through every peer that should go on | healed, until one is answered through every peer | operations judged | history |
|---|---|---|---|---|
${rows.join('\n')}
`;
console.log(report);
if (options.save) appendFileSync(join(import.meta.dirname, 'results/partition.md'), report);
console.log(isGood ? 'All came right.' : 'Not all came right.');
process.exit(isGood ? 0 : 1);
