import { RingTown } from './ringTown.mjs';

const peers = 200;
/** Of a hundred peers so many are replaced each second: up, and down again. */
const rates = [0, 0.5, 1, 2, 4, 8, 16, 8, 4, 2, 1, 0.5, 0];
const stepMs = 60_000;
/** What a step is measured over: its second part, once the rate before has worn off. */
const settleMs = 20_000;
const lookMs = 250;
const spares = 400;
const calmMs = 60_000;
const phases = ['solid', 'liquid1', 'liquid2', 'liquid3', 'gas'];

/** One peer goes without a word, and another joins at another place: on a host of which nobody expects anything any more. */
function replaceOne(town, ended) {
  const alive = town.residents.filter(({ host }) => host.isRunning);
  const gone = town.random.pick(alive);
  gone.host.kill();
  ended.push(gone);
  const placed = alive.filter(({ host, place }) => host.isRunning && place?.successor !== undefined);
  if (ended.length > spares) town.renew(ended.shift(), town.random.pick(placed));
  else town.add(town.random.pick(placed));
}

/** A peer whose way in died before it had a place is told another one by its program. */
function showOthersIn(town) {
  const { hosts } = town.universe;
  const alive = town.residents.filter(({ host }) => host.isRunning);
  const placed = alive.filter(({ place }) => place?.successor !== undefined);
  for (const one of alive) {
    const isLost = one.place?.successor === undefined && !hosts.get(one.contact?.split(':')[0])?.isRunning;
    if (!isLost) continue;
    one.host.kill();
    town.renew(one, town.random.pick(placed));
  }
}

function shares(town) {
  const alive = town.residents.filter(({ host }) => host.isRunning);
  return Object.fromEntries(
    phases.map((phase) => [phase, alive.filter((one) => one.phase === phase).length / alive.length]),
  );
}

/** How often peers change their phase, and what share is in each, over one step. */
function step(town, rate, looks, ended) {
  const { universe } = town;
  const endMs = universe.nowMs + stepMs;
  const churn = () => {
    const pauseMs = (-Math.log(1 - town.random.fraction()) * 1_000) / ((rate * peers) / 100);
    if (universe.nowMs + pauseMs < endMs) {
      universe.after(pauseMs, () => {
        replaceOne(town, ended);
        churn();
      });
    }
  };
  if (rate > 0) churn();
  let sum = 0;
  let count = 0;
  const fromMs = universe.nowMs + settleMs;
  while (universe.nowMs < endMs - 1) {
    universe.runFor(lookMs);
    showOthersIn(town);
    const now = shares(town);
    for (const phase of phases) looks.push({ s: universe.nowMs / 1_000, phase, share: now[phase] });
    if (universe.nowMs < fromMs) continue;
    sum += 1 - now.solid;
    count++;
  }
  return sum / count;
}

/** The area between the way up and the way down, beside the area below both: 0 where only today's churn counts. */
function hysteresis(steps) {
  const half = (steps.length - 1) / 2;
  let [between, below] = [0, 0];
  for (let i = 1; i <= half; i++) {
    const width = rates[i] - rates[i - 1];
    const [up, down] = [steps[i], steps[steps.length - 1 - i]];
    between += Math.abs(up - down) * width;
    below += ((up + down) / 2) * width;
  }
  return between / below;
}

export const experiment = {
  title: 'Phases under churn that rises and falls',
  run({ seed }) {
    const town = new RingTown(seed, { periods: undefined });
    town.found(peers);
    town.universe.runFor(30_000);
    const looks = [];
    const ended = [];
    const steps = rates.map((rate) => step(town, rate, looks, ended));
    const startedMs = town.universe.nowMs;
    const isSolid = () => shares(town).solid === 1;
    while (!isSolid() && town.universe.nowMs - startedMs < calmMs) {
      town.universe.runFor(lookMs);
      showOthersIn(town);
    }
    const toSolid = stepMs + (town.universe.nowMs - startedMs);
    const area = hysteresis(steps);
    const half = (rates.length - 1) / 2;
    return {
      method:
        `A ring of ${peers} peers. Each second so many of a hundred are replaced: one is killed without a word, another joins at another ` +
        `place. The rate rises and falls in steps of ${stepMs / 1_000} s; the share of peers that are not solid is the mean of the ` +
        `last ${(stepMs - settleMs) / 1_000} s of a step. A joiner counts as gas until it has a place, and is shown another way in where the first one died before. Hysteresis is the area between the way up and the way down over the area below their mean. No plot of ` +
        'the papers (Paul, Van Roy and Vlassov 2016) could be had: the goal is ours.',
      columns: ['replaced a second, %', 'not solid on the way up', 'on the way down'],
      rows: rates.slice(0, half + 1).map((rate, i) => [rate, steps[i], steps[rates.length - 1 - i]]),
      goals: [
        {
          what: 'all solid again after the stress',
          figure: isSolid()
            ? `all, within ${Math.round(toSolid / 1_000)} s of the last replacement`
            : `${Math.round(shares(town).solid * 100)}%`,
          goal: 'all',
          isMet: isSolid(),
        },
        { what: 'hysteresis area', figure: `${(area * 100).toFixed(1)}%`, goal: 'below 5%', isMet: area < 0.05 },
      ],
      plots: { time: timePlot(looks), hysteresis: ramp(steps) },
    };
  },
};

function timePlot(looks) {
  return {
    title: 'Phases of the peers while churn rises and falls',
    data: { values: looks.filter((_, i) => i % (phases.length * 4) < phases.length) },
    mark: 'area',
    encoding: {
      x: { field: 's', type: 'quantitative', title: 'simulated seconds' },
      y: {
        field: 'share',
        type: 'quantitative',
        stack: 'zero',
        title: 'share of the peers',
        scale: { domain: [0, 1] },
      },
      color: { field: 'phase', type: 'nominal', sort: phases, title: null },
    },
  };
}

function ramp(steps) {
  const half = (rates.length - 1) / 2;
  const values = steps.map((share, i) => ({ rate: rates[i], share, way: i <= half ? 'up' : 'down', i }));
  values.push({ ...values[half], way: 'down' });
  return {
    title: 'Not solid, by churn',
    data: { values },
    mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'rate', type: 'quantitative', title: 'peers replaced a second, %' },
      y: { field: 'share', type: 'quantitative', title: 'share that is not solid' },
      color: { field: 'way', type: 'nominal', title: null },
      order: { field: 'i' },
    },
  };
}
