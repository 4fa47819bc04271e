import { MembershipTown, mean, openBuild } from './membershipTown.mjs';

const peers = 300;
const faulty = 3;
const flipMs = 20_000;
const flips = 3;
const lossMs = 60_000;
const loss = 0.8;
const lookEveryMs = 500;

/** One in a hundred of three hundred peers hears nothing now and then, or loses most of what it sends and hears: who is cut out. */
async function run({ seed }) {
  const town = new MembershipTown(await openBuild(), seed);
  town.grow(peers, { atOnce: 25 });
  town.settle(5_000);
  const shuffled = town.universe.random.shuffle(town.residents).map(({ name }) => name);
  const deaf = suffer(town, new Set(shuffled.slice(0, faulty)), flips * flipMs, (sick) => {
    const startMs = town.nowMs;
    return (_from, to) => sick.has(to) && Math.floor((town.nowMs - startMs) / flipMs) % 2 === 0;
  });
  town.isLost = () => false;
  town.universe.runFor(20_000);
  const lossy = suffer(town, new Set(shuffled.slice(faulty, 2 * faulty)), lossMs, (sick) => {
    const { random } = town.universe;
    return (from, to) => (sick.has(from) || sick.has(to)) && random.chance(loss);
  });
  return report(deaf, lossy);
}

/** Lets some peers suffer for a time, and writes down what the others think of whom. */
function suffer(town, sick, durationMs, lossOf) {
  const startMs = town.nowMs;
  const cut = new Map();
  town.onView = ({ name }, view, before) => {
    if (sick.has(name) || view.number === before.number) return;
    for (const peer of view.peers) {
      if (peer.status === 'dead' && !cut.has(peer.name)) cut.set(peer.name, (town.nowMs - startMs) / 1_000);
    }
  };
  town.resetTraffic();
  town.isLost = lossOf(sick);
  const curve = [];
  while (town.nowMs - startMs < durationMs) {
    town.universe.runFor(lookEveryMs);
    curve.push({ seconds: (town.nowMs - startMs) / 1_000, peers: meanDead(town, sick) });
  }
  const traffic = mean(town.traffic());
  town.onView = undefined;
  const innocents = [...cut.keys()].filter((name) => !sick.has(name));
  const guilty = [...cut].filter(([name]) => sick.has(name)).map(([, seconds]) => seconds);
  return { innocents, guilty: guilty.sort((a, b) => a - b), curve, traffic };
}

/** How many a healthy peer counts as dead, on the average. */
function meanDead(town, sick) {
  const healthy = town.residents.filter(({ name }) => !sick.has(name));
  return mean(healthy.map(({ view }) => view.peers.filter(({ status }) => status === 'dead').length));
}

function report(deaf, lossy) {
  const cases = [
    ['they hear nothing for 20 s of every 40 s', deaf],
    ['80% of what they send and hear is lost', lossy],
  ];
  const rows = cases.map(([what, { guilty, innocents, traffic }]) => [
    ...[what, guilty.length, innocents.length],
    ...[guilty[0]?.toFixed(1) ?? '-', guilty.at(-1)?.toFixed(1) ?? '-', traffic.toFixed(3)],
  ]);
  const goals = cases.map(([what, { guilty, innocents }]) => ({
    what: `${what}: faulty and others removed`,
    figure: `${guilty.length} and ${innocents.length}`,
    goal: `${faulty} and 0, as Rapid`,
    isMet: guilty.length === faulty && innocents.length === 0,
  }));
  const values = cases.flatMap(([fault, { curve }]) => curve.map((point) => ({ ...point, fault })));
  const columns = [
    '1% of the peers',
    'of them removed',
    'others removed',
    'first after s',
    'last after s',
    'KB/s a peer',
  ];
  return { method, columns, rows, goals, plots: { removed: plot(values) } };
}

const method =
  `${peers} simulated peers with full views on a LAN. Three of them get no frame for 20 s, then all of them for 20 s, then none for 20 s. After they ` +
  'have recovered, three others lose 80% of the frames that they send and of those sent to them, for 60 s. Removed is who was dead in the view of ' +
  'any healthy peer at a change of its number. A peer that was removed and learns of it comes back with another life, so the ' +
  'deaf ones return when they hear again, and are removed again.';

function plot(values) {
  return {
    data: { values },
    mark: 'line',
    encoding: {
      x: { field: 'seconds', type: 'quantitative', title: 'seconds since the fault began' },
      y: { field: 'peers', type: 'quantitative', title: 'peers removed, in the mean view of the healthy' },
      color: { field: 'fault', type: 'nominal', title: null, legend: { orient: 'bottom', labelLimit: 400 } },
    },
  };
}

export const experiment = { title: 'One in a hundred peers is half there', run };
