import { assert, must } from '../base/index.ts';
import type { AttributeValues } from './attributeValues.ts';
import { blueprintOf, planOf } from './blueprint.ts';
import { join } from './channel.ts';
import {
  type Children,
  childNamed,
  childrenFrom,
  eachChild,
  listChildren,
  withChild,
  withoutChild,
} from './children.ts';
import { Content } from './content.ts';
import type { AnyDefinition, CreateOptions, LifecycleState } from './definition.ts';
import { type Face, Gate, type Listener } from './gate.ts';
import { Intake } from './intake.ts';
import type { Made } from './made.ts';
import type { RuntimeOccupation } from './occupation.ts';
import { Past } from './past.ts';
import { recover } from './recovery.ts';
import type { State } from './state.ts';
import type { Fault, Supervision } from './supervision.ts';
import type { System } from './system.ts';

type SetUp = (instance: Instance, init: unknown) => State<unknown> | undefined;

const escalates: Supervision = { on: 'escalate' };

/** One component at run time: its ports, its children, its state. What most never need is made when it is needed. */
export class Instance {
  readonly system: System;
  /** Its owner: the first, where several share it. */
  parent: Instance | undefined;
  readonly name: string;
  definition: AnyDefinition;
  init: unknown;
  readonly supervision: Supervision;
  gates: Gate[];
  /** It runs, nothing occupies it, and nothing older waits: an event may be handled at once. */
  takesEvents = false;
  #state: LifecycleState = 'passive';
  /** Counts set-ups: what refers to an earlier one is stale. */
  generation = 0;
  /** None until one is set or watched. */
  attributes: AttributeValues | undefined = undefined;
  #coOwners: readonly Instance[] | undefined = undefined;
  #children: Children = undefined;
  #startHooks: (() => void)[] | undefined = undefined;
  #stopHooks: (() => void)[] | undefined = undefined;
  #endHooks: (() => void)[] | undefined = undefined;
  #intake: Intake | undefined = undefined;
  readonly #setUp: SetUp;
  /** What `setup` returned: how its state is carried over. */
  #carried: State<unknown> | undefined = undefined;
  #past: Past | undefined = undefined;
  #isWanted = false;

  constructor(
    system: System,
    parent: Instance | undefined,
    definition: AnyDefinition,
    init: unknown,
    options: CreateOptions,
    setUp: SetUp,
  ) {
    this.system = system;
    this.parent = parent;
    this.definition = definition;
    this.name = options.name ?? definition.name;
    this.supervision = options.supervise ?? escalates;
    this.init = init;
    this.#setUp = setUp;
    const { ports } = blueprintOf(definition);
    this.gates = new Array(ports.length);
    for (let i = 0; i < ports.length; i++) this.gates[i] = new Gate(this, ports[i]!);
  }

  get state(): LifecycleState {
    return this.#state;
  }

  set state(state: LifecycleState) {
    this.#state = state;
    this.system.touched(this);
    this.#decide();
  }

  get occupation(): RuntimeOccupation | undefined {
    return this.#intake?.occupation;
  }

  get path(): string {
    return this.parent === undefined ? this.name : `${this.parent.path}/${this.name}`;
  }

  get children(): Iterable<Instance> {
    return eachChild(this.#children);
  }

  childNamed(name: string): Instance | undefined {
    return childNamed(this.#children, name);
  }

  adopt(child: Instance): void {
    this.#children = withChild(this.#children, child);
    this.system.changed();
  }

  /** All whose child it is: several where it is shared. */
  get owners(): readonly Instance[] {
    return [...(this.parent === undefined ? [] : [this.parent]), ...(this.#coOwners ?? [])];
  }

  /** Makes a component a child of this one too. */
  share(child: Instance): void {
    assert(child.state !== 'destroyed', () => `${child.path} was killed: ${this.path} cannot share it`);
    if (child.owners.includes(this)) return;
    assert(!this.#isWithin(child), () => `${this.path} stands within ${child.path}: it cannot own it`);
    const isFree = this.childNamed(child.name) === undefined;
    assert(isFree, () => `${this.path}/${child.name} exists already: ${child.path} cannot be shared under that name`);
    this.adopt(child);
    child.#coOwners = [...(child.#coOwners ?? []), this];
    if (this.state === 'active') child.start();
  }

  #isWithin(other: Instance): boolean {
    return this === other || this.owners.some((owner) => owner.#isWithin(other));
  }

  /** An owner stopped: what another active owner shares goes on. */
  #stopFor(owner: Instance): void {
    if (this.#coOwners === undefined || !this.owners.some((one) => one !== owner && one.state === 'active'))
      this.stop();
  }

  /** An owner is gone: what others share stays, and stands where the next of them does. */
  killFor(owner: Instance): void {
    if (this.#coOwners === undefined) return this.kill();
    const others = this.owners.filter((one) => one !== owner);
    if (others.length === 0) return this.kill();
    this.parent = others[0];
    this.system.roots.delete(this);
    this.#coOwners = others.slice(1);
    owner.forget(this);
  }

  onStart(hook: () => void): void {
    this.#startHooks = [...(this.#startHooks ?? []), hook];
  }

  onStop(hook: () => void): void {
    this.#stopHooks = [...(this.#stopHooks ?? []), hook];
  }

  onEnd(hook: () => void): void {
    this.#endHooks = [...(this.#endHooks ?? []), hook];
  }

  /** Runs the definition's set-up: once for a new component, again at a restart. */
  setUp(): void {
    this.#carried = this.#setUp(this, this.init) ?? undefined;
  }

  start(): void {
    this.#isWanted = true;
    if (this.state !== 'passive') return;
    this.state = 'active';
    this.system.changed();
    this.#guarded('start', this.#startHooks);
    for (const child of listChildren(this.#children)) child.start();
    this.#intake?.handleBacklog();
  }

  stop(): void {
    this.#isWanted = false;
    if (this.state !== 'active') return;
    for (const child of listChildren(this.#children).toReversed()) child.#stopFor(this);
    this.state = 'passive';
    this.system.changed();
    this.#guarded('stop', this.#stopHooks);
  }

  kill(): void {
    if (this.state === 'destroyed') return;
    this.stop();
    for (const child of listChildren(this.#children).toReversed()) child.killFor(this);
    this.state = 'destroyed';
    this.generation = this.system.drawGeneration();
    for (const gate of this.gates) gate.disconnectAll();
    this.#intake?.dismiss();
    this.#intake = undefined;
    this.#runHooks(this.#endHooks);
    for (const owner of this.owners) owner.forget(this);
    this.system.roots.delete(this);
    this.system.changed();
  }

  forget(child: Instance): void {
    this.#children = withoutChild(this.#children, child);
    this.system.changed();
  }

  /** Events kept for when it is active. */
  get parked(): number {
    return this.#intake?.waiting ?? 0;
  }

  /** Events that came beyond those, and were dropped. */
  get parkedDropped(): number {
    return this.#intake?.dropped ?? 0;
  }

  /** Takes a child off without touching it: the result puts it back where it was. */
  release(child: Instance): () => void {
    const before = listChildren(this.#children);
    this.forget(child);
    return () => {
      this.content = childrenFrom(before);
    };
  }

  /** Puts aside all that it consists of besides its ports. */
  setAside(): Content {
    const content = new Content(this, this.#children);
    this.content = undefined;
    return content;
  }

  /** What it owns, as a whole. */
  set content(children: Children) {
    this.#children = children;
    this.system.changed();
  }

  /** Keeps an event for when the component can handle it. */
  park(listener: Listener, event: unknown): void {
    if (this.#state !== 'destroyed') this.#taking((intake) => intake.park(listener, event));
  }

  /** Lets all that comes wait for the end of this work. */
  occupy(occupation: RuntimeOccupation): void {
    this.#taking((intake) => intake.occupy(occupation));
  }

  /** The work is over: what it leads to comes first, then what waits. */
  vacate(listener: Listener, event: unknown): void {
    this.#taking((intake) => intake.vacate(listener, event));
  }

  #taking(act: (intake: Intake) => void): void {
    act((this.#intake ??= new Intake(this)));
    this.#decide();
  }

  #decide(): void {
    this.takesEvents = this.#state === 'active' && (this.#intake?.isFree ?? true);
  }

  /** Makes a gate of its own that is joined to a child's provided port. */
  attach(provided: Face): Gate {
    const gate = new Gate(this, planOf(provided.path, 'attached', provided.type));
    join(provided, gate.outer, undefined);
    this.gates.push(gate);
    return gate;
  }

  /** Something threw in a handler of this component, or a child escalated: the owner's rule decides. */
  fail(fault: Fault, escalated?: Instance): void {
    if (this.state !== 'active' && this.state !== 'passive') return;
    if (escalated === undefined) this.system.record(fault);
    recover(this, fault, escalated);
  }

  /** It escalated and its owner goes on as if nothing had been: so does it, and the child that it escalated for. */
  resume(): void {
    if (this.state !== 'faulty') return;
    this.state = 'active';
    this.system.changed();
    for (const child of listChildren(this.#children)) child.resume();
    this.#intake?.handleBacklog();
  }

  /** How many restarts fall within the window, this one counted. */
  countRestart(withinMs: number): number {
    return (this.#past ??= new Past()).countRestart(this.system.nowMs(), withinMs);
  }

  /** Keeps what the component knows now, for a restart with its last state. */
  keepState(): void {
    const carried = must(this.#carried, () => `${this.path} returned no state from its set-up: it cannot be kept`);
    (this.#past ??= new Past()).keptState = { value: carried.dump() };
  }

  /** Children go and hooks run, whatever they throw: the component failed already. What referred to it is stale. */
  abandon(): void {
    this.state = 'restarting';
    this.system.changed();
    this.generation = this.system.drawGeneration();
    this.#intake?.dismiss();
    for (const child of listChildren(this.#children).toReversed()) child.killFor(this);
    this.#runHooks([...(this.#stopHooks ?? []), ...(this.#endHooks ?? [])]);
    this.#endHooks = undefined;
  }

  /** A new set-up on the same ports: channels and waiting events stay. It runs again if it should and its owner does. */
  renew(withLastState: boolean): void {
    this.setUpAnew();
    const kept = this.#past?.keptState;
    if (withLastState && kept !== undefined) this.#carried?.load(kept.value);
    const { owners } = this;
    if (this.#isWanted && (owners.length === 0 || owners.some(({ state }) => state === 'active'))) this.start();
  }

  /** Runs the set-up over cleared gates, and leaves the component passive. */
  setUpAnew(): void {
    this.clear();
    this.generation = this.system.drawGeneration();
    this.state = 'passive';
    this.system.changed();
    this.setUp();
  }

  /** Takes away what a set-up made, apart from what it did outside the component. */
  clear(): void {
    for (const child of listChildren(this.#children).toReversed()) child.killFor(this);
    for (const gate of this.gates) {
      if (gate.plan.kind === 'attached') gate.disconnectAll();
      else {
        gate.clearHandlers();
        gate.disconnect(true);
      }
    }
    this.gates = this.gates.filter(({ plan }) => plan.kind !== 'attached');
    this.#startHooks = undefined;
    this.#stopHooks = undefined;
    this.#endHooks = undefined;
    this.#carried = undefined;
    this.attributes = this.attributes?.anew(this.definition.attributes);
  }

  /** Nothing is on its way within the component, or to gates that a set-up made. */
  get isLeaf(): boolean {
    return this.#children === undefined && this.gates.every(({ plan }) => plan.kind !== 'attached');
  }

  get made(): Made {
    const { definition, init, state, generation, attributes, gates } = this;
    return {
      ...{ definition, init, state, generation, attributes },
      startHooks: this.#startHooks,
      stopHooks: this.#stopHooks,
      endHooks: this.#endHooks,
      carried: this.#carried,
      handlers: gates.map((gate) => gate.handlers),
    };
  }

  set made(made: Made) {
    this.system.changed();
    this.definition = made.definition;
    this.init = made.init;
    this.state = made.state;
    this.generation = made.generation;
    this.attributes = made.attributes;
    this.#startHooks = made.startHooks;
    this.#stopHooks = made.stopHooks;
    this.#endHooks = made.endHooks;
    this.#carried = made.carried;
    for (const [i, gate] of this.gates.entries()) gate.handlers = made.handlers[i]!;
  }

  /** A new set-up takes over for good: what the old one began is ended, then it starts if the old one ran. */
  succeed(before: Made): void {
    if (before.state === 'active') this.#runHooks(before.stopHooks);
    this.#runHooks(before.endHooks);
    if (before.state === 'active') this.start();
  }

  /** Whatever they throw is recorded, and does not stop what comes after. */
  #runHooks(hooks: readonly (() => void)[] | undefined): void {
    for (const hook of hooks ?? []) {
      try {
        hook();
      } catch (error) {
        this.system.record({ path: this.path, event: 'stop', error });
      }
    }
  }

  #guarded(event: string, hooks: readonly (() => void)[] | undefined): void {
    if (hooks === undefined) return;
    try {
      for (const hook of hooks) hook();
    } catch (error) {
      this.fail({ path: this.path, event, error });
    }
  }
}
