import { territoryOf, waitingWithin } from './boundary.ts';
import type { RuntimeChannel } from './channel.ts';
import type { Instance } from './instance.ts';
import type { System } from './system.ts';

/**
 * Lets components handle what is on the way to them and within them, while the channels to others keep what comes later. So a
 * component comes to rest without anything being lost.
 */
export class Drain {
  readonly instances: ReadonlySet<Instance>;
  readonly #system: System;
  readonly #held: RuntimeChannel[] = [];
  readonly #startedMs: number;
  readonly #endMs: number;

  constructor(system: System, instances: readonly Instance[], drainMs: number) {
    this.instances = new Set(instances);
    this.#system = system;
    this.#startedMs = system.nowMs();
    this.#endMs = this.#startedMs + drainMs;
    for (const instance of instances) {
      for (const channel of territoryOf(instance).boundary) {
        if (channel.isHeld) continue;
        channel.hold();
        this.#held.push(channel);
      }
    }
  }

  get isDrained(): boolean {
    return this.waiting === 0;
  }

  get isLate(): boolean {
    return this.#system.nowMs() >= this.#endMs;
  }

  /** Events that are still on the way, and set-ups that have something to do at the end of the turn. */
  get waiting(): number {
    let waiting = 0;
    for (const instance of this.instances) {
      const territory = territoryOf(instance);
      waiting += waitingWithin(territory) + this.#system.countTurnEnd(territory.instances);
    }
    return waiting;
  }

  /** What the channels kept meanwhile. */
  get heldEvents(): number {
    return this.#held.reduce((sum, channel) => sum + channel.waiting, 0);
  }

  get lastedMs(): number {
    return this.#system.nowMs() - this.#startedMs;
  }

  get refusal(): string {
    const paths = [...this.instances].map(({ path }) => path).join(', ');
    return `${paths} did not come to rest in ${this.#endMs - this.#startedMs} ms: ${this.waiting} events wait`;
  }

  /** Lets pass what was kept. */
  end(): void {
    for (const channel of this.#held) channel.resume();
  }
}
