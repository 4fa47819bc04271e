import { type Access, type NetworkConditions, natTypes } from '../world/simulated/index.ts';
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
  return { rings: count, network: networkOf(rings, seed), outfit };
}

function networkOf(rings: RingsOptions, seed: number): Partial<NetworkConditions> {
  const kind = draw(seed, 'network');
  if (kind < rings.allTalk) return {};
  if (kind < rings.allTalk + rings.translated) {
    const access = (host: string): Access => {
      const type = draw(seed, `access ${host}`);
      return type < 0.6 ? 'open' : natTypes[Math.floor(draw(seed, `type ${host}`) * natTypes.length)]!;
    };
    return { access };
  }
  const connectivity = draw(seed, 'connectivity') < 0.5 ? 0.9 : 0.8;
  const apart = (a: string, b: string): boolean =>
    draw(seed, a < b ? `pair ${a} ${b}` : `pair ${b} ${a}`) >= connectivity;
  return { apart };
}

/** A number in [0, 1) that a seed gives for a word (FNV-1a, mixed). */
export function draw(seed: number, word: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 0x1_0000_0000;
}
