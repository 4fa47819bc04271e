import { cellNames, cells, noteOf } from './lab.mjs';

const sizes = [16, 128, 1_024, 16_384, 131_072, 1_048_576];
const callersFor = (bytes) => (bytes > 100_000 ? 8 : 64);

async function run(lab) {
  const rows = [];
  for (const valueBytes of sizes) {
    for (const work of ['put', 'get']) {
      const job = {
        work,
        callers: callersFor(valueBytes),
        options: { valueBytes, keys: valueBytes > 100_000 ? 100 : 1_000 },
      };
      const contestants = [['selfman', job], ...(valueBytes > 1_000_000 ? [] : [['etcd', job]])];
      const [ours, etcd] = await lab.inTurns(...contestants);
      const theirs = etcd === undefined ? ['', '', '', '', ''] : [...cells(etcd), Number(etcd.ratio.toFixed(2))];
      const megabytes = (ours.rate * valueBytes) / 1e6;
      rows.push([
        work,
        valueBytes,
        ...cells(ours),
        megabytes.toFixed(1),
        ...theirs,
        noteOf(ours, ...(etcd ? [etcd] : [])),
      ]);
    }
  }
  const columns = ['work', 'bytes', ...cellNames('selfman'), 'MB/s', ...cellNames('etcd'), 'ratio', 'generator'];
  return {
    method:
      '64 callers over 1,000 keys, 8 over 100 keys where values are above 100,000 bytes. Gets follow the puts of the same size. A megabyte is above what etcd takes.',
    columns,
    rows,
    goals: [],
  };
}

export const measurement = { title: 'Values of 16 bytes to 1 MiB', run };
