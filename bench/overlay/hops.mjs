import { RoutedTown, skewed, uniform } from './routedTown.mjs';

const peers = 10_000;
const lookups = 5_000;
/** The ring begins with 4; the pointers of 2 are among those, and those of 8 and 16 are found from them in one round. */
const rounds = new Map([
  [4, 6],
  [2, 0],
  [8, 1],
  [16, 1],
]);
const roundMs = 20_000;
/** log k of the peers, of which one part in k is a step that is not needed. */
const expected = (arity) => (((arity - 1) / arity) * Math.log(peers)) / Math.log(arity);

/** One ring for each way to spread keys; the arity of all peers is set anew, and pointers are asked for. */
function measured(seed, drawKey, name, arities) {
  const town = new RoutedTown({ seed, drawKey, periods: { stabiliseMs: roundMs, pointersMs: roundMs } });
  town.grow(peers);
  return arities.map((arity) => {
    for (const { peer } of town.residents) peer.attributes.arity.set(arity);
    town.universe.runFor(rounds.get(arity) * roundMs);
    const table = town.tableSize();
    const { right, hops, hopsMost } = town.lookups(lookups, 15_000);
    return { name, arity, table, hops, hopsMost, right };
  });
}

export const experiment = {
  title: 'Hops of a lookup',
  run: ({ seed }) => {
    const results = [...measured(seed, uniform, 'uniform', [4, 2, 8, 16]), ...measured(seed, skewed, 'skewed', [4, 2])];
    const of = (name, arity) => results.find((one) => one.name === name && one.arity === arity);
    const [uniform4, skewed2] = [of('uniform', 4), of('skewed', 2)];
    const isAllRight = results.every(({ right }) => right === lookups);
    return {
      method: `${peers.toLocaleString('en')} simulated peers join in waves; then each arity is set at run time on all of them, and pointers
are asked for every ${roundMs / 1_000} s until the tables are full (six rounds at first). ${lookups.toLocaleString('en')} keys are looked up from
peers drawn evenly. A hop is a message that a lookup travels by; the answer is none. Skewed: places and keys are u^8, u even from 0 to
1, with Chord# order (keys are never hashed). The table counts pointers and the successor; each peer knows 7 more successors from
stabilisation, and uses them for the last hop; and who is pointed to said, when it was asked for the next pointer, which keys it holds.`,
      columns: ['keys', 'k', 'mean hops', 'most hops', 'table', 'right', '(k-1)/k log_k N'],
      rows: results.map(({ name, arity, hops, hopsMost, table, right }) => [
        name,
        arity,
        hops,
        hopsMost,
        table,
        right,
        expected(arity),
      ]),
      goals: [
        {
          what: 'hops, k = 4, uniform: mean',
          figure: uniform4.hops.toFixed(2),
          goal: '5.0',
          isMet: uniform4.hops <= 5,
        },
        {
          what: 'hops, k = 4, uniform: most',
          figure: uniform4.hopsMost,
          goal: '7 to 9',
          isMet: uniform4.hopsMost <= 9,
        },
        {
          what: 'hops, k = 2, skewed: mean (Chord 7.56)',
          figure: skewed2.hops.toFixed(2),
          goal: '6.45',
          isMet: skewed2.hops <= 6.45,
        },
        {
          what: 'table, k = 2, skewed (Chord 20)',
          figure: skewed2.table.toFixed(2),
          goal: '14',
          isMet: skewed2.table <= 14,
        },
        {
          what: 'lookups that found the holder',
          figure: isAllRight ? 'all' : `${results.map(({ right }) => right).join(', ')}`,
          goal: 'all',
          isMet: isAllRight,
        },
      ],
      plots: { hops: plot(results) },
    };
  },
};

const plot = (results) => ({
  title: `Hops of a lookup among ${peers.toLocaleString('en')} peers`,
  data: { values: results.map(({ name, arity, hops, hopsMost }) => ({ keys: name, k: arity, hops, hopsMost })) },
  encoding: { x: { field: 'k', type: 'ordinal', title: 'arity k', axis: { labelAngle: 0 } } },
  layer: [
    {
      mark: { type: 'bar' },
      encoding: {
        xOffset: { field: 'keys' },
        y: { field: 'hops', type: 'quantitative', title: 'hops: mean (bar) and most (tick)' },
        color: { field: 'keys', type: 'nominal' },
      },
    },
    {
      mark: { type: 'tick', thickness: 2, color: 'black' },
      encoding: { xOffset: { field: 'keys' }, y: { field: 'hopsMost', type: 'quantitative' } },
    },
  ],
});
