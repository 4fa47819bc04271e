import type { Contact } from './contact.ts';
import type { Merging } from './merging.ts';
import type { Neighbours } from './neighbours.ts';
import type { Phase, Standing } from './phase.ts';

/** Where a peer stands: it holds the keys behind its predecessor up to its own place. */
export interface Place {
  readonly self: Contact;
  readonly predecessor: Contact | undefined;
  readonly successor: Contact | undefined;
}

/** What one peer holds true, to be read at any time. */
export interface RingView extends Place {
  /** The successor and those behind it, the nearest first. */
  readonly successors: readonly Contact[];
  readonly phase: Phase;
  /** Peers that it has still to look for in its ring. */
  readonly strangers: number;
}

export function viewOf(neighbours: Neighbours, merging: Merging, standing: Standing): RingView {
  return {
    self: neighbours.self,
    get predecessor() {
      return neighbours.predecessor;
    },
    get successor() {
      return neighbours.successor;
    },
    get successors() {
      return neighbours.successors;
    },
    get phase() {
      return standing.phase;
    },
    get strangers() {
      return merging.waiting;
    },
  };
}
