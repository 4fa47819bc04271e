import type { TraceLine } from '../world/simulated/index.ts';

/** A run that somebody watches while it happens: what it shows at a moment, and what can be done to it. */
export interface Watched<Scene extends { readonly atMs: number }, Deed> {
  readonly nowMs: number;
  /** Lets everything happen up to a moment of virtual time. */
  advanceTo(ms: number): void;
  /** Lets the next event happen. */
  step(): void;
  /** The lines of the trace that were added since the last call. */
  takeLines(): readonly TraceLine[];
  /** Intervenes now. A sentence says why it cannot be done. */
  perform(deed: Deed): string | undefined;
  /** How everything is now. */
  look(): Scene;
  /** What is wrong with what happened so far, in sentences. */
  judge(): readonly string[];
}
