import type { Random } from '../base/index.ts';
import type { FaultKind } from './fault.ts';
import { faultKeptProbability } from './limits.ts';

/** Kinds of fault that may happen, and how likely each is beside the others. */
export type FaultWeights = Partial<Record<FaultKind, number>>;

/** Draws which of the kinds exist at all in one run, and gives what draws one of those by its weight. */
export function drawFaults(weights: FaultWeights, random: Random): (random: Random) => FaultKind {
  const all = Object.entries(weights) as [FaultKind, number][];
  const drawn = all.filter(() => random.chance(faultKeptProbability));
  const kinds = drawn.length > 0 ? drawn : all;
  const total = kinds.reduce((sum, [, weight]) => sum + weight, 0);
  return (from) => {
    let draw = from.fraction() * total;
    for (const [kind, weight] of kinds) {
      draw -= weight;
      if (draw <= 0) return kind;
    }
    return kinds[0]![0];
  };
}
