import { cellNames, cells, noteOf } from './lab.mjs';

const keys = 10_000_000;
const lines = 3;
const inFlight = 512;

/** Ten million keys: how long they take to write, and what reads and writes among them cost then. */
async function run(lab) {
  const ours = await lab.store('selfman');
  const rows = [];
  const begin = performance.now();
  const filled = await lab.measure(ours, {
    work: 'fill',
    lines,
    callers: lines * inFlight,
    options: { keys },
    durationMs: Number.MAX_SAFE_INTEGER,
  });
  const seconds = (performance.now() - begin) / 1_000;
  rows.push([
    `${keys.toLocaleString('en')} keys are written in ${seconds.toFixed(0)} s`,
    ...cells(filled),
    noteOf(filled),
  ]);
  for (const work of ['get', 'put', 'range']) {
    const [seen] = await lab.inTurns(['selfman', { work, callers: 64, options: { keys } }]);
    rows.push([`${work}, 64 callers, any of them`, ...cells(seen), noteOf(seen)]);
  }
  const megabytes = ours.residentBytes().map((bytes) => Math.round(bytes / 2 ** 20));
  rows.push([`memory of the peers, MiB: ${megabytes.join(', ')}`, '', '', '', '', '']);
  const columns = ['what', ...cellNames('selfman'), 'generator'];
  return {
    method: `128-byte values. They are written with ${lines * inFlight} requests under way.`,
    columns,
    rows,
    goals: [],
  };
}

export const measurement = { title: 'Ten million keys', run };
