import { create } from './create.ts';
import type { AnyDefinition, CreateOptions, Definition, Handle } from './definition.ts';
import type { Listener } from './gate.ts';
import type { Instance } from './instance.ts';
import { eventsPerLook, turnMs } from './limits.ts';
import type { Ports } from './port.ts';
import { ReadyQueue } from './queue.ts';
import { type MakeChange, type ReconfigureOptions, reconfigure } from './reconfiguration.ts';
import type { Fault } from './supervision.ts';

/** What a system needs of its world: a clock, and to be called back soon. */
export interface Scheduler {
  /** A clock that never goes back, in milliseconds. */
  nowMs(): number;
  /** Calls `run` once, soon, but not before this call has returned. */
  wake(run: () => void): void;
  /** Calls `run` once, `delayMs` from now or later. */
  after(delayMs: number, run: () => void): void;
}

export interface SystemOptions {
  readonly scheduler: Scheduler;
  /** A bug showed itself. Called for each fault, also where supervision deals with it. */
  readonly onFault?: (fault: Fault) => void;
  /** Where this system's numbers begin, so that those of systems in other threads are not taken for them. */
  readonly numbersFrom?: number;
  /** A fault reached the root: the system stands still from now on. */
  readonly onHalt?: (fault: Fault) => void;
}

/**
 * Runs components: one thread, one ready queue, each handler to completion. A *turn* handles events until none is
 * left, then the handlers of the turn's end, then what those emitted.
 */
export class System {
  readonly #options: SystemOptions;
  readonly #ready = new ReadyQueue();
  #turnEnd: { instance: Instance; generation: number; handler: () => void }[] = [];
  #isAwake = false;
  #halted: Fault | undefined = undefined;
  #isRunning = false;
  #eventsHandled = 0;
  #lastGeneration: number;
  /** Fewer than usual where a change waits for the handler that runs. */
  #batchMax = eventsPerLook;
  readonly #changes: (() => void)[] = [];

  constructor(options: SystemOptions) {
    this.#options = options;
    this.#lastGeneration = options.numbersFrom ?? 0;
  }

  /** Events handled since the start. */
  get eventsHandled(): number {
    return this.#eventsHandled;
  }

  /** The fault that reached the root and ended the run, if one did. */
  get halted(): Fault | undefined {
    return this.#halted;
  }

  get isHalted(): boolean {
    return this.#halted !== undefined;
  }

  /** Creates a component without an owner. It is passive until it is started. */
  create<P extends Ports, R extends Ports, I, S>(
    definition: Definition<P, R, I, S>,
    ...[init, options]: I extends void
      ? [init?: undefined, options?: CreateOptions]
      : [init: I, options?: CreateOptions]
  ): Handle<P, R, S> {
    const handle = create(this, undefined, definition as unknown as AnyDefinition, init, options ?? {});
    return handle as unknown as Handle<P, R, S>;
  }

  /**
   * Changes the structure whole or not at all, between two events: at once where no turn runs, or else when the handler
   * that asks for it has returned.
   */
  reconfigure(make: MakeChange, options: ReconfigureOptions = {}): void {
    this.#changes.push(() => reconfigure(this, make, options));
    this.#batchMax = 0;
    if (!this.#isRunning) this.#change();
  }

  /** Handles events until none is left or the turn has lasted long enough; then asks to be woken for the rest. */
  run(): void {
    this.#isAwake = false;
    this.#isRunning = true;
    const started = this.#options.scheduler.nowMs();
    while (this.#halted === undefined && this.#advance()) {
      if (this.#options.scheduler.nowMs() - started >= turnMs) break;
    }
    this.#isRunning = false;
    if (this.#halted !== undefined) return;
    if (this.#ready.length > 0 || this.#turnEnd.length > 0 || this.#changes.length > 0) this.#wake();
  }

  /** A part of a turn; false when nothing is left to do. */
  #advance(): boolean {
    if (this.#changes.length > 0) this.#change();
    if (this.#handleSome()) return true;
    if (this.#turnEnd.length === 0) return false;
    this.#runTurnEnd();
    return true;
  }

  #change(): void {
    this.#batchMax = eventsPerLook;
    for (const change of this.#changes.splice(0)) change();
  }

  /** @internal */
  drawGeneration(): number {
    return ++this.#lastGeneration;
  }

  /** @internal */
  enqueue(listener: Listener, event: unknown): void {
    this.#ready.push(listener, event);
    if (!this.#isAwake) this.#wake();
  }

  /** @internal Puts an event before all others. */
  enqueueFirst(listener: Listener, event: unknown): void {
    this.#ready.unshift(listener, event);
    if (!this.#isAwake) this.#wake();
  }

  /** @internal */
  handle(listener: Listener, event: unknown): void {
    this.#eventsHandled++;
    try {
      listener.run(event);
    } catch (error) {
      const { component, name } = listener;
      component.fail({ path: component.path, event: name, payload: event, error });
    }
  }

  /** @internal */
  deferToTurnEnd(instance: Instance, handler: () => void): void {
    this.#turnEnd.push({ instance, generation: instance.generation, handler });
    if (!this.#isAwake) this.#wake();
  }

  /** @internal */
  record(fault: Fault): void {
    this.#options.onFault?.(fault);
  }

  /** @internal */
  halt(fault: Fault): void {
    if (this.#halted !== undefined) return;
    this.#halted = fault;
    this.#options.onHalt?.(fault);
  }

  /** @internal */
  nowMs(): number {
    return this.#options.scheduler.nowMs();
  }

  /** @internal */
  after(delayMs: number, run: () => void): void {
    this.#options.scheduler.after(delayMs, () => {
      if (!this.isHalted) run();
    });
  }

  #wake(): void {
    this.#isAwake = true;
    this.#options.scheduler.wake(() => this.run());
  }

  /** Handles a batch of events; false when the queue ran empty. */
  #handleSome(): boolean {
    // While a turn runs nobody need wake the system: it will see what its own handlers enqueue.
    this.#isAwake = true;
    const ready = this.#ready;
    for (let i = 0; i < this.#batchMax; i++) {
      const { listener, event } = ready;
      if (listener === undefined) {
        this.#isAwake = false;
        return false;
      }
      ready.advance();
      const { component } = listener;
      if (component.takesEvents) this.handle(listener, event);
      else component.park(listener, event);
      if (this.#halted !== undefined) return true;
    }
    this.#isAwake = false;
    return true;
  }

  #runTurnEnd(): void {
    this.#isAwake = true;
    const due = this.#turnEnd;
    this.#turnEnd = [];
    for (const { instance, generation, handler } of due) {
      if (instance.state !== 'active' || instance.generation !== generation) continue;
      if (!instance.takesEvents) {
        const later = (): void => (instance.generation === generation ? handler() : undefined);
        instance.park({ component: instance, name: 'turn end', run: later }, undefined);
        continue;
      }
      try {
        handler();
      } catch (error) {
        instance.fail({ path: instance.path, event: 'turn end', error });
      }
    }
    this.#isAwake = false;
  }
}
