import { cellNames, cells, noteOf } from './lab.mjs';

const writers = 70;
const goalMs = 5;

async function run(lab) {
  const rows = [];
  const goals = [];
  for (const [what, work] of [
    ['one counter', 'hotCounter'],
    ['one set', 'hotSet'],
  ]) {
    const [seen] = await lab.inTurns(['selfman', { work, callers: writers }]);
    // As many as there are writers are under way at any time: so long take that many of them, on the average.
    const roundMs = (writers / seen.rate) * 1_000;
    rows.push([what, ...cells(seen), roundMs.toFixed(2), noteOf(seen)]);
    const isMet = roundMs <= goalMs;
    goals.push({
      what: `${writers} additions to ${what}, ms`,
      figure: Number(roundMs.toFixed(2)),
      goal: `at most ${goalMs}`,
      isMet,
    });
  }
  const columns = ['what', ...cellNames('selfman'), `${writers} additions ms`, 'generator'];
  return {
    method: `${writers} writers, through all three peers, add to the same key again and again (Beernet: 260 ms with value sets, 2.4 s with Paxos).`,
    columns,
    rows,
    goals,
  };
}

export const measurement = { title: 'Many writers to one key', run };
