import { Gossipers } from './gossipers.mjs';

const counts = [1_000, 4_000, 10_000];
const roundMs = 500;
const roundsMax = 60;

/** Rounds until every peer knows who stands behind it, and what they cost. */
function approach(seed, count) {
  const town = new Gossipers({ seed, count, parts: ['approaches'], periods: { sampleMs: 5_000 } });
  const order = town.inOrder();
  const points = [];
  for (let round = 1; round <= roundsMax; round++) {
    town.universe.run(round * roundMs);
    const arrived = order.filter(({ arrived: at }, i) => at?.behind[0]?.id === order[(i + 1) % count].self.id).length;
    const wrong = order.filter(
      ({ arrived: at }, i) => at !== undefined && at.behind[0]?.id !== order[(i + 1) % count].self.id,
    ).length;
    points.push({ peers: count.toLocaleString('en'), round, arrived: arrived / count, wrong: wrong / count });
    if (arrived === count) break;
  }
  return { count, points, frames: town.universe.network.framesSent / count };
}

export const experiment = {
  title: 'A big ring from nothing',
  run({ seed }) {
    const runs = counts.map((count) => approach(seed, count));
    return {
      method: `Peers that start at once, each with twenty others by chance, look for those who stand next to them on the ring (T-Man): one exchange a round of ${roundMs} ms.
A peer counts as arrived when it says so, five rounds behind the last that brought somebody nearer, and names the right one behind it.`,
      columns: ['peers', 'rounds until all arrived', 'named somebody wrong at the end', 'frames a peer, with sampling'],
      rows: runs.map(({ count, points, frames }) => [count, points.at(-1).round, points.at(-1).wrong * count, frames]),
      goals: [],
      plots: {
        arrived: {
          title: 'Peers that know who stands behind them',
          data: { values: runs.flatMap(({ points }) => points) },
          mark: { type: 'line' },
          encoding: {
            x: { field: 'round', type: 'quantitative', title: 'rounds' },
            y: { field: 'arrived', type: 'quantitative', axis: { format: '%' }, title: 'arrived' },
            color: { field: 'peers', type: 'nominal' },
          },
        },
      },
    };
  },
};
