import { gainPerUnitLeast, lightPartMax } from './limits.ts';

/** What gossip says of the loads of all peers. */
export interface Overview {
  readonly mean: number;
}

/** Two peers that may share better, the heavier and the lighter, and who stands behind the lighter one. */
export interface Pair {
  readonly heavy: number;
  readonly light: number;
  /** Whether one stands behind the other, so that only their border need move. */
  readonly areNeighbours: boolean;
  /** The load of the peer behind the lighter one, which takes over what that one leaves. */
  readonly behindLight: number;
}

/**
 * A move: `slide` moves the border between neighbours, `jump` has the lighter leave its place to the one behind it and take a
 * part of the heavier. `amount` is what the lighter takes from the heavier; `moved` is all that travels.
 */
export interface Move {
  readonly kind: 'slide' | 'jump';
  readonly amount: number;
  readonly moved: number;
  /** By how much the sum of the squares of all loads drops: what balance is worth here. */
  readonly gain: number;
}

/**
 * How two peers would share their loads (Karger and Ruhl 2004), gated by what gossip knows: only what lies above the mean is given
 * away, no more than a mean at once, and only where the gain is worth what travels (Hoegqvist and others 2008). Without an
 * overview the two share alike, where one carries less than a quarter of the other. Undefined where they stay as they are.
 */
export function moveFor(pair: Pair, overview: Overview | undefined): Move | undefined {
  const move = pair.areNeighbours ? slide(pair, overview) : jump(pair, overview);
  if (move.amount <= 0 || move.gain <= 0) return undefined;
  if (overview === undefined) return pair.light <= lightPartMax * pair.heavy ? move : undefined;
  return move.gain >= gainPerUnitLeast * overview.mean * move.moved ? move : undefined;
}

function slide({ heavy, light }: Pair, overview: Overview | undefined): Move {
  const half = (heavy - light) / 2;
  // Neither is to come behind the mean: what one takes too much of travels again.
  const amount = overview === undefined ? half : Math.min(heavy - overview.mean, overview.mean - light);
  const gain = heavy ** 2 + light ** 2 - (heavy - amount) ** 2 - (light + amount) ** 2;
  return { kind: 'slide', amount, moved: amount, gain };
}

function jump({ heavy, light, behindLight }: Pair, overview: Overview | undefined): Move {
  const amount = overview === undefined ? heavy / 2 : Math.min(heavy - overview.mean, overview.mean);
  const before = heavy ** 2 + light ** 2 + behindLight ** 2;
  const after = (heavy - amount) ** 2 + amount ** 2 + (behindLight + light) ** 2;
  return { kind: 'jump', amount, moved: amount + light, gain: before - after };
}

/** What a newcomer would take of a peer: what lies above the mean and no more than a mean, or half where nobody knows it. */
export function shareFor(load: number, overview: Overview | undefined): number {
  if (overview === undefined || load <= overview.mean) return load / 2;
  return Math.min(load - overview.mean, overview.mean);
}

/** By how much the sum of squares drops where a newcomer takes its share of a load. */
export function gainOfShare(load: number, overview: Overview | undefined): number {
  const share = shareFor(load, overview);
  return load ** 2 - (load - share) ** 2 - share ** 2;
}
