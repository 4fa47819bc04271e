import { churn, meterBytes } from './churn.mjs';
import { RoutedTown } from './routedTown.mjs';

const peers = 200;
const arities = [2, 4, 8, 16];
const livesMs = [30 * 60_000, 10 * 60_000, 4 * 60_000];
const churnMs = 60_000;
const lookupsPerSecond = 20;

function measured(seed, arity, lifeMs) {
  const town = new ArityTown({ seed, arity });
  town.grow(peers);
  town.universe.runFor(20_000);
  const meter = meterBytes(town);
  const startMs = town.universe.nowMs;
  const { asked, right, wrong } = churn(town, { lifeMs, forMs: churnMs, lookupsPerSecond, overlaps: () => 0 });
  const bytes = meter.bytes / peers / ((town.universe.nowMs - startMs) / 1_000);
  const { hops } = town.lookups(1_000, 5_000);
  return { arity, lifeMs, bytes, hops, right: right / asked, wrong: wrong / asked };
}

class ArityTown extends RoutedTown {
  #arity;

  constructor({ seed, arity }) {
    super({ seed });
    this.#arity = arity;
  }

  add(contact) {
    const resident = super.add(contact);
    resident.peer.attributes.arity.set(this.#arity);
    return resident;
  }
}

export const experiment = {
  title: 'Arity under churn',
  run: ({ seed }) => {
    const results = livesMs.flatMap((lifeMs) => arities.map((arity) => measured(seed, arity, lifeMs)));
    const percent = (part) => `${(part * 100).toFixed(1)}%`;
    const of = (arity, lifeMs) => results.find((one) => one.arity === arity && one.lifeMs === lifeMs);
    const spread = arities.map((arity) => of(arity, livesMs[0]).right - of(arity, livesMs.at(-1)).right);
    return {
      method: `${peers} simulated peers with lives of ${livesMs.map((lifeMs) => lifeMs / 60_000).join(', ')} minutes on the average come and go for
${churnMs / 1_000} s, all with one arity; ${lookupsPerSecond} keys are looked up in a second. Pointers are asked for every 5 s, neighbours every second. Bytes
are all frames and 40 B each for IP and TCP, lookups too; hops are those right after the churn. The question is whether a peer should choose
its arity by the churn that it sees: it should if the best arity were another one with short lives than with long ones.`,
      columns: ['lives, min', 'k', 'B/s a peer', 'hops', 'right', 'wrong'],
      rows: results.map(({ arity, lifeMs, bytes, hops, right, wrong }) => [
        lifeMs / 60_000,
        arity,
        bytes,
        hops,
        percent(right),
        percent(wrong),
      ]),
      goals: [
        {
          what: 'what short lives take from the lookups that are right: least and most of all arities',
          figure: `${percent(Math.min(...spread))} and ${percent(Math.max(...spread))}`,
          goal: 'apart by less than 2%: churn does not choose the arity',
          isMet: Math.max(...spread) - Math.min(...spread) < 0.02,
        },
      ],
      plots: {},
    };
  },
};
