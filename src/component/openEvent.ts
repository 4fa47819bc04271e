import { assert } from '../base/index.ts';
import type { EventType, PayloadOf } from './port.ts';

declare const family: unique symbol;

/** An event that others refine: a port that has it carries all of them, also those that are declared elsewhere. */
export interface OpenEventType<P, F extends string = string> extends EventType<P> {
  readonly [family]?: (value: F) => F;
  readonly name: string;
  /** What it refines. */
  readonly base: AnyOpenEvent | undefined;
}

// Its payload and family are invariant, so that "any open event" can only be said with any.
// biome-ignore lint/suspicious/noExplicitAny: see above.
export type AnyOpenEvent = OpenEventType<any, any>;

/** Declares the root of a family of events: `openEvent('message', event<{ to: Address }>())`. */
export function openEvent<const F extends string, P>(name: F, _payload: EventType<P>): OpenEventType<P, F> {
  return { name, base: undefined };
}

/** Declares an event that is one of `base` and has more: who subscribed to `base` hears it too, as a `base`. */
export function subtype<P, F extends string, Q>(
  base: OpenEventType<P, F>,
  name: string,
  _more: EventType<Q>,
): OpenEventType<P & Q, F> {
  return { name, base };
}

/** `port.on.message.of(Ping)`: subscribes to one subtype, and to what refines that. */
export type SubtypesHeard<E> =
  E extends OpenEventType<infer P, infer F>
    ? { of<T extends P>(type: OpenEventType<T, F>): (handler: (event: T) => void) => void }
    : unknown;

/** `port.emit.message.of(Ping)`: the function that sends that subtype. Take it once and call it often. */
export type SubtypesSaid<E> =
  E extends OpenEventType<infer P, infer F>
    ? { of<T extends P>(type: OpenEventType<T, F>): (event: PayloadOf<OpenEventType<T, F>>) => void }
    : unknown;

export function isOpenEvent(type: object): type is AnyOpenEvent {
  return 'base' in type;
}

/** The slots of one direction of a port type: those of its own events, and those that subtypes get when first used. */
export class Slots {
  /** The name of each slot, and the slot of what its event refines. */
  readonly names: string[];
  readonly #bases: (number | undefined)[] = [];
  readonly #bySubtype: (Map<AnyOpenEvent, number> | undefined)[];
  readonly #byName: ReadonlyMap<string, number>;

  constructor(events: Readonly<Record<string, object>>) {
    this.names = Object.keys(events);
    this.#byName = new Map(this.names.map((name, slot) => [name, slot]));
    this.#bySubtype = Object.values(events).map((type, slot) =>
      isOpenEvent(type) ? new Map([[type, slot]]) : undefined,
    );
  }

  get(name: string): number | undefined {
    return this.#byName.get(name);
  }

  isOpen(slot: number): boolean {
    return this.#bySubtype[slot] !== undefined;
  }

  /** The slot of a subtype of the event that the port declares at `slot`. */
  ofSubtype(slot: number, type: AnyOpenEvent): number {
    const known = this.#bySubtype[slot]!;
    const found = known.get(type);
    if (found !== undefined) return found;
    const { base } = type;
    assert(base !== undefined, () => `${type.name} is no subtype of what ${this.names[slot]} carries`);
    const baseSlot = this.ofSubtype(slot, base);
    const added = this.names.push(`${this.names[slot]} of ${type.name}`) - 1;
    this.#bases[added] = baseSlot;
    known.set(type, added);
    return added;
  }

  /** The slot of what the event of this slot refines. */
  baseOf(slot: number): number | undefined {
    return this.#bases[slot];
  }

  isWithin(slot: number, base: number): boolean {
    return slot === base || (this.#bases[slot] !== undefined && this.isWithin(this.#bases[slot], base));
  }
}
