import type { Schema } from '../base/index.ts';
import type { Hearer } from '../component/index.ts';
import type { Address } from '../world/index.ts';

/** A reference of another peer leads nowhere any more. */
export interface Lost {
  readonly kind: 'lost';
  readonly peer: Address;
  readonly reason: string;
  /** Events told to it that the other peer has not confirmed: they may have come or not. */
  readonly unconfirmed: number;
}

/** An event that somebody here tells a reference of another peer. */
export interface Told {
  readonly to: DistantRef;
  readonly event: unknown;
}

/** A reference of another peer, as it is held here. What it is told when it is lost is dropped. */
export class DistantRef implements Hearer<unknown> {
  /** By this number the other peer knows it; 0 where it was lost before it came. */
  readonly number: number;
  readonly schema: Schema<unknown>;
  /** Told, and not yet on its way. */
  waiting = 0;
  readonly tell: (event: unknown) => void;
  readonly #watchers = new Set<Hearer<Lost>>();
  #lost: Lost | undefined = undefined;

  constructor(number: number, schema: Schema<unknown>, post: Hearer<Told>) {
    this.number = number;
    this.schema = schema;
    this.tell = (event) => {
      if (this.#lost !== undefined) return;
      this.waiting++;
      post.tell({ to: this, event });
    };
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  lose(lost: Lost): void {
    if (this.isLost) return;
    this.#lost = lost;
    for (const watcher of this.#watchers) watcher.tell(lost);
    this.#watchers.clear();
  }

  watch(watcher: Hearer<Lost>): () => void {
    if (this.#lost !== undefined) watcher.tell(this.#lost);
    else this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}

/**
 * Tells `watcher` once when a reference of another peer is lost, at once if it is already: the peer is gone, or the passage that it
 * came over is over. References of this peer are never lost; the result ends it.
 */
export function watchLoss(hearer: Hearer<never>, watcher: Hearer<Lost>): () => void {
  return hearer instanceof DistantRef ? hearer.watch(watcher) : () => {};
}
