import type { Address } from '../world/index.ts';
import type { RingMessage } from './messages.ts';

/** What the ring does to the world. */
export interface RingEffects {
  readonly send: (to: Address, message: RingMessage) => void;
  readonly nowMs: () => number;
  /** A predecessor that is not heard of for longer does not keep its place against others. */
  readonly silentMs: number;
  /** Nor does one that was never heard, when nobody vouched for it for longer. */
  readonly unheardMs: number;
  /** The place of this peer changed: who stands before it, or behind. */
  readonly moved: () => void;
}
