import { ShelfTown } from './shelves.mjs';

const count = 500;
const itemCount = 200_000;
const rounds = 20;
const everyMs = 10_000;
/** With it the loads deviate by about three times their mean at first, as in the figures beside ours. */
const skew = 2.75;

const cases = [
  { places: 'uniform', knowsMean: false, deviation: 0.331, moved: 0.51 },
  { places: 'skewed', knowsMean: false, deviation: 0.351, moved: 1.28 },
  { places: 'uniform', knowsMean: true, deviation: 0.272, moved: 0.46 },
  { places: 'skewed', knowsMean: true, deviation: 0.284, moved: 1.07 },
];

/** Items evenly, or most of them among the low keys: then some few peers carry nearly all. */
const drawers = {
  uniform: (random) => random.fraction() * 2 ** 32,
  skewed: (random) => random.fraction() ** skew * 2 ** 32,
};

function spread(loads) {
  const mean = loads.reduce((sum, one) => sum + one, 0) / loads.length;
  const variance = loads.reduce((sum, one) => sum + (one - mean) ** 2, 0) / loads.length;
  return { deviation: Math.sqrt(variance) / mean, most: Math.max(...loads) / mean };
}

function balance(seed, { places, knowsMean }) {
  const items = (random) => Array.from({ length: itemCount }, () => drawers[places](random));
  const town = new ShelfTown({ seed, count, items, knowsMean, everyMs });
  town.universe.runFor(1);
  town.report();
  const points = [];
  const name = `${places}, ${knowsMean ? 'known mean' : 'alike'}`;
  const note = (round) => {
    const { movedItems, moves } = town.shelves;
    points.push({ name, round, ...spread(town.loads()), moved: movedItems / itemCount, moves });
  };
  note(0);
  // Gossip needs an epoch to know the mean, whose loads were reported when it began.
  town.universe.run(60_000);
  const moved = town.shelves.movedItems;
  for (let round = 1; round <= rounds; round++) {
    town.universe.runFor(everyMs);
    town.report();
    note(round);
  }
  return { points, early: moved };
}

export const experiment = {
  title: 'Balance with and without knowing the mean',
  run({ seed }) {
    const runs = cases.map((one) => ({ ...one, ...balance(seed, one) }));
    const rows = runs.map(({ places, knowsMean, points }) => {
      const [first, last] = [points[0], points.at(-1)];
      return [
        ...[places, knowsMean ? 'known by gossip' : 'unknown', first.deviation.toFixed(3), last.deviation.toFixed(3)],
        ...[last.most.toFixed(2), last.moved.toFixed(2), last.moves],
      ];
    });
    return {
      method: `${count} peers at random places carry ${itemCount.toLocaleString('en')} items, at even keys or at keys u^${skew}, where most are low. Every 10 s, ${rounds} times, each compares itself with three peers of its
Cyclon sample and with the one behind it, and shares with the one where the sum of squares drops most: by half where nobody knows the mean (Karger and Ruhl), or what lies above the
mean, if it is worth the way. Before the first round that is shown a minute passes, in which gossip settles: those that need no mean begin in it. Deviation and the most are parts of the mean load; moved is in parts of all items.`,
      columns: ['keys', 'mean', 'deviation before', 'deviation', 'most', 'moved', 'moves'],
      rows,
      goals: runs.map(({ places, knowsMean, points, deviation, moved }) => ({
        what: `balance, ${places}, ${knowsMean ? 'known mean' : 'Karger-Ruhl'}: deviation, moved`,
        figure: `${points.at(-1).deviation.toFixed(3)}, ${points.at(-1).moved.toFixed(2)}`,
        goal: `${deviation}, ${moved} (reproduced)`,
        isMet: points.at(-1).deviation <= deviation && points.at(-1).moved <= moved,
      })),
      plots: {
        deviation: {
          title: 'Deviation of the loads',
          data: { values: runs.flatMap(({ points }) => points) },
          mark: { type: 'line', point: true },
          encoding: {
            x: { field: 'round', type: 'quantitative' },
            y: { field: 'deviation', type: 'quantitative', title: 'deviation, as a part of the mean' },
            color: { field: 'name', type: 'nominal', title: 'keys, policy' },
          },
        },
      },
    };
  },
};
