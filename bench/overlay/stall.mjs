import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MembershipTown, openBuild, quantile } from './membershipTown.mjs';

const peers = 30;
const rounds = 12;
const roundMs = 8_000;
const stallMs = 2_000;
/** In so small a system one accusation is enough to show in the views. */
const fewPeers = 4;
const slowMsMax = 700;
const slowForMs = 600_000;

/** Peers stall, peers vanish, peers are slow: who is suspected, who is cut out, and how soon a crash is seen. */
async function run({ seed }) {
  const usual = await openBuild();
  const seen = vanishing(new MembershipTown(usual, seed));
  const stalls = stalling(new MembershipTown(usual, seed));
  const folder = mkdtempSync(join(tmpdir(), 'selfman-stall-'));
  try {
    const bare = await openBuild(withoutLifeguard(folder));
    const [careful, careless] = [usual, bare].map((build) => slowness(new MembershipTown(build, seed)));
    return report({ seen, stalls, careful, careless });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same build without the local health multiplier: everybody is as patient as if it heard well. */
function withoutLifeguard(folder) {
  const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
  for (const room of ['base', 'component', 'overlay', 'world'])
    cpSync(join(dist, room), join(folder, room), { recursive: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const file = join(folder, 'overlay/health.js');
  const source = readFileSync(file, 'utf8');
  const bare = source.replace('return 1 + this.#score;', 'return 1;');
  if (bare === source) throw new Error('the local health multiplier is not where it was');
  writeFileSync(file, bare);
  return pathToFileURL(`${folder}/`);
}

function grown(town, count = peers) {
  town.grow(count, { atOnce: 2 });
  town.settle(5_000);
  return town;
}

/** One peer after another is cut off on all sides, so that no broken link tells of it: how soon all others doubt it. */
function vanishing(town) {
  grown(town);
  const [first, all] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const victim = town.universe.random.pick(town.residents);
    const startMs = town.nowMs;
    const seen = new Map();
    town.onView = ({ name }, view) => {
      const status = view.peers.find((peer) => peer.name === victim.name)?.status;
      if (name !== victim.name && status !== 'alive' && !seen.has(name)) seen.set(name, town.nowMs - startMs);
    };
    town.isLost = (from, to) => from === victim.name || to === victim.name;
    town.universe.runFor(2_500);
    town.isLost = () => false;
    town.onView = undefined;
    town.universe.runFor(roundMs);
    const times = [...seen.values()].sort((a, b) => a - b);
    first.push(times[0] ?? Number.POSITIVE_INFINITY);
    all.push(...times);
  }
  return { first: first.sort((a, b) => a - b), all: all.sort((a, b) => a - b) };
}

/** One peer after another stands still for two seconds. */
function stalling(town) {
  grown(town);
  let cut = 0;
  town.onView = (_resident, view, before) => {
    if (deadIn(view) > deadIn(before)) cut++;
  };
  for (let round = 0; round < rounds; round++) {
    town.universe.random.pick(town.residents).host.stall(stallMs);
    town.universe.runFor(roundMs);
  }
  return { cut };
}

/** One of a few hears everything late, now more and now less: how often a healthy peer is suspected by anybody. */
function slowness(town) {
  grown(town, fewPeers);
  const [slow, ...healthy] = town.residents;
  let falsePositives = 0;
  const suspectedIn = (view) => view.peers.filter(({ name, status }) => status === 'suspected' && name !== slow.name);
  town.onView = (_resident, view, before) => {
    const known = new Set(suspectedIn(before).map(({ name }) => name));
    falsePositives += suspectedIn(view).filter(({ name }) => !known.has(name)).length;
  };
  const { random, network } = town.universe;
  for (const endMs = town.nowMs + slowForMs; town.nowMs < endMs; town.universe.runFor(1_000)) {
    const delayMs = random.below(slowMsMax);
    for (const { host } of healthy) network.clog(host, slow.host, delayMs);
  }
  return falsePositives;
}

function deadIn({ peers: known }) {
  return known.filter(({ status }) => status === 'dead').length;
}

function report({ seen, stalls, careful, careless }) {
  const [p50, p99] = [0.5, 0.99].map((share) => quantile(seen.first, share));
  const rows = [
    ['a crash is seen by somebody, ms: p50, p99', `${p50.toFixed(0)}, ${p99.toFixed(0)}`],
    ['and by any one peer, ms: p50, p99', [0.5, 0.99].map((share) => quantile(seen.all, share).toFixed(0)).join(', ')],
    [`peers cut out for a stall of 2 s, in ${rounds} stalls`, stalls.cut],
    ["healthy peers falsely suspected in a view, with Lifeguard's multiplier", careful],
    ['and without it', careless],
  ];
  const goals = [
    { what: 'a crash is seen, ms, p99', figure: Math.round(p99), goal: '< 1000', isMet: p99 < 1_000 },
    { what: 'cut out for a stall of 2 s', figure: stalls.cut, goal: '0', isMet: stalls.cut === 0 },
    {
      what: 'false suspicions without and with Lifeguard',
      figure: `${careless} and ${careful}`,
      goal: '50 times fewer with it',
      isMet: careless > 0 && careful * 50 <= careless,
    },
  ];
  const values = seen.all.map((ms, i) => ({ seconds: ms / 1_000, share: (i + 1) / seen.all.length }));
  return { method, columns: ['what', 'figure'], rows, goals, plots: { seen: plot(values) } };
}

const method =
  `${peers} simulated peers with full views on a LAN. A crash is a peer that all frames to and from which are lost, so that no broken link tells of ` +
  `it; seen is suspected in a view; ${rounds} of them, one after the other. Then ${rounds} stalls of 2 s, one after the other. Then, of ${fewPeers} peers, one ` +
  `hears everything up to ${slowMsMax} ms late, changing every second, for ten minutes; the same with a build in which the local health ` +
  'multiplier is always one. Counted is each view in which a peer that is not slow became suspected.';

function plot(values) {
  return {
    data: { values },
    mark: { type: 'line', interpolate: 'step-after' },
    encoding: {
      x: { field: 'seconds', type: 'quantitative', title: 'seconds since a peer vanished' },
      y: { field: 'share', type: 'quantitative', title: 'share of the views in which it is suspected' },
    },
  };
}

export const experiment = { title: 'Stalls, crashes and slow peers', run };
