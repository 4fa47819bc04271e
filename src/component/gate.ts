import type { PortPlan } from './blueprint.ts';
import type { RuntimeChannel } from './channel.ts';
import { type Ends, eachEnd, withEnd, withoutEnd } from './ends.ts';
import type { Instance } from './instance.ts';
import type { AnyPort } from './port.ts';
import { Route } from './route.ts';

/** What handles an event; a family's is told the slot of the subtype too. */
export type Handler = (event: unknown, slot?: number) => void;

export type Handlers = readonly (Handler | undefined)[];

/** What an event ends in: the handlers of one event at one gate, or the handler of a reference. */
export interface Listener {
  component: Instance;
  readonly name: string;
  run: Handler;
  /** Where all of a family are heard in one place: what an event of this slot ends in. */
  refined?: (slot: number) => Listener;
}

/**
 * A port of one component at run time. It has two faces: the outer, where the owner's channels end, and the inner,
 * where a composite's channels to its children begin. An event that arrives at one face crosses to the other: inwards it
 * meets the handlers of the component.
 */
export class Gate {
  component: Instance;
  readonly plan: PortPlan;
  listeners: (Listener | undefined)[] | undefined = undefined;
  routes: (Route | undefined)[] | undefined = undefined;
  #outer: Face | undefined = undefined;
  #inner: Face | undefined = undefined;
  /** A compiled route leaves through the face, so that a change there concerns somebody. */
  isOuterTraced = false;
  isInnerTraced = false;

  constructor(component: Instance, plan: PortPlan) {
    this.component = component;
    this.plan = plan;
  }

  get path(): string {
    return `${this.component.path}.${this.plan.kind}.${this.plan.name}`;
  }

  get outer(): Face {
    return (this.#outer ??= new Face(this, false));
  }

  get inner(): Face {
    return (this.#inner ??= new Face(this, true));
  }

  /** The channels at a face, without making the face. */
  endsAt(isInner: boolean): Ends {
    return (isInner ? this.#inner : this.#outer)?.ends;
  }

  disconnectAll(): void {
    this.disconnect(false);
    this.disconnect(true);
  }

  /** Takes all channels away that end at a face. */
  disconnect(isInner: boolean): void {
    const ends = this.endsAt(isInner);
    if (ends !== undefined) for (const channel of [...eachEnd(ends)]) channel.disconnect();
  }

  subscribe(slot: number, handler: Handler): void {
    this.listeners ??= new Array(this.plan.hears.names.length);
    const listener = this.listeners[slot];
    if (listener === undefined) {
      this.listeners[slot] = { component: this.component, name: this.plan.hears.names[slot]!, run: handler };
      this.forgetLeaving(true);
    } else {
      listener.run = listener.run === unheard ? handler : both(listener.run, handler);
    }
  }

  /** Subscribes to an open event and to all that refines it: each is heard once, with its slot. */
  subscribeToFamily(root: number, handler: (event: unknown, slot: number) => void): void {
    this.subscribe(root, (event, slot = root) => handler(event, slot));
    const { component, plan } = this;
    const listener = this.listeners![root]!;
    listener.refined ??= (slot) => {
      return { component, name: plan.hears.names[slot]!, run: (event) => listener.run(event, slot) };
    };
  }

  /** Before a component is set up anew: its listeners stay, so that events which wait still find the new handlers. */
  clearHandlers(): void {
    for (const listener of this.listeners ?? []) if (listener !== undefined) listener.run = unheard;
  }

  /** The handler of each slot, where the component listens. */
  get handlers(): Handlers {
    return Array.from(this.listeners ?? [], (listener) => listener?.run);
  }

  set handlers(handlers: Handlers) {
    for (const [slot, listener] of (this.listeners ?? []).entries()) {
      if (listener !== undefined) listener.run = handlers[slot] ?? unheard;
    }
  }

  routeOf(slot: number): Route {
    this.routes ??= new Array(this.plan.says.names.length);
    return (this.routes[slot] ??= new Route(this, slot));
  }

  /** Makes every route that leaves through a face be compiled anew when it is next used. */
  forgetLeaving(isInner: boolean): void {
    if (isInner ? !this.isInnerTraced : !this.isOuterTraced) return;
    if (isInner) this.isInnerTraced = false;
    else {
      this.isOuterTraced = false;
      for (const route of this.routes ?? []) route?.forget();
    }
    for (const channel of eachEnd(this.endsAt(!isInner))) {
      const from = channel.across(isInner ? this.outer : this.inner);
      from?.gate.forgetLeaving(from.isInner);
    }
  }
}

/** One side of a gate: what its owner, or a composite from within, connects. Users see it as an Outside. */
export class Face {
  readonly gate: Gate;
  readonly isInner: boolean;
  ends: Ends = undefined;
  /** A channel ended here at some time. */
  wasJoined = false;

  constructor(gate: Gate, isInner: boolean) {
    this.gate = gate;
    this.isInner = isInner;
  }

  get type(): AnyPort {
    return this.gate.plan.type;
  }

  get path(): string {
    return this.gate.path;
  }

  /** True where the service comes from: the outer face of what provides it, the inner face of what requires it. */
  get isPositive(): boolean {
    return (this.gate.plan.kind === 'provides') !== this.isInner;
  }

  add(channel: RuntimeChannel): void {
    this.ends = withEnd(this.ends, channel);
    this.wasJoined = true;
    this.gate.forgetLeaving(this.isInner);
  }

  remove(channel: RuntimeChannel): void {
    this.gate.forgetLeaving(this.isInner);
    this.ends = withoutEnd(this.ends, channel);
  }
}

/** The handler of a listener whose component subscribes to its event no more. */
export const unheard: Handler = () => {};

function both(first: Handler, second: Handler): Handler {
  return (event) => {
    first(event);
    second(event);
  };
}
