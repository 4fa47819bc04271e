import { assert } from '../base/index.ts';
import { blueprintOf } from './blueprint.ts';
import type { Context } from './context.ts';
import type { AnyDefinition, AnyHandle, CreateOptions, Handle, LifecycleState } from './definition.ts';
import type { Face, Gate } from './gate.ts';
import { Instance } from './instance.ts';
import type { Ports } from './port.ts';
import { RuntimeContext } from './runtimeContext.ts';
import type { State } from './state.ts';
import type { System } from './system.ts';

/** Makes a component and sets it up. An active owner's child starts at once. */
export function create(
  system: System,
  owner: Instance | undefined,
  definition: AnyDefinition,
  init: unknown,
  options: CreateOptions,
): RuntimeHandle {
  const instance = make(system, owner, definition, init, options);
  if (owner?.state === 'active') instance.start();
  return new RuntimeHandle(instance);
}

/** Makes a component that rests. */
export function make(
  system: System,
  owner: Instance | undefined,
  definition: AnyDefinition,
  init: unknown,
  options: CreateOptions,
): Instance {
  const instance = new Instance(system, owner, definition, init, options, setUp);
  if (owner !== undefined) {
    const isFree = owner.childNamed(instance.name) === undefined;
    assert(isFree, () => `${instance.path} exists already: give it another name`);
  }
  try {
    instance.setUp();
  } catch (error) {
    instance.kill();
    throw error;
  }
  if (owner === undefined) system.roots.add(instance);
  else owner.adopt(instance);
  system.touched(instance);
  return instance;
}

function setUp(instance: Instance, init: unknown): State<unknown> | undefined {
  const made = instance.definition.setup(new RuntimeContext(instance) as unknown as Context<Ports, Ports>, init);
  return made ?? undefined;
}

/** What the owner holds of a component. Its methods may be taken off it and called alone. */
export class RuntimeHandle implements Handle<Ports, Ports> {
  readonly #instance: Instance;
  #provides: Readonly<Record<string, Face>> | undefined = undefined;
  #requires: Readonly<Record<string, Face>> | undefined = undefined;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  static instanceOf(handle: RuntimeHandle): Instance {
    return handle.#instance;
  }

  get path(): string {
    return this.#instance.path;
  }

  get state(): LifecycleState {
    return this.#instance.state;
  }

  get provides(): Readonly<Record<string, Face>> {
    return (this.#provides ??= facesOf(this.#instance, 'provides', (gate) => gate.outer));
  }

  get requires(): Readonly<Record<string, Face>> {
    return (this.#requires ??= facesOf(this.#instance, 'requires', (gate) => gate.outer));
  }

  get attributes(): object {
    return new (blueprintOf(this.#instance.definition).attributes.Outer)(this.#instance);
  }

  get start(): () => void {
    return () => this.#instance.start();
  }

  get stop(): () => void {
    return () => this.#instance.stop();
  }

  get kill(): () => void {
    return () => this.#instance.kill();
  }
}

/** The component behind a handle. */
export function instanceBehind(handle: AnyHandle): Instance {
  assert(handle instanceof RuntimeHandle, () => `${handle.path} is not the handle of a component`);
  return RuntimeHandle.instanceOf(handle);
}

/** One property for each port of a kind, by its name. */
export function facesOf<T>(
  { gates }: Instance,
  kind: 'provides' | 'requires',
  make: (gate: Gate) => T,
): Readonly<Record<string, T>> {
  const result: Record<string, T> = {};
  for (const gate of gates) if (gate.plan.kind === kind) result[gate.plan.name] = make(gate);
  return result;
}
