import { type Context, component, type Fault, System } from '../src/component/index.ts';

/** A system that runs when told, with a clock that goes when told, and all that went wrong in it. */
export class ComponentRig {
  readonly faults: Fault[] = [];
  readonly halts: Fault[] = [];
  readonly system: System;
  nowMs = 0;
  wakes = 0;

  constructor() {
    this.system = new System({
      scheduler: { nowMs: () => this.nowMs, wake: () => void this.wakes++ },
      onFault: (fault) => this.faults.push(fault),
      onHalt: (fault) => this.halts.push(fault),
    });
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
