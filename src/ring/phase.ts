import { phaseRounds } from './limits.ts';

/**
 * How firmly a peer stands on the ring (after Paul, Van Roy and Vlassov 2016): what can be asked of it follows from today's
 * stress alone. `solid`: both neighbours hear it, and nobody hangs on it. `liquid1`: on a branch, or the root of one: all works, in
 * more hops. `liquid2`: others vouch for its predecessor, or its successor owes an answer. `liquid3`: it lacks a neighbour, and
 * may hold keys that others hold too, or none. `gas`: it is alone.
 */
export type Phase = 'solid' | 'liquid1' | 'liquid2' | 'liquid3' | 'gas';

const order: readonly Phase[] = ['solid', 'liquid1', 'liquid2', 'liquid3', 'gas'];

/** What a peer has anyway, and its phase is seen from. */
export interface Signs {
  readonly isAlone: boolean;
  readonly hasSuccessor: boolean;
  /** The successor did not answer what it was asked last. */
  readonly isSuccessorLate: boolean;
  readonly isPredecessorThere: boolean;
  readonly isPredecessorHeard: boolean;
  /** It hangs on a branch, or somebody hangs on it. */
  readonly isInBranch: boolean;
}

export function phaseOf(signs: Signs): Phase {
  if (signs.isAlone) return 'gas';
  if (!signs.hasSuccessor || !signs.isPredecessorThere) return 'liquid3';
  if (signs.isSuccessorLate || !signs.isPredecessorHeard) return 'liquid2';
  return signs.isInBranch ? 'liquid1' : 'solid';
}

/** A phase that gets worse at once, and better only when it was better for some rounds: so it does not flap. */
export class Standing {
  #phase: Phase = 'gas';
  #betterRounds = 0;

  get phase(): Phase {
    return this.#phase;
  }

  /** What is seen between two rounds: it counts where it is worse. */
  seeBetween(seen: Phase): boolean {
    return order.indexOf(seen) > order.indexOf(this.#phase) && this.see(seen);
  }

  /** What is seen in one round; true where the phase changed. */
  see(seen: Phase): boolean {
    const step = order.indexOf(seen) - order.indexOf(this.#phase);
    this.#betterRounds = step < 0 ? this.#betterRounds + 1 : 0;
    if (step === 0 || (step < 0 && this.#betterRounds < phaseRounds)) return false;
    this.#phase = seen;
    this.#betterRounds = 0;
    return true;
  }
}
