import { Gossipers } from './gossipers.mjs';

const count = 10_000;
const cycleMs = 1_000;
/** An epoch has 30 cycles; some have passed when the last peer begins it, and the first one ends it for all. */
const lastCycle = 25;
const lookMs = 20;
const figures = { 10: 0.0024, 15: 0.00011 };

/** The mean of all estimates, and their deviation, as parts of the number that is right. */
function spreadOf(peers, right) {
  const estimates = peers.map(({ estimate }) => estimate.peers / right);
  const mean = estimates.reduce((sum, one) => sum + one, 0) / estimates.length;
  const variance = estimates.reduce((sum, one) => sum + (one - mean) ** 2, 0) / estimates.length;
  return { bias: Math.abs(mean - 1), spread: Math.sqrt(variance) };
}

const percent = (part) => `${(part * 100).toPrecision(2)}%`;

/** Peers in their second epoch, which all of them have just begun: the first one began before anything was reported. */
function begun(seed) {
  const town = new Gossipers({ seed, count, parts: ['averages'], periods: { sampleMs: 5_000 } });
  town.universe.runFor(1);
  town.reportGaps();
  untilEpoch(town, 2);
  return town;
}

/** Until all have begun an epoch. */
function untilEpoch(town, epoch) {
  while (!town.alive.every(({ estimate }) => estimate?.epoch >= epoch)) town.universe.runFor(lookMs);
}

function undisturbed(seed) {
  const town = begun(seed);
  const beganMs = town.universe.nowMs;
  const points = [];
  for (let cycle = 1; cycle <= 20; cycle++) {
    town.universe.run(beganMs + cycle * cycleMs);
    points.push({ cycle, ...spreadOf(town.all, count) });
  }
  return points;
}

/** Half of the peers die at a cycle of the epoch; what is held at its end, and at the end of the next. */
function halved(seed, cycle) {
  const town = begun(seed);
  const beganMs = town.universe.nowMs;
  town.universe.run(beganMs + cycle * cycleMs);
  for (const { host } of town.universe.random.shuffle(town.all).slice(0, count / 2)) host.crash();
  town.reportGaps();
  town.universe.run(beganMs + lastCycle * cycleMs);
  const atEnd = spreadOf(town.alive, count);
  untilEpoch(town, 3);
  town.universe.runFor(lastCycle * cycleMs);
  return { cycle, atEnd, next: spreadOf(town.alive, count / 2) };
}

export const experiment = {
  title: 'How many peers there are, by gossip',
  run({ seed }) {
    const points = undisturbed(seed);
    const at = (cycle) => points.find((point) => point.cycle === cycle);
    const kills = [5].map((cycle) => halved(seed, cycle));
    const worst = Math.max(...kills.map(({ atEnd }) => atEnd.bias));
    const behind = Math.max(...kills.map(({ next }) => next.bias));
    return {
      method: `${count.toLocaleString('en')} peers average the gaps between their places by push and pull, one exchange a cycle of 1 s, with partners from
their Cyclon samples, whose frames take 0.2 to 2 ms. Cycles count from when all have begun the epoch. Spread: the deviation of all estimates; bias: how far their mean is from the truth. In the second part
half of the peers crash in the middle of an epoch, and those that are left report their new gaps.`,
      columns: ['case', 'bias', 'spread'],
      rows: [
        ...[1, 5, 10, 15, 20].map((cycle) => [
          `behind ${cycle} cycles`,
          percent(at(cycle).bias),
          percent(at(cycle).spread),
        ]),
        ...kills.flatMap(({ cycle, atEnd, next }) => [
          [
            `half killed at cycle ${cycle}: end of the epoch, beside the old number`,
            percent(atEnd.bias),
            percent(atEnd.spread),
          ],
          [
            `half killed at cycle ${cycle}: end of the next epoch, beside the new one`,
            percent(next.bias),
            percent(next.spread),
          ],
        ]),
      ],
      goals: [
        ...[10, 15].map((cycle) => ({
          what: `size estimate, spread at ${cycle} cycles`,
          figure: percent(at(cycle).spread),
          goal: `${percent(figures[cycle])} (reproduced)`,
          isMet: at(cycle).spread <= figures[cycle],
        })),
        {
          what: 'half of the peers killed: bias beside the old number',
          figure: percent(worst),
          goal: '0.16% (reproduced)',
          isMet: worst <= 0.0016,
        },
        {
          what: 'half of the peers killed: bias one epoch later',
          figure: percent(behind),
          goal: 'right (0.1%)',
          isMet: behind <= 0.001,
        },
      ],
      plots: {
        spread: {
          title: 'Spread of the size estimates of 10,000 peers',
          data: { values: points },
          mark: { type: 'line', point: true },
          encoding: {
            x: { field: 'cycle', type: 'quantitative', title: 'cycles of the epoch' },
            y: { field: 'spread', type: 'quantitative', scale: { type: 'log' }, title: 'deviation, as a part' },
          },
        },
      },
    };
  },
};
