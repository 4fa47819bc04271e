import { syncBuiltinESMExports } from 'node:module';
import { promiseHooks } from 'node:v8';
import { escapesMax } from './limits.ts';
import { type Trap, trapsOf } from './traps.ts';

/** A place from which code reached out of the simulation. */
export interface Escape {
  /** What it reached for, as in `Date.now`. */
  readonly what: string;
  /** Where, the innermost call first. */
  readonly stack: string;
  /** How often it did from there. */
  times: number;
}

/** What a call returned, and what in it escaped from determinism. */
export interface Guarded<T> {
  readonly result: T;
  readonly escapes: readonly Escape[];
}

let isOnGuard = false;

/**
 * Calls `run` and tells what in it reached for something that no seed decides: the clock, randomness, timers, promises
 * (those of `async` and `await` too), the platform's files and sockets. What was asked for is given all the same, so
 * that the run goes on. For the time of the call the names of the platform stand for traps; then all is put back as it
 * was, also if `run` throws. `run` must be synchronous, as simulations are: guards do not nest.
 */
export function guarded<T>(run: () => T): Guarded<T> {
  if (isOnGuard) throw new Error('a guarded run may not start another: end the one before');
  const watch = new Watch();
  isOnGuard = true;
  const traps = trapsOf((what, trap) => watch.see(what, trap));
  const stopHook = promiseHooks.onInit(function onInit() {
    watch.see('a promise', onInit);
  });
  try {
    for (const trap of traps) trap.set();
    // Modules that were imported by name hold copies, which follow only when they are told to.
    syncBuiltinESMExports();
    return { result: run(), escapes: watch.escapes };
  } finally {
    putBack(traps);
    stopHook();
    isOnGuard = false;
  }
}

/** An escape as a violation: what, how often, and where. */
export function escapeText({ what, times, stack }: Escape): string {
  return `SIM-2: simulated code reached for ${what}, ${times === 1 ? 'once' : `${times} times`}:\n${stack}`;
}

function putBack(traps: readonly Trap[]): void {
  for (const trap of traps.toReversed()) trap.putBack();
  syncBuiltinESMExports();
}

class Watch {
  readonly #escapes = new Map<string, Escape>();
  #isLooking = false;

  get escapes(): readonly Escape[] {
    return [...this.#escapes.values()];
  }

  /** `trap` is the function that was called: the stack begins with who called it. */
  see(what: string, trap: (...words: never[]) => unknown): void {
    // To tell the stack may itself take a file or a clock, where somebody maps it to sources.
    if (this.#isLooking) return;
    this.#isLooking = true;
    const holder: { stack?: string } = {};
    Error.captureStackTrace(holder, trap);
    const stack = (holder.stack ?? '').split('\n').slice(1).join('\n');
    this.#isLooking = false;
    const place = `${what}\n${stack}`;
    const known = this.#escapes.get(place);
    if (known !== undefined) known.times++;
    else if (this.#escapes.size < escapesMax) this.#escapes.set(place, { what, stack, times: 1 });
  }
}
