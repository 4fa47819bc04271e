import { cellNames, cells, noteOf } from './lab.mjs';

const round = (value) => Number(value.toFixed(2));
const goal = 2.5;

async function run(lab) {
  const ours = await lab.store('selfman');
  await ours.split('m');
  const job = (callers) => ({ work: 'pair', callers });
  const rows = [];
  const goals = [];
  for (const callers of [1, 16, 64, 256]) {
    // A transaction waits for those before it on its connection, as Redis has it: callers that share one would stand in a queue.
    const own = { ...job(callers), lines: callers };
    const [seen, etcd] = await lab.inTurns(['selfman', own], ['etcd', job(callers)]);
    rows.push([callers, ...cells(seen), ...cells(etcd), round(etcd.ratio), noteOf(seen, etcd)]);
    if (callers !== 64) continue;
    const what = "two keys in two cells, 64 callers: times etcd's transaction of one key";
    goals.push({ what, figure: round(etcd.ratio), goal: `at least ${goal}`, isMet: etcd.ratio >= goal });
  }
  const columns = ['callers', ...cellNames('selfman'), ...cellNames('etcd'), 'ratio', 'generator'];
  const method =
    'Two keys are written at once (MSET), one in each of two cells. etcd compares one key and puts it, in its one group. ' +
    'Each of our callers has a connection of its own; those of etcd share three.';
  return { method, columns, rows, goals };
}

export const measurement = { title: 'Transactions over two cells', run };
