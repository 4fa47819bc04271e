import type { Gate, Handler } from './gate.ts';
import type { AnyOpenEvent } from './openEvent.ts';

/** What a component sees of a gate's events, by their names: `port.on` or `port.emit`. */
class View {
  readonly #gate: Gate;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  static gateOf(view: View): Gate {
    return view.#gate;
  }
}

/** `port.on`: each name gives a function that subscribes a handler. */
export class OnView extends View {}

/** `port.emit`: each name gives the function that sends along its route. */
export class EmitView extends View {}

export type ViewClass<V> = new (gate: Gate) => V;

/**
 * One class for each direction of a port type, with a getter for each event: an instance holds its gate alone, and a
 * component that uses one event of eight pays for one.
 */
export function onViewClass(names: readonly string[]): ViewClass<OnView> {
  const Made = class extends OnView {};
  for (const [slot, name] of names.entries()) {
    Object.defineProperty(Made.prototype, name, {
      get(this: View) {
        const gate = View.gateOf(this);
        const on = (handler: Handler) => gate.subscribe(slot, handler);
        const { slots } = gate.plan.hears;
        if (!slots.isOpen(slot)) return on;
        const of = (type: AnyOpenEvent) => (handler: Handler) => gate.subscribe(slots.ofSubtype(slot, type), handler);
        return Object.assign(on, { of });
      },
      enumerable: true,
    });
  }
  return Made;
}

export function emitViewClass(names: readonly string[]): ViewClass<EmitView> {
  const Made = class extends EmitView {};
  for (const [slot, name] of names.entries()) {
    Object.defineProperty(Made.prototype, name, {
      get(this: View) {
        const gate = View.gateOf(this);
        const { send } = gate.routeOf(slot);
        const { slots } = gate.plan.says;
        if (!slots.isOpen(slot)) return send;
        return Object.assign(send, { of: (type: AnyOpenEvent) => gate.routeOf(slots.ofSubtype(slot, type)).send });
      },
      enumerable: true,
    });
  }
  return Made;
}
