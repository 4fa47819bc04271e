import { cellNames, cells, noteOf } from './lab.mjs';

const callers = 32;

/** What a split costs those who write meanwhile. */
async function run(lab) {
  const ours = await lab.store('selfman');
  const rows = [];
  const job = { work: 'put', callers };
  const calm = await lab.measure(ours, job);
  rows.push(['nothing', ...cells(calm), calm.p999Ms.toFixed(2), noteOf(calm)]);
  for (const border of ['key000002500', 'key000005000', 'key000007500']) {
    const written = lab.measure(ours, job);
    await new Promise((resolve) => setTimeout(resolve, (lab.seconds * 1_000) / 2));
    const begin = performance.now();
    await ours.split(border);
    const tookMs = performance.now() - begin;
    const seen = await written;
    rows.push([
      `a split in the middle of it, led on both sides after ${tookMs.toFixed(0)} ms`,
      ...cells(seen),
      seen.p999Ms.toFixed(2),
      noteOf(seen),
    ]);
  }
  const columns = ['while this happens', ...cellNames('selfman'), 'p99.9 ms', 'generator'];
  const method = `${callers} writers over 10,000 keys, one round. Each split is at a key in the middle of what is written. How long writes stop when a leader is lost: \`npm run bench -- failover\`.`;
  return { method, columns, rows, goals: [] };
}

export const measurement = { title: 'Splits under load', run };
