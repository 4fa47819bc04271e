import { assert } from '../base/index.ts';
import type { Instance } from './instance.ts';
import type { AnyPort } from './port.ts';

export type Handler = (event: unknown) => void;

/** The handlers of one event at one port of one component: what a compiled route ends in. */
export interface Listener {
  readonly component: Instance;
  readonly name: string;
  handlers: Handler[];
}

/**
 * A port has two halves: the inside, where its component subscribes and emits, and the outside, where channels end.
 * A composite's inside half is also where channels to its children begin. An event that arrives at one half crosses
 * to the other, meets the handlers there, and goes on along the channels there.
 */
export class Half {
  readonly component: Instance;
  readonly isInside: boolean;
  readonly type: AnyPort;
  readonly path: string;
  readonly listeners = new Map<string, Listener>();
  readonly channels: Half[] = [];
  readonly #routes = new Map<string, Listener[]>();
  pair!: Half;

  constructor(component: Instance, type: AnyPort, path: string, isInside: boolean) {
    this.component = component;
    this.type = type;
    this.path = path;
    this.isInside = isInside;
  }

  /** Sends an event from the inside out, along the route that was compiled when the structure last changed. */
  emit(name: string, event: unknown): void {
    const route = this.#routes.get(name) ?? this.#compile(name);
    const system = this.component.system;
    for (let i = 0; i < route.length; i++) system.enqueue(route[i]!, event);
  }

  subscribe(name: string, handler: Handler): void {
    const listener = this.listeners.get(name);
    if (listener === undefined) {
      this.listeners.set(name, { component: this.component, name, handlers: [handler] });
      forgetRoutes(this);
    } else {
      listener.handlers.push(handler);
    }
  }

  /** Before a component is set up anew: its listeners stay, so that parked events still find the new handlers. */
  clearHandlers(): void {
    for (const listener of this.listeners.values()) listener.handlers = [];
  }

  forget(): void {
    this.#routes.clear();
  }

  #compile(name: string): Listener[] {
    const route: Listener[] = [];
    for (const peer of this.pair.channels) arrive(peer, name, route);
    this.#routes.set(name, route);
    return route;
  }
}

function arrive(at: Half, name: string, route: Listener[]): void {
  const across = at.pair;
  const listener = across.isInside ? across.listeners.get(name) : undefined;
  if (listener !== undefined) route.push(listener);
  for (const peer of across.channels) arrive(peer, name, route);
}

/** Makes every route that could pass this half be compiled anew when it is next used. */
export function forgetRoutes(from: Half): void {
  const seen = new Set<Half>();
  const open: Half[] = [from];
  for (let half = open.pop(); half !== undefined; half = open.pop()) {
    if (seen.has(half)) continue;
    seen.add(half);
    half.forget();
    open.push(half.pair, ...half.channels);
  }
}

/** Joins two halves by a channel. */
export function join(a: Half, b: Half): void {
  assert(
    a.type === b.type,
    () => `${a.path} is a ${a.type.name} and ${b.path} is a ${b.type.name}: they cannot connect`,
  );
  assert(!a.channels.includes(b), () => `${a.path} and ${b.path} are connected already`);
  a.channels.push(b);
  b.channels.push(a);
  forgetRoutes(a);
}

/** Removes the channel between two halves, if there is one. What was sent before is still handled. */
export function part(a: Half, b: Half): void {
  forgetRoutes(a);
  const atA = a.channels.indexOf(b);
  const atB = b.channels.indexOf(a);
  if (atA >= 0) a.channels.splice(atA, 1);
  if (atB >= 0) b.channels.splice(atB, 1);
}
