import { assert } from '../base/index.ts';
import { blueprintOf, planOf } from './blueprint.ts';
import { join } from './channel.ts';
import { type Children, childNamed, eachChild, listChildren, withChild, withoutChild } from './children.ts';
import type { AnyDefinition, CreateOptions, LifecycleState } from './definition.ts';
import { eachEnd } from './ends.ts';
import { type Face, Gate, type Listener } from './gate.ts';
import { parkedEventsMax } from './limits.ts';
import type { Fault, Supervision } from './supervision.ts';
import type { System } from './system.ts';

const escalates: Supervision = { on: 'escalate' };

/** One component at run time: its ports, its children, its state. What most never need is made when it is needed. */
export class Instance {
  readonly system: System;
  /** Its owner: the first, where several share it. */
  parent: Instance | undefined;
  readonly name: string;
  readonly definition: AnyDefinition;
  readonly supervision: Supervision;
  readonly gates: Gate[];
  state: LifecycleState = 'passive';
  /** Counts set-ups: what refers to an earlier one is stale. */
  generation = 0;
  parkedDropped = 0;
  #coOwners: readonly Instance[] | undefined = undefined;
  #children: Children = undefined;
  #startHooks: (() => void)[] | undefined = undefined;
  #stopHooks: (() => void)[] | undefined = undefined;
  #parked: { listener: Listener; event: unknown }[] | undefined = undefined;
  #restartTimes: number[] | undefined = undefined;
  readonly #init: unknown;
  readonly #setUp: (instance: Instance, init: unknown) => void;

  constructor(
    system: System,
    parent: Instance | undefined,
    definition: AnyDefinition,
    init: unknown,
    options: CreateOptions,
    setUp: (instance: Instance, init: unknown) => void,
  ) {
    this.system = system;
    this.parent = parent;
    this.definition = definition;
    this.name = options.name ?? definition.name;
    this.supervision = options.supervise ?? escalates;
    this.#init = init;
    this.#setUp = setUp;
    const { ports } = blueprintOf(definition);
    this.gates = new Array(ports.length);
    for (let i = 0; i < ports.length; i++) this.gates[i] = new Gate(this, ports[i]!);
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
  #killFor(owner: Instance): void {
    if (this.#coOwners === undefined) return this.kill();
    const others = this.owners.filter((one) => one !== owner);
    if (others.length === 0) return this.kill();
    this.parent = others[0];
    this.#coOwners = others.slice(1);
    owner.forget(this);
  }

  onStart(hook: () => void): void {
    if (this.#startHooks === undefined) this.#startHooks = [hook];
    else this.#startHooks.push(hook);
  }

  onStop(hook: () => void): void {
    if (this.#stopHooks === undefined) this.#stopHooks = [hook];
    else this.#stopHooks.push(hook);
  }

  /** Runs the definition's set-up: once for a new component, again at a restart. */
  setUp(): void {
    this.#setUp(this, this.#init);
  }

  start(): void {
    if (this.state !== 'passive') return;
    this.state = 'active';
    this.#guarded('start', this.#startHooks);
    for (const child of listChildren(this.#children)) child.start();
    const waiting = this.#parked;
    this.#parked = undefined;
    for (const { listener, event } of waiting ?? []) this.system.enqueue(listener, event);
  }

  stop(): void {
    if (this.state !== 'active') return;
    for (const child of listChildren(this.#children).toReversed()) child.#stopFor(this);
    this.state = 'passive';
    this.#guarded('stop', this.#stopHooks);
  }

  kill(): void {
    if (this.state === 'destroyed') return;
    this.stop();
    for (const child of listChildren(this.#children).toReversed()) child.#killFor(this);
    this.state = 'destroyed';
    this.generation++;
    for (const gate of this.gates) disconnectAll(gate);
    this.#parked = undefined;
    for (const owner of this.owners) owner.forget(this);
  }

  forget(child: Instance): void {
    this.#children = withoutChild(this.#children, child);
  }

  /** Keeps an event for when the component is active again. */
  park(listener: Listener, event: unknown): void {
    if (this.state === 'destroyed') return;
    this.#parked ??= [];
    if (this.#parked.length >= parkedEventsMax) this.parkedDropped++;
    else this.#parked.push({ listener, event });
  }

  /** Makes a gate of its own that is joined to a child's provided port. */
  attach(provided: Face): Gate {
    const gate = new Gate(this, planOf(provided.path, 'attached', provided.type));
    this.gates.push(gate);
    join(provided, gate.outer, undefined);
    return gate;
  }

  /** Something threw in a handler of this component: the owner's rule decides. */
  fail(fault: Fault): void {
    if (this.state === 'destroyed' || this.state === 'faulty') return;
    if (fault.path === this.path) this.system.record(fault);
    const rule = this.supervision;
    switch (rule.on) {
      case 'resume':
        return;
      case 'destroy':
        this.#abandon();
        this.kill();
        return;
      case 'restart':
        if (this.#mayRestart(rule.restartsMax, rule.withinMs)) this.#restart();
        else this.#escalate(fault);
        return;
      case 'escalate':
        this.#escalate(fault);
        return;
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

  #mayRestart(restartsMax: number, withinMs: number): boolean {
    const now = this.system.nowMs();
    this.#restartTimes = (this.#restartTimes ?? []).filter((time) => now - time < withinMs);
    this.#restartTimes.push(now);
    return this.#restartTimes.length <= restartsMax;
  }

  /** A new set-up on the same ports: channels and waiting events stay, state and children go. */
  #restart(): void {
    this.#abandon();
    this.state = 'passive';
    for (const gate of this.gates) gate.clearHandlers();
    this.generation++;
    this.#startHooks = undefined;
    this.#stopHooks = undefined;
    try {
      this.setUp();
      this.start();
    } catch (error) {
      this.#escalate({ path: this.path, event: 'setup', error });
    }
  }

  /** Children go and hooks run, whatever they throw: the component failed already. */
  #abandon(): void {
    this.state = 'faulty';
    for (const child of listChildren(this.#children).toReversed()) child.#killFor(this);
    for (const hook of this.#stopHooks ?? []) {
      try {
        hook();
      } catch (error) {
        this.system.record({ path: this.path, event: 'stop', error });
      }
    }
  }

  #escalate(fault: Fault): void {
    this.state = 'faulty';
    if (this.parent === undefined) this.system.halt(fault);
    else this.parent.fail(fault);
  }
}

function disconnectAll(gate: Gate): void {
  for (const ends of [gate.endsAt(false), gate.endsAt(true)]) {
    if (ends !== undefined) for (const channel of [...eachEnd(ends)]) channel.disconnect();
  }
}
