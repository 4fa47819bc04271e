import type { Listener } from './gate.ts';
import type { Instance } from './instance.ts';

/** What is brought up to date after changes. */
export interface Watch {
  /** With the components that changed since the last time; undefined where any may have. */
  refresh(touched: ReadonlySet<Instance> | undefined): void;
}

/** Those who look at a system continuously. A system has none of this while nobody does. */
export class Onlookers {
  readonly #watches = new Set<Watch>();
  /** Something changed since the watches were refreshed. */
  isStale = false;
  #touched: Set<Instance> | undefined = new Set();
  #observers = 0;
  #sinceMs = 0;
  /** Events that each component handled, while somebody observes. */
  #handled: Map<Instance, number> | undefined = undefined;

  readonly #onIdle: () => void;

  /** Where the last of them has gone, `onIdle` is called. */
  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  get isObserved(): boolean {
    return this.#handled !== undefined;
  }

  add(watch: Watch): () => void {
    this.#watches.add(watch);
    return this.#once(() => this.#watches.delete(watch));
  }

  /** A component changed; any may have where none is named. */
  touch(instance: Instance | undefined): void {
    if (instance === undefined) this.#touched = undefined;
    else this.#touched?.add(instance);
  }

  refresh(): void {
    if (!this.isStale) return;
    this.isStale = false;
    const touched = this.#touched;
    this.#touched = new Set();
    for (const watch of [...this.#watches]) if (this.#watches.has(watch)) watch.refresh(touched);
  }

  observe(nowMs: number): () => void {
    if (this.#observers++ === 0) {
      this.#sinceMs = nowMs;
      this.#handled = new Map();
    }
    return this.#once(() => {
      if (--this.#observers === 0) this.#handled = undefined;
    });
  }

  #once(end: () => void): () => void {
    let isEnded = false;
    return () => {
      if (isEnded) return;
      isEnded = true;
      end();
      if (this.#watches.size === 0 && this.#observers === 0) this.#onIdle();
    };
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
