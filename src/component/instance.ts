import type { CreateOptions, Definition, LifecycleState } from './definition.ts';
import { Half, type Handler, join, type Listener, part } from './half.ts';
import { parkedEventsMax } from './limits.ts';
import type { AnyPort, Ports } from './port.ts';
import type { Fault, Supervision } from './supervision.ts';
import type { System } from './system.ts';

export type AnyDefinition = Definition<Ports, Ports, unknown>;

/** One component at run time: its ports, its children, its state. Users hold it through a Handle. */
export class Instance {
  readonly system: System;
  readonly parent: Instance | undefined;
  readonly path: string;
  readonly definition: AnyDefinition;
  readonly supervision: Supervision;
  readonly provided = new Map<string, Half>();
  readonly required = new Map<string, Half>();
  readonly children: Instance[] = [];
  state: LifecycleState = 'passive';
  /** Counts set-ups: what refers to an earlier one is stale. */
  generation = 0;
  parkedDropped = 0;
  readonly startHooks: (() => void)[] = [];
  readonly stopHooks: (() => void)[] = [];
  #parked: { listener: Listener; event: unknown }[] = [];
  #restartTimes: number[] = [];
  readonly #init: unknown;
  readonly #setup: (instance: Instance, init: unknown) => void;

  constructor(
    system: System,
    parent: Instance | undefined,
    definition: AnyDefinition,
    init: unknown,
    options: CreateOptions,
    setup: (instance: Instance, init: unknown) => void,
  ) {
    this.system = system;
    this.parent = parent;
    this.definition = definition;
    const name = options.name ?? definition.name;
    this.path = parent === undefined ? name : `${parent.path}/${name}`;
    this.supervision = options.supervise ?? { on: 'escalate' };
    this.#init = init;
    this.#setup = setup;
    for (const [port, type] of Object.entries(definition.provides)) {
      this.provided.set(port, this.#makePort(type, `${this.path}.provides.${port}`));
    }
    for (const [port, type] of Object.entries(definition.requires)) {
      this.required.set(port, this.#makePort(type, `${this.path}.requires.${port}`));
    }
    setup(this, init);
  }

  start(): void {
    if (this.state !== 'passive') return;
    this.state = 'active';
    this.#guarded('start', this.startHooks);
    for (const child of this.children.slice()) child.start();
    const waiting = this.#parked;
    this.#parked = [];
    for (const { listener, event } of waiting) this.system.enqueue(listener, event);
  }

  stop(): void {
    if (this.state !== 'active') return;
    for (const child of this.children.slice().reverse()) child.stop();
    this.state = 'passive';
    this.#guarded('stop', this.stopHooks);
  }

  kill(): void {
    if (this.state === 'destroyed') return;
    this.stop();
    for (const child of this.children.slice().reverse()) child.kill();
    this.state = 'destroyed';
    this.generation++;
    for (const half of this.#halves()) for (const peer of half.channels.slice()) part(half, peer);
    this.#parked = [];
    if (this.parent !== undefined) {
      const at = this.parent.children.indexOf(this);
      if (at >= 0) this.parent.children.splice(at, 1);
    }
  }

  /** Keeps an event for when the component is active again. */
  park(listener: Listener, event: unknown): void {
    if (this.state === 'destroyed') return;
    if (this.#parked.length >= parkedEventsMax) this.parkedDropped++;
    else this.#parked.push({ listener, event });
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

  #makePort(type: AnyPort, path: string): Half {
    const inside = new Half(this, type, path, true);
    const outside = new Half(this, type, path, false);
    inside.pair = outside;
    outside.pair = inside;
    return inside;
  }

  *#halves(): Iterable<Half> {
    for (const half of this.provided.values()) yield* [half, half.pair];
    for (const half of this.required.values()) yield* [half, half.pair];
  }

  #guarded(event: string, hooks: readonly (() => void)[]): void {
    try {
      for (const hook of hooks) hook();
    } catch (error) {
      this.fail({ path: this.path, event, error });
    }
  }

  #mayRestart(restartsMax: number, withinMs: number): boolean {
    const now = this.system.nowMs();
    this.#restartTimes = this.#restartTimes.filter((time) => now - time < withinMs);
    this.#restartTimes.push(now);
    return this.#restartTimes.length <= restartsMax;
  }

  /** A new set-up on the same ports: channels and waiting events stay, state and children go. */
  #restart(): void {
    this.#abandon();
    this.state = 'passive';
    for (const half of this.#halves()) half.clearHandlers();
    this.generation++;
    this.startHooks.length = 0;
    this.stopHooks.length = 0;
    try {
      this.#setup(this, this.#init);
      this.start();
    } catch (error) {
      this.#escalate({ path: this.path, event: 'setup', error });
    }
  }

  /** Children go and hooks run, whatever they throw: the component failed already. */
  #abandon(): void {
    this.state = 'faulty';
    for (const child of this.children.slice().reverse()) child.kill();
    for (const hook of this.stopHooks) {
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

/** Makes a half of a parent's own that is joined to a child's provided port. */
export function attachHalf(parent: Instance, child: Half): Half {
  const path = `${parent.path}.attached(${child.path})`;
  const inside = new Half(parent, child.type, path, true);
  const outside = new Half(parent, child.type, path, false);
  inside.pair = outside;
  outside.pair = inside;
  join(child, outside);
  return inside;
}

export type { Handler };
