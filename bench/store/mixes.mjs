import { cellNames, cells, noteOf } from './lab.mjs';

const workloads = [
  ['A: half reads, half updates', { reads: 0.5, updates: 0.5 }],
  ['B: 95 reads, 5 updates', { reads: 0.95, updates: 0.05 }],
  ['C: reads', { reads: 1 }],
  ['E: 95 scans of up to 100 rows, 5 inserts', { scans: 0.95, inserts: 0.05 }],
  ['F: half reads, half read and write', { reads: 0.5 }],
];

async function run(lab) {
  const rows = [];
  for (const [what, options] of workloads) {
    const job = { work: 'mix', callers: 64, options };
    const [ours, etcd] = await lab.inTurns(['selfman', job], ['etcd', job]);
    rows.push([what, ...cells(ours), ...cells(etcd), Number(etcd.ratio.toFixed(2)), noteOf(ours, etcd)]);
  }
  const columns = ['workload', ...cellNames('selfman'), ...cellNames('etcd'), 'ratio', 'generator'];
  return {
    method:
      'The workloads of YCSB over 10,000 keys, by a Zipf law of 0.99; 64 callers. Reads of both are linearizable.',
    columns,
    rows,
    goals: [],
  };
}

export const measurement = { title: 'Mixes of YCSB', run };
