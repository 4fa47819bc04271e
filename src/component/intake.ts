import { AssertionError, assert } from '../base/index.ts';
import { Backlog } from './backlog.ts';
import type { Listener } from './gate.ts';
import type { Instance } from './instance.ts';
import { parkedEventsMax } from './limits.ts';
import type { RuntimeOccupation } from './occupation.ts';

/** What keeps events from a component, and the events that wait for it. Most components never need one. */
export class Intake {
  dropped = 0;
  readonly #owner: Instance;
  readonly #backlog = new Backlog();
  /** Stands in the ready queue for what waits. */
  readonly #oldest: Listener;
  #isOldestDue = false;
  #occupation: RuntimeOccupation | undefined = undefined;

  constructor(owner: Instance) {
    this.#owner = owner;
    this.#oldest = { component: owner, name: 'what waits', run: () => {} };
  }

  get occupation(): RuntimeOccupation | undefined {
    return this.#occupation;
  }

  get waiting(): number {
    return this.#backlog.length;
  }

  /** Nothing occupies the component, and nothing older waits. */
  get isFree(): boolean {
    return this.#occupation === undefined && this.#backlog.length === 0;
  }

  /** Keeps an event for when the component can handle it. */
  park(listener: Listener, event: unknown): void {
    if (listener === this.#oldest) this.#handleOldest();
    else if (this.#backlog.length < parkedEventsMax) this.#backlog.push({ listener, event });
    else if (this.#occupation === undefined) this.dropped++;
    else this.#overrun(listener, event);
  }

  /** Lets all that comes wait for the end of this work. */
  occupy(occupation: RuntimeOccupation): void {
    assert(this.#occupation === undefined, () => `${this.#owner.path} is at work already`);
    this.#occupation = occupation;
  }

  /** The work is over: what it leads to comes first, then what waits. */
  vacate(listener: Listener, event: unknown): void {
    this.#occupation = undefined;
    this.#backlog.unshift({ listener, event });
    this.handleBacklog();
  }

  /** What the component is at work with is for nothing: it was restarted or killed. */
  dismiss(): void {
    const occupation = this.#occupation;
    this.#occupation = undefined;
    occupation?.dismiss();
  }

  /** What waits goes before all that is in the ready queue already: that came later. One at a time, as the first may occupy it. */
  handleBacklog(): void {
    const isWaiting = this.#owner.state !== 'active' || this.#occupation !== undefined;
    if (isWaiting || this.#isOldestDue || this.#backlog.length === 0) return;
    this.#isOldestDue = true;
    this.#owner.system.enqueueFirst(this.#oldest, undefined);
  }

  #handleOldest(): void {
    this.#isOldestDue = false;
    if (this.#owner.state !== 'active' || this.#occupation !== undefined) return;
    const waiting = this.#backlog.shift();
    if (waiting !== undefined) this.#owner.system.handle(waiting.listener, waiting.event);
    this.handleBacklog();
  }

  #overrun(listener: Listener, event: unknown): void {
    const { path } = this.#owner;
    const error = new AssertionError(`${path} is busy, and ${parkedEventsMax} events wait for it already`);
    this.#owner.fail({ path, event: listener.name, payload: event, error });
  }
}
