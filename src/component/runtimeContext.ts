import { must } from '../base/index.ts';
import { watchOwn } from './attributeValues.ts';
import { blueprintOf } from './blueprint.ts';
import { type Channel, connect, faceBehind, join } from './channel.ts';
import { create, facesOf, instanceBehind } from './create.ts';
import type { AnyDefinition, AnyHandle, CreateOptions } from './definition.ts';
import type { Face, Gate, Handler, Listener } from './gate.ts';
import type { Instance } from './instance.ts';
import { type OccupyOptions, RuntimeOccupation } from './occupation.ts';
import type { AnyPort, Outside } from './port.ts';
import type { Ref } from './ref.ts';
import type { EmitView, OnView } from './view.ts';

type ByName<T> = Readonly<Record<string, T>>;

/**
 * What `setup` is given. Each part is made when it is first asked for, since most components use few; its methods may be
 * taken off it and called alone.
 */
export class RuntimeContext {
  readonly #instance: Instance;
  #provides: ByName<InsideView> | undefined = undefined;
  #requires: ByName<InsideView> | undefined = undefined;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  get path(): string {
    return this.#instance.path;
  }

  get provides(): ByName<InsideView> {
    return (this.#provides ??= facesOf(this.#instance, 'provides', insideOf));
  }

  get requires(): ByName<InsideView> {
    return (this.#requires ??= facesOf(this.#instance, 'requires', insideOf));
  }

  get inner(): { readonly provides: ByName<Face>; readonly requires: ByName<Face> } {
    return {
      provides: facesOf(this.#instance, 'provides', (gate) => gate.inner),
      requires: facesOf(this.#instance, 'requires', (gate) => gate.inner),
    };
  }

  get attributes(): object {
    return new (blueprintOf(this.#instance.definition).attributes.Own)(this.#instance);
  }

  get create() {
    const owner = this.#instance;
    return (definition: AnyDefinition, init: unknown, options?: CreateOptions) =>
      create(owner.system, owner, definition, init, options ?? {});
  }

  get connect() {
    return (provided: Outside<AnyPort, '+'>, required: Outside<AnyPort, '-'>, options?: object) =>
      connect(provided, required, options ?? {});
  }

  get export() {
    return (port: Outside<AnyPort, '+' | '-'>, name: string) => exportAs(this.#instance, faceBehind(port), name);
  }

  get share() {
    return (handle: AnyHandle) => {
      this.#instance.share(instanceBehind(handle));
      this.#instance.system.touched(undefined);
    };
  }

  get attach() {
    return (provided: Outside<AnyPort, '+'>) => insideOf(this.#instance.attach(faceBehind(provided)));
  }

  get ref() {
    return (handler: Handler) => makeRef(this.#instance, handler);
  }

  get atTurnEnd() {
    const instance = this.#instance;
    return (handler: () => void) => instance.system.deferToTurnEnd(instance, handler);
  }

  get occupy() {
    return (work: string, event: unknown, options?: OccupyOptions) =>
      new RuntimeOccupation(this.#instance, work, event, options ?? {});
  }

  get keepState() {
    return () => this.#instance.keepState();
  }

  get onAttribute() {
    const instance = this.#instance;
    return (name: string, handler: Handler) => watchOwn(instance, name, makeRef(instance, handler));
  }

  get onStart() {
    return (hook: () => void) => this.#instance.onStart(hook);
  }

  get onStop() {
    return (hook: () => void) => this.#instance.onStop(hook);
  }

  get onEnd() {
    return (hook: () => void) => this.#instance.onEnd(hook);
  }
}

/** A port as its component sees it. Handlers are subscribed at set-up, so what subscribes them is not kept. */
class InsideView {
  readonly #gate: Gate;
  readonly emit: EmitView;

  constructor(gate: Gate) {
    this.#gate = gate;
    this.emit = new gate.plan.says.Emit(gate);
  }

  get on(): OnView {
    return new this.#gate.plan.hears.On(this.#gate);
  }
}

function exportAs(instance: Instance, face: Face, name: string): Channel {
  const kind = face.isPositive ? 'provides' : 'requires';
  const own = instance.gates.find(({ plan }) => plan.kind === kind && plan.name === name);
  const { inner } = must(own, () => `${instance.path} ${kind} no ${name}: ${face.path} cannot be exported as that`);
  return face.isPositive ? join(face, inner, undefined) : join(inner, face, undefined);
}

function insideOf(gate: Gate): InsideView {
  return new InsideView(gate);
}

/** The address of a handler: told to the component that made it, unless that was set up anew since. */
class RuntimeRef implements Ref<unknown> {
  readonly #instance: Instance;
  readonly #generation: number;
  readonly #handler: Handler;
  readonly #listener: Listener;

  constructor(instance: Instance, handler: Handler) {
    this.#instance = instance;
    this.#generation = instance.generation;
    this.#handler = handler;
    this.#listener = this.#listenerOf((event) => this.#run(event));
  }

  get tell() {
    return (event: unknown): void => this.#instance.system.enqueue(this.#listener, event);
  }

  get tellIf() {
    return (event: unknown, isWanted: () => boolean): void => {
      const run = (wanted: unknown): void => {
        if (isWanted()) this.#run(wanted);
      };
      this.#instance.system.enqueue(this.#listenerOf(run), event);
    };
  }

  #listenerOf(run: Handler): Listener {
    return { component: this.#instance, name: 'ref', run };
  }

  #run(event: unknown): void {
    if (this.#instance.generation === this.#generation) this.#handler(event);
  }
}

function makeRef(instance: Instance, handler: Handler): Ref<unknown> {
  return new RuntimeRef(instance, handler);
}
