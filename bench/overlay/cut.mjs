import { MembershipTown, mean, openBuild, quantile } from './membershipTown.mjs';

const peers = 1_000;
const crashes = 10;
const quietMs = 30_000;
const watchedMs = 60_000;
const lookEveryMs = 100;

/** Ten of a thousand lose power at once: how the views of the others change, when, and what that costs. */
async function run({ seed }) {
  const town = new MembershipTown(await openBuild(), seed);
  town.grow(peers, { atOnce: 25 });
  town.settle();
  town.resetTraffic();
  town.universe.runFor(quietMs);
  const quiet = town.traffic();
  const crashedMs = town.nowMs;
  const changes = new Map(town.residents.map(({ name }) => [name, []]));
  const suspectedMs = new Map();
  town.onView = (resident, view, before) => {
    const atMs = town.nowMs - crashedMs;
    const isChange = deadIn(view) !== deadIn(before) || view.number !== before.number;
    if (isChange) changes.get(resident.name).push({ atMs, dead: deadIn(view), number: view.number });
    for (const { name, status } of view.peers) {
      if (status === 'suspected' && !suspectedMs.has(name)) suspectedMs.set(name, atMs);
    }
  };
  town.resetTraffic();
  const victims = new Set(town.universe.random.shuffle(town.residents).slice(0, crashes));
  for (const { host } of victims) host.crash();
  const curve = watch(town, crashedMs, changes);
  const stormy = town.traffic();
  return report({ town, victims, changes, suspectedMs, quiet, stormy, curve });
}

/** How many peers still have the old view, as time goes on. */
function watch(town, crashedMs, changes) {
  const curve = [];
  while (town.nowMs - crashedMs < watchedMs) {
    town.universe.runFor(lookEveryMs);
    const seconds = (town.nowMs - crashedMs) / 1_000;
    const old = town.alive.filter(({ name }) => changes.get(name).length === 0).length;
    if (seconds <= 10)
      curve.push(
        { seconds, peers: old, view: 'before the crash' },
        { seconds, peers: town.alive.length - old, view: 'after it' },
      );
  }
  return curve;
}

function deadIn({ peers: known }) {
  return known.filter(({ status }) => status === 'dead').length;
}

function report({ town, victims, changes, suspectedMs, quiet, stormy, curve }) {
  const names = new Set([...victims].map(({ name }) => name));
  const seen = [...names].map((name) => suspectedMs.get(name)).sort((a, b) => a - b);
  const others = town.alive.map(({ name }) => changes.get(name));
  const counts = others.map((list) => list.length);
  const cutMs = others.map((list) => list.at(-1)?.atMs ?? Number.NaN).sort((a, b) => a - b);
  const isExact = town.alive.every(({ view }) =>
    view.peers.every(({ name, status }) => (status === 'dead') === names.has(name)),
  );
  const most = Math.max(...counts);
  const rows = [
    ['changes of the view, fewest and most of all peers', `${Math.min(...counts)} and ${most}`],
    [
      "a crashed peer is suspected in somebody's view, ms: median, last",
      `${seen[5].toFixed(0)}, ${seen.at(-1).toFixed(0)}`,
    ],
    [
      'the cut is in the view, ms: first peer, median, last',
      `${cutMs[0].toFixed(0)}, ${quantile(cutMs, 0.5).toFixed(0)}, ${cutMs.at(-1).toFixed(0)}`,
    ],
    ['KB/s sent by a peer, quiet: mean, most', `${mean(quiet).toFixed(3)}, ${quiet.at(-1).toFixed(3)}`],
    [
      `KB/s sent by a peer, the ${watchedMs / 1_000} s from the crash on: mean, most`,
      `${mean(stormy).toFixed(3)}, ${stormy.at(-1).toFixed(3)}`,
    ],
    ['exactly those that crashed are gone', isExact ? 'yes' : 'no'],
  ];
  const meanKb = mean(stormy);
  const goals = [
    { what: 'changes of the view, Rapid 1', figure: most, goal: '1', isMet: most === 1 && isExact },
    {
      what: 'KB/s a peer, with the crash in it, Rapid 0.71',
      figure: Number(meanKb.toFixed(3)),
      goal: '<= 0.71',
      isMet: meanKb <= 0.71,
    },
    { what: 'a crash is seen, ms', figure: Number(seen.at(-1).toFixed(0)), goal: '< 1000', isMet: seen.at(-1) < 1_000 },
  ];
  return { method, columns: ['what', 'figure'], rows, goals, plots: { views: plot(curve) } };
}

const method =
  `${peers} simulated peers with full views on a LAN (0.2 ms and an exponential tail of 0.2 ms each way, no loss). Ten of them lose power at ` +
  'once. Counted are changes of the number of the view or of who is dead in it, at each of the other peers. Traffic is bytes of frames ' +
  "that the overlay sent, with the frames' own headers and without those of TCP and IP; one KB is 1,000 bytes.";

function plot(values) {
  return {
    data: { values },
    mark: 'line',
    encoding: {
      x: { field: 'seconds', type: 'quantitative', title: 'seconds after ten of a thousand crashed' },
      y: { field: 'peers', type: 'quantitative', title: 'peers with this view' },
      color: { field: 'view', type: 'nominal', title: 'view' },
    },
  };
}

export const experiment = { title: 'Ten crashes in a thousand peers', run };
