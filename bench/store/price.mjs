import { cellNames, cells, noteOf } from './lab.mjs';

const callers = 64;
/** So many writes are on their way for 64 callers of eventual ones: what three peers may owe, and theirs. */
const asManyCallers = 64 + 3 * 1_024;
/** Members that only followed have answered no read before: their code is compiled while they do. */
const warmUpMs = 8_000;
const eventual = 'SELFMAN EVENTUAL on';
const anyAge = 'SELFMAN STALE any';
/** Of what the exact way reaches less, in percent: J. Arad's figures for CATS (2013). */
const catsPrices = { get: 5, put: 25 };

/** What exactness costs, and what copies cost, of the same program: each pair differs in one thing. */
async function run(lab) {
  const ours = await lab.store('selfman');
  const leader = [await ours.leaderAddress()];
  const put = { work: 'put', callers };
  const get = { work: 'get', callers };
  for (const job of [
    { ...put, setup: eventual },
    { ...get, setup: anyAge },
  ])
    await lab.measure(ours, { ...job, durationMs: warmUpMs });
  const pairs = [
    ['put, as users see it', 'exact', put, 'eventual', { ...put, setup: eventual }],
    [
      'put, as many on their way',
      `exact, ${asManyCallers} callers`,
      { ...put, callers: asManyCallers },
      `eventual, ${callers} callers`,
      { ...put, setup: eventual },
      catsPrices.put,
    ],
    ['get, as users see it', 'exact, any peer', get, 'of any age, any peer', { ...get, setup: anyAge }],
    [
      'get, over the same way',
      "exact, the leader's peer",
      { ...get, addresses: leader },
      "of any age, the leader's peer",
      { ...get, addresses: leader, setup: anyAge },
      catsPrices.get,
    ],
  ];
  for (const replicas of [3, 1]) await ours.setDegree(`price${replicas}/`, replicas);
  const ofCopies = (work, replicas) => ({ ...work, options: { prefix: `price${replicas}/` } });
  for (const work of [put, get])
    pairs.push([`${work.work}, copies`, '3 copies', ofCopies(work, 3), '1 copy', ofCopies(work, 1)]);
  const rows = [];
  const goals = [];
  for (const pair of pairs) await measurePair(lab, pair, rows, goals);
  return {
    method,
    columns: ['pair', 'way', ...cellNames('selfman'), 'price in throughput', 'in p50', 'generator'],
    rows,
    goals,
  };
}

async function measurePair(lab, [what, dearName, dear, cheapName, cheap, goal], rows, goals) {
  const [one, other] = await lab.inTurns(['selfman', dear], ['selfman', cheap]);
  const price = (1 - other.ratio) * 100;
  const slower = (one.p50Ms / other.p50Ms - 1) * 100;
  rows.push([what, dearName, ...cells(one), percent(price), percent(slower), noteOf(one)]);
  rows.push([what, cheapName, ...cells(other), '', '', noteOf(other)]);
  if (goal === undefined) return;
  goals.push({
    what: `${what}: price of exactness in throughput`,
    figure: percent(price),
    goal: `at most ${goal}% (CATS)`,
    isMet: price <= goal,
  });
}

const percent = (value) => `${value.toFixed(1)}%`;

const method =
  `${callers} callers unless said otherwise, over three connections, one a peer. A price is what the exact way reaches less in throughput, and takes longer at the median; below 0 it reaches more. ` +
  'An eventual put goes the same way through the log as an exact one, and is answered before: so callers see the price of waiting, and with as many on their way the price of all that is done ' +
  'beside the log, which is what CATS means: the same messages to the same replicas, with and without what makes them exact. ' +
  'A get of any age asks no leader: at any peer that saves two message steps. Over the same way, at the peer that leads, the lease is what is left of the price. ' +
  'Of copies: two cells of the same cluster, with three members and with one. CPU is that of all peers for one operation.';

export const measurement = { title: 'The price of exactness, and of copies', run };
