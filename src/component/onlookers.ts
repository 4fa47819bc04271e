import type { Listener } from './gate.ts';
import type { Instance } from './instance.ts';

/** What is brought up to date after changes. */
export interface Watch {
  refresh(): void;
}

/** Those who look at a system continuously. A system has none of this while nobody does. */
export class Onlookers {
  readonly #watches = new Set<Watch>();
  /** Something changed since the watches were refreshed. */
  isStale = false;
  #observers = 0;
  #sinceMs = 0;
  /** Events that each component handled, while somebody observes. */
  #handled: Map<Instance, number> | undefined = undefined;

  get isIdle(): boolean {
    return this.#watches.size === 0 && this.#observers === 0;
  }

  get isObserved(): boolean {
    return this.#handled !== undefined;
  }

  add(watch: Watch): void {
    this.#watches.add(watch);
  }

  remove(watch: Watch): void {
    this.#watches.delete(watch);
  }

  refresh(): void {
    if (!this.isStale) return;
    this.isStale = false;
    for (const watch of [...this.#watches]) if (this.#watches.has(watch)) watch.refresh();
  }

  observe(nowMs: number): void {
    if (this.#observers++ > 0) return;
    this.#sinceMs = nowMs;
    this.#handled = new Map();
  }

  endObserving(): void {
    if (--this.#observers === 0) this.#handled = undefined;
  }

  count({ component }: Listener): void {
    if (component.state !== 'active') return;
    this.#handled?.set(component, (this.#handled.get(component) ?? 0) + 1);
  }

  rateOf(instance: Instance, nowMs: number): number | undefined {
    if (this.#handled === undefined) return undefined;
    const seconds = (nowMs - this.#sinceMs) / 1000;
    return seconds === 0 ? 0 : (this.#handled.get(instance) ?? 0) / seconds;
  }
}
