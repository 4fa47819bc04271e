import type { Result } from '../base/index.ts';
import type { Attributes } from './attribute.ts';
import type { RuntimeChannel } from './channel.ts';
import { Chronicle, type ChronicleEntry } from './chronicle.ts';
import { create, instanceBehind } from './create.ts';
import type { AnyDefinition, CreateOptions, Definition, Handle } from './definition.ts';
import { Drain } from './drain.ts';
import { Drains } from './drains.ts';
import type { Listener } from './gate.ts';
import { Graph } from './graph.ts';
import type { GraphNode } from './graphNode.ts';
import type { Instance } from './instance.ts';
import { type InventoryEntry, inventoryOf } from './inventory.ts';
import { defaultDrainMs, eventsPerLook, turnMs } from './limits.ts';
import { Onlookers, type Watch } from './onlookers.ts';
import { type Path, pathOf } from './path.ts';
import type { Ports } from './port.ts';
import { instancesOf, nodesAt, type Query, RuntimeQuery } from './query.ts';
import { ReadyQueue } from './queue.ts';
import { type MakeChange, type ReconfigureOptions, reconfigure } from './reconfiguration.ts';
import { setAttributesAt } from './remoteSetting.ts';
import type { Fault } from './supervision.ts';
import { type TurnEnd, TurnEnds } from './turnEnds.ts';

/** What a system needs of its world: a clock, and to be called back soon. */
export interface Scheduler {
  /** A clock that never goes back, in milliseconds. */
  nowMs(): number;
  /** Calls `run` once, soon, but not before this call has returned. */
  wake(run: () => void): void;
  /** Calls `run` once, `delayMs` from now or later. */
  after(delayMs: number, run: () => void): void;
}

/** What a system runs on, and who hears of its faults. */
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
  #turnEnd = new TurnEnds();
  /** What was emptied last, to be filled again. */
  #spareTurnEnd = new TurnEnds();
  #isAwake = false;
  #halted: Fault | undefined = undefined;
  #isRunning = false;
  #eventsHandled = 0;
  #lastGeneration: number;
  /** Fewer than usual where a change waits for the handler that runs. */
  #batchMax = eventsPerLook;
  readonly #changes: (() => void)[] = [];
  /** One closure for all wakes: a scheduler may know it again. */
  readonly #runOnce = (): void => this.run();
  /** @internal Components that no other owns. */
  readonly roots = new Set<Instance>();
  #onlookers: Onlookers | undefined = undefined;
  /** Reconfigurations that wait for components to come to rest. */
  #drains: Drains | undefined = undefined;
  /** @internal */
  readonly chronicles = new Chronicle();
  /** @internal Channels that kept what was sent by the change that is being made, once for each event. */
  keptByChange: RuntimeChannel[] | undefined = undefined;

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
  create<P extends Ports, R extends Ports, I, S, A extends Attributes>(
    definition: Definition<P, R, I, S, A>,
    ...[init, options]: I extends void
      ? [init?: undefined, options?: CreateOptions]
      : [init: I, options?: CreateOptions]
  ): Handle<P, R, S, A> {
    const handle = create(this, undefined, definition as unknown as AnyDefinition, init, options ?? {});
    return handle as unknown as Handle<P, R, S, A>;
  }

  /**
   * Changes the structure whole or not at all, between two events: at once where no turn runs, or else when the handler
   * that asks for it has returned. Where components are to be drained first it happens at the end of the turn in which they
   * came to rest.
   */
  reconfigure(make: MakeChange, options: ReconfigureOptions = {}): void {
    const { drain = [], drainMs = defaultDrainMs } = options;
    if (drain.length === 0) this.#changeSoon(() => reconfigure(this, make, options, undefined));
    else
      this.#changeSoon(() => this.#drain(new Drain(this, drain.map(instanceBehind), drainMs), drainMs, make, options));
  }

  /** What became of the last reconfigurations, the oldest first. */
  get chronicle(): readonly ChronicleEntry[] {
    return this.chronicles.entries;
  }

  #changeSoon(change: () => void): void {
    this.#changes.push(change);
    this.#batchMax = 0;
    if (!this.#isRunning) this.#change();
  }

  #drain(drain: Drain, drainMs: number, make: MakeChange, options: ReconfigureOptions): void {
    if (drain.isDrained) return reconfigure(this, make, options, drain);
    this.#drains ??= new Drains();
    this.#drains.add(drain, () => reconfigure(this, make, options, drain));
    this.after(drainMs, () => this.#drains?.endDue());
  }

  /** The components as they are now, with their ports, channels and attributes: to be read at once, and taken again later. */
  graph(): Graph {
    return new Graph(this);
  }

  /** Components by their definition, as typed handles; or nodes of the graph by a path such as `//cell[@leader=true]`. */
  query<P extends Ports, R extends Ports, I, S, A extends Attributes>(
    definition: Definition<P, R, I, S, A>,
  ): Query<Handle<P, R, S, A>>;
  query(path: string | Path): Query<GraphNode>;
  query(what: string | Path | object): unknown {
    if (typeof what === 'string') return this.query(pathOf(what));
    if ('kind' in what) return new RuntimeQuery(this, nodesAt(this, what as Path));
    return new RuntimeQuery(this, instancesOf(this, what as AnyDefinition));
  }

  /** Which components run in which version, and with whom they speak: plain data, to answer whoever asks. */
  inventory(): readonly InventoryEntry[] {
    return inventoryOf(this.roots);
  }

  /**
   * Sets all attributes that a path leads to, as in `//store/@max`, or says why one refuses, in which case none is set. For
   * those who have a text and no handle: an operator, a policy, another peer.
   */
  set(path: string | Path, value: unknown): Result<number, string> {
    return setAttributesAt(this.graph(), path, value);
  }

  /** Counts events by component from now on, for `eventsPerSecond` of the graph; the result ends it. It costs a little. */
  observe(): () => void {
    return this.#lookedAt().observe(this.nowMs());
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
    try {
      this.#drains?.endDue();
      this.#onlookers?.refresh();
    } finally {
      if (this.#ready.length > 0 || this.#turnEnd.length > 0 || this.#changes.length > 0) this.#wake();
    }
  }

  /** A part of a turn; false when nothing is left to do. */
  #advance(): boolean {
    if (this.#changes.length > 0) this.#change();
    if (this.#onlookers?.isObserved ? this.#handleCounted(this.#onlookers) : this.#handleSome()) return true;
    if (this.#turnEnd.length === 0) return false;
    this.#runTurnEnd();
    return true;
  }

  #change(): void {
    this.#batchMax = eventsPerLook;
    for (const change of this.#changes.splice(0)) change();
  }

  /** @internal */
  watch(watch: Watch): () => void {
    const end = this.#lookedAt().add(watch);
    this.changed();
    return end;
  }

  #lookedAt(): Onlookers {
    return (this.#onlookers ??= new Onlookers(() => {
      this.#onlookers = undefined;
    }));
  }

  /** @internal This component changed, or any may have where none is named. */
  touched(instance: Instance | undefined): void {
    if (this.#onlookers === undefined) return;
    this.#onlookers.touch(instance);
    this.changed();
  }

  /** @internal Components, channels, a state or an attribute changed: those who look hear of it at the end of the turn. */
  changed(): void {
    if (this.#onlookers === undefined || this.#onlookers.isStale) return;
    this.#onlookers.isStale = true;
    if (!this.#isAwake) this.#wake();
  }

  /** @internal */
  countWaiting(): ReadonlyMap<Instance, number> {
    const counts = new Map<Instance, number>();
    this.#ready.eachListener(({ component }) => counts.set(component, (counts.get(component) ?? 0) + 1));
    return counts;
  }

  /** @internal How much is put off to the turn's end by these. */
  countTurnEnd(instances: ReadonlySet<Instance>): number {
    return this.#turnEnd.countOf(instances);
  }

  /** @internal */
  countEvents(): number {
    return this.#ready.length;
  }

  /** @internal */
  dropEventsAfter(count: number): void {
    this.#ready.dropAfter(count);
  }

  /** @internal */
  rateOf(instance: Instance): number | undefined {
    return this.#onlookers?.rateOf(instance, this.nowMs());
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
    this.#options.scheduler.wake(this.#runOnce);
  }

  /** While rates are observed each event is a batch of its own, so that none is handled uncounted. */
  #handleCounted(onlookers: Onlookers): boolean {
    for (let i = 0; i < eventsPerLook && this.#changes.length === 0; i++) {
      const { listener } = this.#ready;
      if (listener !== undefined) onlookers.count(listener);
      this.#batchMax = 1;
      if (!this.#handleSome()) break;
    }
    if (this.#changes.length === 0) this.#batchMax = eventsPerLook;
    return this.#ready.length > 0;
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
    this.#turnEnd = this.#spareTurnEnd;
    due.empty(endTurn);
    this.#spareTurnEnd = due;
    this.#isAwake = false;
  }
}

function endTurn({ instance, generation, handler }: TurnEnd): void {
  if (instance.state !== 'active' || instance.generation !== generation) return;
  if (!instance.takesEvents) {
    const later = (): void => (instance.generation === generation ? handler() : undefined);
    return instance.park({ component: instance, name: 'turn end', run: later }, undefined);
  }
  try {
    handler();
  } catch (error) {
    instance.fail({ path: instance.path, event: 'turn end', error });
  }
}
