import type { Gate, Handler } from './gate.ts';
import type { AnyOpenEvent, Slots } from './openEvent.ts';

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

export function emitViewClass(slots: Slots): ViewClass<EmitView> {
  const Made = class extends EmitView {};
  for (const [slot, name] of slots.names.entries()) {
    Object.defineProperty(Made.prototype, name, {
      get: slots.isOpen(slot) ? openSender(slot) : sender(slot),
      enumerable: true,
    });
  }
  return Made;
}

/** Whether an event is open is known before: who sends often does not ask each time. */
function sender(slot: number): (this: View) => Handler {
  return function (this: View) {
    return View.gateOf(this).routeOf(slot).send;
  };
}

function openSender(slot: number): (this: View) => Handler {
  return function (this: View) {
    const gate = View.gateOf(this);
    const { slots } = gate.plan.says;
    const of = (type: AnyOpenEvent) => gate.routeOf(slots.ofSubtype(slot, type)).send;
    return Object.assign(gate.routeOf(slot).send, { of });
  };
}
