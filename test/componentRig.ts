import { type Context, component, type Fault, System } from '../src/component/index.ts';

/** A system that runs when told, with a clock that goes when told, and all that went wrong in it. */
export class ComponentRig {
  readonly faults: Fault[] = [];
  readonly halts: Fault[] = [];
  readonly system: System;
  nowMs = 0;
  wakes = 0;
  readonly #later: { readonly atMs: number; readonly run: () => void }[] = [];

  constructor() {
    this.system = new System({
      scheduler: {
        nowMs: () => this.nowMs,
        wake: () => void this.wakes++,
        after: (delayMs, run) => this.#after(delayMs, run),
      },
      onFault: (fault) => this.faults.push(fault),
      onHalt: (fault) => this.halts.push(fault),
    });
  }

  #after(delayMs: number, run: () => void): void {
    this.#later.push({ atMs: this.nowMs + delayMs, run });
  }

  /** Lets the clock go on, and what was put off come in its order. */
  advance(ms: number): void {
    const endMs = this.nowMs + ms;
    const next = () => this.#later.sort((a, b) => a.atMs - b.atMs)[0];
    for (let due = next(); due !== undefined && due.atMs <= endMs; due = next()) {
      this.#later.shift();
      this.nowMs = due.atMs;
      due.run();
      this.system.run();
    }
    this.nowMs = endMs;
  }

  /** Creates and starts a root of this set-up, and handles all events. */
  // biome-ignore lint/complexity/noBannedTypes: a root has no ports, which is what {} says.
  root<T>(setup: (context: Context<{}, {}>) => T): T {
    const made: T[] = [];
    const root = component('root', { setup: (context) => void made.push(setup(context)) });
    this.system.create(root).start();
    this.system.run();
    return made[0]!;
  }
}
