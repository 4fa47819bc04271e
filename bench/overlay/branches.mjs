import { isBetween } from '../../dist/ring/index.js';
import { RingTown } from './ringTown.mjs';

const peers = 10_000;
const everyMs = 5;
/** Nothing is stabilised while peers join: what is measured is the joining alone. */
const joining = { stabiliseMs: 360_000_000, pointersMs: 120_000 };
/** Join, its answer, the former predecessor's news and thanks, and all that hints lead to. */
const joinKinds = ['join', 'joinOk', 'newSuccessor', 'goodbye', 'hint', 'adopt', 'adopted', 'goTo', 'vouched'];
const connectivities = [0.9, 0.95, 1];
const suspecting = { peers: 300, pairs: 60, cutMs: 8_000, restMs: 30_000 };
/** Branches, their mean size, the same over all peers, and messages a join: of a simulation of the paper's algorithm. */
const reproduced = new Map([
  [0.9, [908, 1.77, 0.172, 4.17]],
  [0.95, [476, 1.58, 0.077, 4.1]],
  [1, [0, 0, 0, 4]],
]);

/** Whether a pair can never talk: it follows from the two names, so that nothing has to be remembered. */
function areApart(seed, connectivity, a, b) {
  let hash = 0x811c9dc5 ^ seed;
  for (const char of a < b ? `${a} ${b}` : `${b} ${a}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32 >= connectivity;
}

/** Peers in the order of their places, with the neighbours of any place. */
class Order {
  peers = [];

  /** Where a place stands, or would stand. */
  at(id) {
    let [low, high] = [0, this.peers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.peers[middle].self.id < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  next(index) {
    return this.peers[(index + this.peers.length) % this.peers.length];
  }
}

const overlap = (one, next) =>
  one !== next && isBetween(next.place?.predecessor?.id ?? one.self.id, one.self.id, next.self.id);

/** A ring that peers join one after the other; each can talk to the holder of its place, and joins through it. */
function grown(seed, connectivity) {
  const town = new RingTown(seed, { periods: joining });
  const bound = new Set();
  const apart = (a, b) => areApart(seed, connectivity, a, b) && !bound.has(`${a} ${b}`);
  if (connectivity < 1) town.universe.network.setConditions({ apart });
  const order = new Order();
  order.peers.push(town.add(undefined));
  let overlapping = 0;
  while (town.residents.length < peers) {
    const id = town.freshKey();
    const at = order.at(id);
    const holder = order.next(at);
    const joiner = town.add(holder, id, ({ host }) => {
      bound.add(`${host.name} ${holder.host.name}`).add(`${holder.host.name} ${host.name}`);
    });
    town.universe.runFor(20_000, () => joiner.place?.successor !== undefined);
    town.universe.runFor(everyMs);
    order.peers.splice(at, 0, joiner);
    for (const i of [at - 1, at]) if (overlap(order.next(i), order.next(i + 1))) overlapping++;
  }
  return { town, order, overlapping };
}

/** The core is the cycle of successors; what hangs on it by one pointer is a branch. */
function branchesOf(residents) {
  const byId = new Map(residents.map((one) => [one.self.id, one]));
  const follow = (one) => byId.get(one.place.successor.id);
  let one = residents[0];
  for (let i = 0; i < residents.length; i++) one = follow(one);
  const core = new Set();
  while (!core.has(one)) {
    core.add(one);
    one = follow(one);
  }
  const sizes = new Map();
  for (const peer of residents) {
    if (core.has(peer)) continue;
    let last = peer;
    while (!core.has(follow(last))) last = follow(last);
    sizes.set(last, (sizes.get(last) ?? 0) + 1);
  }
  return [...sizes.values()];
}

function joined(seed, connectivity) {
  const { town, order, overlapping } = grown(seed, connectivity);
  const sizes = branchesOf(town.residents);
  const inBranches = sizes.reduce((sum, size) => sum + size, 0);
  const messages = joinKinds.reduce((sum, kind) => sum + (town.said[kind] ?? 0), 0) / peers;
  const figures = { branches: sizes.length, size: sizes.length === 0 ? 0 : inBranches / sizes.length };
  return { connectivity, ...figures, overall: inBranches / peers, messages, overlapping, order };
}

/** Links between neighbours fail for a while in a ring that is whole: those who are cut off suspect who lives. */
function suspected(seed) {
  const town = new RingTown(seed, { periods: undefined });
  const ring = town.found(suspecting.peers);
  town.universe.runFor(20_000);
  const order = [...ring].sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
  const overlaps = () => order.filter((one, i) => overlap(one, order[(i + 1) % order.length])).length;
  const chosen = new Set();
  while (chosen.size < suspecting.pairs) chosen.add(town.random.below(order.length));
  for (const i of chosen) town.universe.network.cut(order[i].host, order[(i + 1) % order.length].host);
  let most = 0;
  const watch = (ms) => {
    for (let spent = 0; spent < ms; spent += 100) {
      town.universe.runFor(100);
      most = Math.max(most, overlaps());
    }
  };
  watch(suspecting.cutMs);
  town.universe.network.heal();
  watch(suspecting.restMs);
  return { most, left: overlaps() };
}

export const experiment = {
  title: 'Branches of a relaxed ring',
  run({ seed }) {
    const measured = connectivities.map((connectivity) => joined(seed, connectivity));
    const suspicion = suspected(seed);
    return {
      method:
        `${peers.toLocaleString('en')} peers join one after the other, each through the holder of its place: the way there is ` +
        'left out, as the paper does. A pair can talk with the given probability, for ever or never; only a joiner and the holder of its place always can, as in the paper. Messages are those of ' +
        'joining and of hints, sent whether they arrive or not. A peer on a branch is one ' +
        'that the cycle of successors does not pass. Overlaps are pairs of neighbours that hold some key both, looked for after each join. ' +
        `For false suspicion, ${suspecting.pairs} of ${suspecting.peers} links between neighbours of a whole ring fail for ` +
        `${suspecting.cutMs / 1_000} s: at most ${suspicion.most} pairs held a key both meanwhile, and ${suspicion.left} in the end.`,
      columns: [
        'connectivity',
        'branches',
        'theirs',
        'mean size',
        'theirs',
        'over all',
        'theirs',
        'messages a join',
        'theirs',
        'overlaps',
      ],
      rows: measured.map((one) => {
        const [branches, size, overall, messages] = reproduced.get(one.connectivity);
        return [
          one.connectivity,
          ...[one.branches, branches, one.size, size, one.overall, overall, one.messages, messages, one.overlapping],
        ];
      }),
      goals: goalsOf(measured, suspicion),
      plots: { sizes: plot(measured) },
    };
  },
};

function goalsOf(measured, suspicion) {
  const goals = [];
  for (const one of measured) {
    const [branches, size, overall] = reproduced.get(one.connectivity);
    const messagesMost = one.connectivity === 1 ? 4 : 4.15;
    goals.push({
      what: `branches at connectivity ${one.connectivity}`,
      figure: `${one.branches}, of ${one.size.toFixed(2)} peers, ${one.overall.toFixed(3)} over all`,
      goal: `at most ${branches}, ${size}, ${overall}`,
      isMet: one.branches <= branches && one.size <= size && one.overall <= overall,
    });
    goals.push({
      what: `messages a join at connectivity ${one.connectivity}`,
      figure: one.messages.toFixed(2),
      goal: `at most ${messagesMost.toFixed(2)}`,
      isMet: Number(one.messages.toFixed(2)) <= messagesMost,
    });
    goals.push({
      what: `overlaps while peers join at connectivity ${one.connectivity}`,
      figure: one.overlapping,
      goal: 0,
      isMet: one.overlapping === 0,
    });
  }
  const { most, left } = suspicion;
  goals.push({
    what: 'overlaps under false suspicion',
    figure: `${most}, in the end ${left}`,
    goal: 'none lasts',
    isMet: left === 0,
  });
  return goals;
}

function plot(measured) {
  const values = measured.flatMap(({ connectivity, branches }) => [
    { connectivity: String(connectivity), whose: 'ours', branches },
    { connectivity: String(connectivity), whose: 'reproduced', branches: reproduced.get(connectivity)[0] },
  ]);
  return {
    title: 'Branches of a ring of 10,000 peers',
    data: { values },
    mark: 'bar',
    encoding: {
      x: { field: 'connectivity', type: 'nominal', axis: { labelAngle: 0 } },
      xOffset: { field: 'whose' },
      y: { field: 'branches', type: 'quantitative' },
      color: { field: 'whose', type: 'nominal', title: null },
    },
  };
}
