import type { AppliedGroup } from '../state/index.ts';
import type { Ballot } from './ballot.ts';

/** What a copy tells its replica. */
export interface CopyHost {
  applied(index: number, groups: readonly AppliedGroup[]): void;
  /** A stop-sign is chosen and applied: the epoch ends, and in a moment the next one begins. */
  leaving(): void;
  readonly isLeading: boolean;
  entered(): void;
  /** The cell is sealed: nobody leads it any more. */
  sealed(): void;
  /** It is to absorb the one above: the others are told at once, so that all do it side by side. */
  absorbs(): void;
  /** Entries that this replica did not have were chosen: if it leads, it does so in a ballot that is over. */
  overtaken(): void;
  /** There is no state here, or one that is too old: the replica leads no more, until `begins`. */
  withdrawn(): void;
  /** The replica takes part (again): `promise` is the highest that it may have given in this epoch. */
  begins(promise: Ballot): void;
  flushLater(): void;
}
