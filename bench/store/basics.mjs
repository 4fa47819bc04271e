import { cellNames, cells, noteOf } from './lab.mjs';

const clientCounts = [1, 16, 64, 256];
const works = ['put', 'get', 'increment'];
/** At least so many times as fast as etcd, by work and callers. */
const goalsOf = { put: { 64: 2, 256: 2.5 }, get: { 64: 5, 256: 5 }, increment: { 64: 6 } };
const cpuMicrosGoal = 60;

const round = (value) => Number(value.toFixed(2));

async function run(lab) {
  const rows = [];
  const goals = [];
  for (const work of works) {
    for (const callers of clientCounts) {
      const job = { work, callers };
      const [ours, etcd] = await lab.inTurns(['selfman', job], ['etcd', job]);
      rows.push([work, callers, ...cells(ours), ...cells(etcd), round(etcd.ratio), noteOf(ours, etcd)]);
      const goal = goalsOf[work][callers];
      if (goal !== undefined) {
        const what = `${work}, ${callers} callers: times etcd`;
        goals.push({ what, figure: round(etcd.ratio), goal: `at least ${goal}`, isMet: etcd.ratio >= goal });
      }
      if (callers === 1 && work !== 'increment') goals.push(ofOne(work, ours, etcd));
      if (callers === 256 && work === 'put') goals.push(ofCpu(ours));
    }
  }
  const columns = ['work', 'callers', ...cellNames('selfman'), ...cellNames('etcd'), 'ratio', 'generator'];
  return {
    method: 'An increment of etcd reads, compares and puts, again until nobody came between.',
    columns,
    rows,
    goals,
  };
}

function ofOne(work, ours, etcd) {
  const part = work === 'put' ? 1 : 1 / 3;
  const figure = `${ours.p50Ms.toFixed(2)} ms beside ${etcd.p50Ms.toFixed(2)} ms`;
  const goal = work === 'put' ? 'no slower' : 'at most a third';
  return { what: `${work}, 1 caller: p50`, figure, goal, isMet: ours.p50Ms <= etcd.p50Ms * part };
}

function ofCpu({ cpuMicros }) {
  const isMet = cpuMicros <= cpuMicrosGoal;
  return {
    what: 'CPU of all peers per durable put, us',
    figure: round(cpuMicros),
    goal: `at most ${cpuMicrosGoal}`,
    isMet,
  };
}

export const measurement = { title: 'Puts, gets and increments beside etcd', run };
