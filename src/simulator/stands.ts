import { Random } from '../base/index.ts';
import type { Stand } from '../cell/index.ts';

/**
 * Draws where the peers of a seed stand, from a generator of its own: where they stand together, a seed tells the story that
 * it would tell without this. Undefined where they do.
 */
export function standsOf(seed: number, probability: number): ((peer: number) => Stand) | undefined {
  const random = new Random(Math.imul(seed, 0xc2b2ae35) >>> 0);
  if (!random.chance(probability)) return undefined;
  const zones = random.between(1, 4);
  const hosts = random.between(1, 3);
  const drawn: Stand[] = [];
  return (peer) => {
    while (drawn.length <= peer) {
      drawn.push({ zone: `z${random.between(1, zones)}`, host: `h${random.between(1, hosts)}` });
    }
    return drawn[peer]!;
  };
}
