import { AssertionError } from '../base/index.ts';
import type { Instance } from './instance.ts';

/**
 * Work of a component that goes on outside of its handlers. Until it ends the component handles nothing else: what comes
 * waits, up to a limit. It is over when it ended, failed, or when the component was restarted, replaced or killed: then
 * whatever it still leads to is dropped.
 */
export interface Occupation {
  readonly isOver: boolean;
  /** Runs `then` as an event of the component, before all that waits; a component that was stopped does so when it runs again. */
  end(then: () => void): void;
  /** A fault of the component, at the event that the work began with. */
  fail(error: unknown): void;
  /** Calls `hook` if the component is restarted or killed meanwhile: the work is for nothing. */
  onDismissed(hook: () => void): void;
}

/** How long a component may be busy with one event. */
export interface OccupyOptions {
  /** More than so many milliseconds are a fault. */
  readonly withinMs?: number;
}

/** Work of one component, as the runtime keeps it. */
export class RuntimeOccupation implements Occupation {
  readonly #instance: Instance;
  readonly #work: string;
  readonly #event: unknown;
  readonly #hooks: (() => void)[] = [];

  constructor(instance: Instance, work: string, event: unknown, { withinMs }: OccupyOptions) {
    this.#instance = instance;
    this.#work = work;
    this.#event = event;
    instance.occupy(this);
    if (withinMs === undefined) return;
    instance.system.after(withinMs, () =>
      this.fail(new AssertionError(`${instance.path} is with ${work} for more than ${withinMs} ms`)),
    );
  }

  get isOver(): boolean {
    return this.#instance.occupation !== this;
  }

  end(then: () => void): void {
    if (this.isOver) return;
    this.#instance.vacate({ component: this.#instance, name: this.#work, run: then }, this.#event);
  }

  fail(error: unknown): void {
    this.end(() => {
      throw error;
    });
  }

  onDismissed(hook: () => void): void {
    this.#hooks.push(hook);
  }

  dismiss(): void {
    for (const hook of this.#hooks) hook();
  }
}
