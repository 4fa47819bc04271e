import type { PeerId } from '../overlay/index.ts';
import { type Ballot, compareBallots, noBallot } from './ballot.ts';
import type { ReplicaContext } from './replicaContext.ts';

/**
 * A replica that lost synced records may have forgotten promises. It asks all other members for theirs: whoever it
 * promised had promised itself before, so the highest answer is at least what was forgotten (CELL-10).
 */
export class Recall {
  readonly #nonce: number;
  readonly #missing: Set<PeerId>;
  #highest: Ballot = noBallot;

  constructor(context: ReplicaContext, others: readonly PeerId[]) {
    this.#nonce = context.world.entropy.u32();
    this.#missing = new Set(others);
  }

  get nonce(): number {
    return this.#nonce;
  }

  get missing(): ReadonlySet<PeerId> {
    return this.#missing;
  }

  /** The highest promise, once all have answered. */
  get promise(): Ballot | undefined {
    return this.#missing.size === 0 ? this.#highest : undefined;
  }

  onRecovered(from: PeerId, nonce: number, promise: Ballot): void {
    if (nonce !== this.#nonce || !this.#missing.delete(from)) return;
    if (compareBallots(promise, this.#highest) > 0) this.#highest = promise;
  }
}
