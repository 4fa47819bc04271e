import type { Result } from '../base/index.ts';

/** Who a peer is, as its disk says: a wiped disk has another incarnation, and so is another peer. */
export interface Identity {
  readonly name: string;
  /** Sixteen random hexadecimal digits, drawn when the disk was empty. */
  readonly incarnation: string;
  /** The system that the peer belongs to; undefined until it made or joined one. */
  readonly systemId: string | undefined;
  /** Remembers the system for good: synced when the call returns. A peer never changes its system. */
  saveSystemId(systemId: string): Result<void, string>;
}
