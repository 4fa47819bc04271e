import type { Ref } from '../component/index.ts';

/** A time-out that was set. */
export interface Timeout {
  /** Reliable: after this call it is never told, also when it was due already. Calling it twice does no harm. */
  cancel(): void;
}

/**
 * One-shot timers, told to a reference of the component that set them (a port would tell everyone). Never early; late
 * by however busy the peer is. They follow the monotonic clock.
 */
export interface Timer {
  after(delayMs: number, notify: Ref<void>): Timeout;
}
