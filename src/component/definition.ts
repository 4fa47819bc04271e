import type { Attribute, Attributes, ValueOf } from './attribute.ts';
import type { Context } from './context.ts';
import type { Outside, Ports } from './port.ts';
import type { State } from './state.ts';
import type { Substitute, Supervision } from './supervision.ts';
import type { Upgrade } from './upgrade.ts';

/** A definition whose types no longer matter, as the runtime keeps it. */
export type AnyDefinition = Definition<Ports, Ports, unknown, unknown, Attributes>;

// biome-ignore lint/complexity/noBannedTypes: a component without ports or attributes has no names of them, which is what {} says.
export type None = {};

/** A component definition is a value: what it provides, what it requires, and how one is set up. */
export interface Definition<
  Pv extends Ports,
  Rq extends Ports,
  Init,
  S = unknown,
  At extends Attributes = None,
  From = unknown,
> {
  readonly name: string;
  readonly version: string;
  readonly provides: Pv;
  readonly requires: Rq;
  readonly attributes: At;
  readonly upgrade: Upgrade<From, S> | undefined;
  readonly setup: SetUp<Pv, Rq, Init, S, At>;
}

/** It may return how its state is carried over to another instance: see `state`. */
export type SetUp<Pv extends Ports, Rq extends Ports, Init, S, At extends Attributes = None> = (
  context: Context<Pv, Rq, At>,
  init: Init,
  // biome-ignore lint/suspicious/noConfusingVoidType: most set-ups return nothing, whatever their last call returns.
) => State<S> | void;

/**
 * Declares a component. `setup` runs once for each instance (and again at a restart): it subscribes handlers, creates
 * children and connects them. Instances share nothing: their state lives in the closure or in what it makes.
 */
export function component<
  const Pv extends Ports = None,
  const Rq extends Ports = None,
  Init = void,
  S = unknown,
  const At extends Attributes = None,
  From = never,
>(
  name: string,
  definition: {
    /** Tells one from another of the same name, as 2 or '2.1.0'; 1 where nothing is said. */
    readonly version?: number | string;
    readonly provides?: Pv;
    readonly requires?: Rq;
    /** What can be read, watched and set from outside, each declared by `attribute`. */
    readonly attributes?: At;
    /** How states of earlier versions become that of this one: see `upgrade`. */
    readonly upgrade?: Upgrade<From, NoInfer<S>>;
    readonly setup: SetUp<Pv, Rq, Init, S, At>;
  },
): Definition<Pv, Rq, Init, S, At, From> {
  return {
    name,
    version: String(definition.version ?? 1),
    provides: definition.provides ?? ({} as Pv),
    requires: definition.requires ?? ({} as Rq),
    attributes: definition.attributes ?? ({} as At),
    upgrade: definition.upgrade,
    setup: definition.setup,
  };
}

/** A definition and its init as one value, for supervision that sets it up in place of what failed. */
export function substitute<P extends Ports, R extends Ports, I, At extends Attributes>(
  definition: Definition<P, R, I, unknown, At>,
  ...[init]: I extends void ? [init?: undefined] : [init: I]
): Substitute {
  return { definition: definition as unknown as AnyDefinition, init };
}

/** How a component is called among its siblings, and what its owner does when it fails. */
export interface CreateOptions {
  /** The name among its siblings; by default that of the definition. */
  readonly name?: string;
  /** What the owner does when it fails; by default it escalates. */
  readonly supervise?: Supervision;
}

/** `restarting` waits to be set up anew; `faulty` escalated, and its owner has not settled what becomes of it. */
export type LifecycleState = 'passive' | 'active' | 'restarting' | 'faulty' | 'destroyed';

/** A handle whose types do not matter. */
export type AnyHandle = Pick<Handle<Ports, Ports>, 'path' | 'state' | 'start' | 'stop' | 'kill'>;

declare const stateOf: unique symbol;

/** A component as its owner holds it. Lifecycle calls are idempotent: starting what is started does nothing. */
export interface Handle<Pv extends Ports, Rq extends Ports, S = unknown, At extends Attributes = None> {
  readonly [stateOf]?: S;
  readonly path: string;
  readonly state: LifecycleState;
  readonly provides: { readonly [K in keyof Pv]: Outside<Pv[K], '+'> };
  readonly requires: { readonly [K in keyof Rq]: Outside<Rq[K], '-'> };
  readonly attributes: { readonly [K in keyof At]: Attribute<ValueOf<At[K]>> };
  /** Lets it and its children handle events, those that waited first. */
  start(): void;
  /** Lets events wait. Children stop first. */
  stop(): void;
  /** Stops it, disconnects it and forgets it, children first. */
  kill(): void;
}
