import { RoutedTown } from './routedTown.mjs';

const peers = 500;
const lookups = 1_000;
const patienceMs = 6_000;
const shares = [0, 5, 10, 20];
const manners = ['recursive', 'iterative', 'disjoint'];

/** Says nothing to lookups; all else is answered as by everybody, so that nobody notices. */
const swallow =
  () =>
  ({ kind }) =>
    kind === 'askWay' || kind === 'lookup' ? [] : undefined;
/** Says that it holds whatever it is asked for. */
const claim = (self) => (message) => {
  const { kind, token } = message;
  if (kind === 'askWay') return [{ kind: 'way', token, holds: true, holder: undefined, nearest: [] }];
  if (kind !== 'lookup') return undefined;
  const { hops, way } = message;
  return [{ kind: 'found', token, owner: self, hops, way: way.slice(0, -1) }];
};

function measured(seed, wickedness) {
  const town = new RoutedTown({ seed, mayLie: true, periods: { stabiliseMs: 60_000, pointersMs: 20_000 } });
  town.grow(peers);
  town.universe.runFor(90_000);
  const wickedFirst = [...town.residents].sort((a, b) => (a.self.address < b.self.address ? -1 : 1));
  return shares.flatMap((share) => {
    const wicked = wickedFirst.slice(0, (peers * share) / 100);
    return manners.map((manner) => {
      for (const one of wicked) one.lie = wickedness(one.self);
      const { right, wrong, hops } = lookUp(town, manner);
      for (const one of wicked) one.lie = undefined;
      return { wickedness: wickedness.name, share, manner, right: right / lookups, wrong: wrong / lookups, hops };
    });
  });
}

function lookUp(town, manner) {
  return town.lookups(lookups, patienceMs, { manner, keyOf: (order) => town.random.pick(order).self.id });
}

export const experiment = {
  title: 'Peers on the way that swallow lookups, or lie',
  run: ({ seed }) => {
    const results = [...measured(seed, swallow), ...measured(seed, claim)];
    const of = (wickedness, share, manner) =>
      results.find((one) => one.wickedness === wickedness && one.share === share && one.manner === manner);
    const gain = (wickedness) => [of(wickedness, 10, 'recursive').right, of(wickedness, 10, 'disjoint').right];
    const percent = (part) => `${(part * 100).toFixed(1)}%`;
    return {
      method: `${peers} simulated peers with settled pointers of arity 4. A part of them swallows lookups, or claims to hold whatever it
is asked for, and answers all else as it should, so that nobody takes it for gone. ${lookups.toLocaleString('en')} places of honest peers are looked up by
honest peers, for ${patienceMs / 1_000} s: a recursive lookup is asked four times by then, mostly over the same peers; a walk goes around who does
not answer for 750 ms. Two ways share nobody but the holder, and of two claims the one
nearer behind the key holds.`,
      columns: ['they', 'part', 'manner', 'right', 'wrong', 'mean hops'],
      rows: results.map(({ wickedness, share, manner, right, wrong, hops }) => [
        `${wickedness}`,
        `${share}%`,
        manner,
        percent(right),
        percent(wrong),
        hops,
      ]),
      goals: ['swallow', 'claim'].map((wickedness) => ({
        what: `10% ${wickedness}: right on two ways (recursive ${percent(gain(wickedness)[0])})`,
        figure: percent(gain(wickedness)[1]),
        goal: 'less than half of the failures of recursive',
        isMet: 1 - gain(wickedness)[1] < (1 - gain(wickedness)[0]) / 2,
      })),
      plots: { right: plot(results) },
    };
  },
};

const plot = (results) => ({
  title: 'Lookups that found the holder',
  data: { values: results },
  mark: { type: 'line', point: true },
  encoding: {
    x: { field: 'share', type: 'quantitative', title: 'peers that swallow or claim, in %' },
    y: { field: 'right', type: 'quantitative', title: 'right', axis: { format: '%' }, scale: { zero: false } },
    color: { field: 'manner', type: 'nominal', title: null },
    strokeDash: { field: 'wickedness', type: 'nominal', title: null },
    shape: { field: 'wickedness', type: 'nominal', title: null },
  },
});
