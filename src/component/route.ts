import { assert } from '../base/index.ts';
import type { RuntimeChannel } from './channel.ts';
import { eachEnd } from './ends.ts';
import type { Face, Gate, Handler, Listener } from './gate.ts';
import type { Slots } from './openEvent.ts';

/** Channels that pass one value of a field, grouped: however many there are, one look finds those that an event takes. */
interface Choice {
  readonly field: string;
  readonly plans: Map<unknown, Plan>;
}

/** Where an event goes from some place on: what a structure of channels comes to once it is worked out. */
export interface Plan {
  readonly listeners: Listener[];
  /** Channels that hold what would pass. */
  readonly stops: RuntimeChannel[];
  readonly choices: Choice[];
}

/** An event of a port type: its direction and its slot. It stays the same along a route. */
export interface Kind {
  readonly isRequest: boolean;
  readonly slot: number;
}

/** The way of one event out of one gate, worked out when it is first used after the structure changed. */
export class Route {
  /** Set where the route is compiled and neither held nor selective: then sending is a loop over an array. */
  #listeners: readonly Listener[] | undefined = undefined;
  #plan: Plan | undefined = undefined;
  readonly #gate: Gate;
  readonly #slot: number;
  readonly send: Handler;

  constructor(gate: Gate, slot: number) {
    this.#gate = gate;
    this.#slot = slot;
    const { system } = gate.component;
    this.send = (event) => {
      const listeners = this.#listeners;
      if (listeners === undefined) {
        this.#sendByPlan(event);
        return;
      }
      // Most ways end at one handler, which is worth a look: a loop costs a twentieth of what an event does.
      if (listeners.length === 1) system.enqueue(listeners[0]!, event);
      else for (let i = 0; i < listeners.length; i++) system.enqueue(listeners[i]!, event);
    };
  }

  forget(): void {
    this.#listeners = undefined;
    this.#plan = undefined;
  }

  #sendByPlan(event: unknown): void {
    this.#plan ??= this.#compile();
    follow(this.#plan, this.#gate.plan.says.isRequest, this.#slot, event);
  }

  #compile(): Plan {
    const plan = emptyPlan();
    const { kind, says } = this.#gate.plan;
    if (kind === 'requires' && !this.#gate.outer.wasJoined) this.#expectChannel();
    leave(this.#gate, false, { isRequest: says.isRequest, slot: this.#slot }, plan);
    if (plan.stops.length === 0 && plan.choices.length === 0) this.#listeners = plan.listeners;
    return plan;
  }

  /** A component that starts as it is created may speak before its owner has connected it, but not for a whole turn. */
  #expectChannel(): void {
    const { component, outer, path, plan } = this.#gate;
    component.system.deferToTurnEnd(component, () =>
      assert(outer.wasJoined, () => `${path} was never connected: nobody can hear ${plan.says.names[this.#slot]}`),
    );
  }
}

export function emptyPlan(): Plan {
  return { listeners: [], stops: [], choices: [] };
}

/** Sends one event along a plan. */
export function follow(plan: Plan, isRequest: boolean, slot: number, event: unknown): void {
  for (const listener of plan.listeners) listener.component.system.enqueue(listener, event);
  for (const channel of plan.stops) channel.keep({ isRequest, slot, event });
  for (const { field, plans } of plan.choices) {
    const next = plans.get((event as Readonly<Record<string, unknown>>)[field]);
    if (next !== undefined) follow(next, isRequest, slot, event);
  }
}

/** What an event meets that arrives at a face. */
export function arrive(at: Face, kind: Kind, plan: Plan): void {
  const { gate, isInner } = at;
  if (!isInner) {
    const { slots } = gate.plan.hears;
    for (let slot: number | undefined = kind.slot; slot !== undefined; slot = slots.baseOf(slot)) {
      const listener = gate.listeners?.[slot];
      if (listener !== undefined) plan.listeners.push(listener.refined?.(kind.slot) ?? listener);
    }
  }
  leave(gate, !isInner, kind, plan);
}

function leave(gate: Gate, isInner: boolean, kind: Kind, plan: Plan): void {
  if (isInner) gate.isInnerTraced = true;
  else gate.isOuterTraced = true;
  const ends = gate.endsAt(isInner);
  if (ends === undefined) return;
  const from = isInner ? gate.inner : gate.outer;
  for (const channel of eachEnd(ends)) {
    const next = planBehind(channel, kind, slotsOf(gate, kind), plan);
    if (next === undefined) continue;
    if (channel.isOpen) arrive(channel.across(from)!, kind, next);
    else next.stops.push(channel);
  }
}

function slotsOf({ plan: { hears, says } }: Gate, { isRequest }: Kind): Slots {
  return (hears.isRequest === isRequest ? hears : says).slots;
}

/** The plan itself where the channel passes all; the plan of one value where it selects; none where nothing passes. */
function planBehind({ selection }: RuntimeChannel, kind: Kind, slots: Slots, plan: Plan): Plan | undefined {
  if (selection === undefined || selection.isRequest !== kind.isRequest) return plan;
  if (!slots.isWithin(kind.slot, selection.slot)) return undefined;
  const { field, value } = selection;
  let choice = plan.choices.find((one) => one.field === field);
  if (choice === undefined) {
    choice = { field, plans: new Map() };
    plan.choices.push(choice);
  }
  let next = choice.plans.get(value);
  if (next === undefined) {
    next = emptyPlan();
    choice.plans.set(value, next);
  }
  return next;
}
