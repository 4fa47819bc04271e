import { performance } from 'node:perf_hooks';
import type { Ref } from '../../component/index.ts';
import type { Timeout, Timer } from '../index.ts';
import { platformDelayMaxMs } from './limits.ts';

/** Timers of the platform, made reliable: it fires them up to a millisecond early, and after a cancel in one turn. */
export class RealTimer implements Timer {
  readonly #open = new Set<() => void>();

  after(delayMs: number, notify: Ref<void>): Timeout {
    const dueMs = performance.now() + delayMs;
    let isWanted = true;
    let handle: NodeJS.Timeout | undefined;
    const wake = (): void => {
      const earlyMs = dueMs - performance.now();
      if (earlyMs > 0) {
        handle = setTimeout(wake, Math.min(Math.ceil(earlyMs), platformDelayMaxMs));
        return;
      }
      this.#open.delete(cancel);
      notify.tellIf(undefined, () => isWanted);
    };
    const cancel = (): void => {
      isWanted = false;
      clearTimeout(handle);
      this.#open.delete(cancel);
    };
    this.#open.add(cancel);
    handle = setTimeout(wake, Math.min(delayMs, platformDelayMaxMs));
    return { cancel };
  }

  /** Cancels all that are open. */
  close(): void {
    for (const cancel of [...this.#open]) cancel();
  }
}
