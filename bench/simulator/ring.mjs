import { performance } from 'node:perf_hooks';
import { Town } from './town.mjs';

const lookups = 10_000;
const roundMs = 20_000;
const roundsMax = 8;

/**
 * Builds a ring: in each wave as many peers join as there are, through any of them, until all are there; then pointers are
 * asked for anew until lookups take no fewer hops; then keys are looked up.
 */
export function ring(peers = '100000') {
  const wanted = Number(peers);
  if (!Number.isInteger(wanted) || wanted < 2) {
    console.error(`${peers} is no number of peers: npm run bench -- simulator ring 10000`);
    process.exit(2);
  }
  const startedMs = performance.now();
  const town = new Town(1, { stabiliseMs: 5_000, pointersMs: roundMs });
  const say = (text) => {
    const { universe } = town;
    const memory = `${Math.round(process.memoryUsage().rss / 1e6)} MB`;
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0);
    const frames = universe.network.framesSent.toLocaleString('en');
    console.log(
      `${seconds} s, ${memory}, ${(universe.nowMs / 1_000).toFixed(0)} s simulated, ${frames} frames: ${text}`,
    );
  };
  town.add(undefined);
  while (town.residents.length < wanted) {
    wave(town, Math.min(town.residents.length, wanted - town.residents.length));
    if (town.residents.length >= 1_000) say(`${town.residents.length} peers, ${town.misplaced()} misplaced`);
  }
  for (let round = 0; round < roundsMax; round++) {
    town.universe.runFor(roundMs);
    const { right, hops, hopsMost } = town.lookups(lookups / 10, 5_000);
    say(
      `${town.misplaced()} misplaced; of ${lookups / 10} lookups ${right} right, ${hops.toFixed(2)} hops, ${hopsMost} at most`,
    );
    if (town.misplaced() === 0 && hopsMost <= Math.log2(wanted)) break;
  }
  const { right, hops, hopsMost } = town.lookups(lookups, 15_000);
  say(`of ${lookups} lookups ${right} were right, over ${hops.toFixed(2)} hops on average and ${hopsMost} at most`);
}

function wave(town, count) {
  const known = town.residents.length;
  for (let i = 0; i < count; i++) {
    const contact = town.residents[town.random.below(known)].host.address;
    town.universe.after(town.random.fraction() * 2_000, () => town.add(contact));
  }
  town.universe.runFor(4_000);
}
