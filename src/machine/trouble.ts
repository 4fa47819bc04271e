import type { Ended } from './ended.ts';
import { StartError } from './startError.ts';

/** What a peer has to say of itself before and after it serves. */
export class Trouble {
  /** The latest troubles, for `status`. */
  current: readonly string[] = [];
  readonly ended: Promise<Ended>;
  readonly ready: Promise<void>;
  end: (ended: Ended) => void = () => {};
  isReady: () => void = () => {};
  isRefused: (reason: string) => void = () => {};
  readonly #progress: (text: string) => void;

  constructor(progress: (text: string) => void) {
    this.#progress = progress;
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    this.ready = new Promise((resolve, reject) => {
      this.isReady = () => {
        this.current = [];
        resolve();
      };
      this.isRefused = (reason) => reject(new StartError(`${sentence(reason)}`));
    });
  }

  tell(reason: string, isFinal: boolean): void {
    this.current = [sentence(reason)];
    if (!isFinal) return this.#progress(sentence(reason));
    // It comes before it is ready, or later: a peer that had said goodbye and died may serve before it is told so.
    this.isRefused(reason);
    this.end({ kind: 'failed', reason: sentence(reason) });
  }
}

/** The first letter large, a full stop at the end. */
export function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
