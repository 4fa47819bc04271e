const parts = [0.1, 0.25, 0.5, 0.75, 0.9, 1, 1.25];

/** Latency as the load grows: so many a second are due, whether or not those before are answered. */
async function run(lab) {
  const ours = await lab.store('selfman');
  const rows = [];
  const points = [];
  for (const [what, work] of [
    ['puts', 'put'],
    ['gets', 'get'],
  ]) {
    const best = await lab.measure(ours, { work, callers: 256 });
    for (const part of parts) {
      const perSecond = Math.round(best.rate * part);
      const seen = await lab.measure(ours, { work, perSecond });
      rows.push([
        what,
        perSecond,
        Math.round(seen.rate),
        seen.p50Ms.toFixed(2),
        seen.p99Ms.toFixed(2),
        seen.p999Ms.toFixed(2),
        seen.failed,
      ]);
      for (const [which, ms] of [
        ['p50', seen.p50Ms],
        ['p99', seen.p99Ms],
        ['p99.9', seen.p999Ms],
      ])
        points.push({ work: what, perSecond, which, ms });
    }
  }
  const columns = ['what', 'due /s', 'done /s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'failed'];
  const method =
    'Open loop, one round: latency counts from when an operation was due. The parts are of what 256 callers in a closed loop reach.';
  return { method, columns, rows, goals: [], plots: { latency: plot(points) } };
}

function plot(values) {
  return {
    title: 'Latency as the load grows',
    data: { values },
    facet: { column: { field: 'work', type: 'nominal', title: null } },
    spec: {
      width: 300,
      height: 240,
      mark: { type: 'line', point: true },
      encoding: {
        x: { field: 'perSecond', type: 'quantitative', title: 'due a second' },
        y: { field: 'ms', type: 'quantitative', scale: { type: 'log' }, title: 'ms' },
        color: { field: 'which', type: 'nominal', title: null },
      },
    },
  };
}

export const measurement = { title: 'Latency and load', run };
