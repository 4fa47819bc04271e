import type { NetworkConditions } from '../world/simulated/index.ts';
import { draw } from './draw.ts';
import { networkOf, type RingLinks } from './ringLinks.ts';
import type { RingsOptions } from './scenario.ts';

/** What peers of a town run beside a ring. */
export interface Outfit {
  /** A sample of the others, and averages over all of them. */
  readonly hasGossip: boolean;
  /** Messages to all of them, and their answers. */
  readonly hasGroups: boolean;
  /** Several seats behind one transport, where others have one place each. */
  readonly hasSeats: boolean;
}

/** A ring and nothing else. */
export const plainOutfit: Outfit = { hasGossip: false, hasGroups: false, hasSeats: false };

export interface TownShape {
  /** Rings that there are at first. */
  readonly rings: number;
  /** Who can never talk to whom. */
  readonly network: Partial<NetworkConditions>;
  readonly outfit: Outfit;
}

/** What a town is like: the seed's too, but not of the universe that it makes, so that the same things happen in it otherwise. */
export function shapeOf(rings: RingsOptions, seed: number): TownShape {
  const count = draw(seed, 'rings') < rings.oneRing ? 1 : 2 + Math.floor(draw(seed, 'more') * 2);
  const hasSeats = draw(seed, 'seats') < rings.seats;
  const outfit = {
    hasSeats,
    hasGossip: draw(seed, 'gossip') < rings.gossip,
    // Groups speak to peers that have one place each.
    hasGroups: !hasSeats && draw(seed, 'groups') < rings.groups,
  };
  return { rings: count, network: networkOf(linksOf(rings, seed), seed), outfit };
}

function linksOf(rings: RingsOptions, seed: number): RingLinks {
  const kind = draw(seed, 'network');
  if (kind < rings.allTalk) return 'all';
  if (kind < rings.allTalk + rings.translated) return 'translated';
  return draw(seed, 'connectivity') < 0.5 ? 'nineInTen' : 'eightInTen';
}
