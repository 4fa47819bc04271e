import { type Access, type NetworkConditions, natTypes } from '../world/simulated/index.ts';
import { draw } from './draw.ts';

/** Who can never talk to whom: nobody; those behind address translators; one pair in ten; two in ten. */
export const ringLinks = ['all', 'translated', 'nineInTen', 'eightInTen'] as const;
export type RingLinks = (typeof ringLinks)[number];

/** A network with such links: which pairs those are follows from the seed. */
export function networkOf(links: RingLinks, seed: number): Partial<NetworkConditions> {
  switch (links) {
    case 'all':
      return {};
    case 'translated':
      return { access: (host) => accessOf(seed, host) };
    case 'nineInTen':
      return { apart: (a, b) => lotOf(seed, a, b) >= 0.9 };
    case 'eightInTen':
      return { apart: (a, b) => lotOf(seed, a, b) >= 0.8 };
  }
}

function accessOf(seed: number, host: string): Access {
  const type = draw(seed, `access ${host}`);
  return type < 0.6 ? 'open' : natTypes[Math.floor(draw(seed, `type ${host}`) * natTypes.length)]!;
}

function lotOf(seed: number, a: string, b: string): number {
  return draw(seed, a < b ? `pair ${a} ${b}` : `pair ${b} ${a}`);
}
