import { assert, list, MalformedError, must, type Schema, text } from '../base/index.ts';
import type { EventType, PayloadOf } from './port.ts';

declare const family: unique symbol;

/** An event that others refine: a port that has it carries all of them, also those that are declared elsewhere. */
export interface OpenEventType<P, F extends string = string> extends EventType<P> {
  readonly [family]?: (value: F) => F;
  readonly name: string;
  /** What it refines. */
  readonly base: AnyOpenEvent | undefined;
  /** What refines it and has a schema, by name: so it is known on another peer. */
  readonly subtypes: ReadonlyMap<string, AnyOpenEvent>;
}

// Its payload and family are invariant, so that "any open event" can only be said with any.
// biome-ignore lint/suspicious/noExplicitAny: see above.
export type AnyOpenEvent = OpenEventType<any, any>;

/** Declares the root of a family of events: `openEvent('message', event<{ to: Address }>())`. */
export function openEvent<const F extends string, P>(name: F, { schema }: EventType<P>): OpenEventType<P, F> {
  return declared<P, F>(name, undefined, schema);
}

/**
 * Declares an event that is one of `base` and has more: who subscribed to `base` hears it too, as a `base`. Where both have a
 * schema it may leave its thread, by the schema of what `base` has and then that of what is added.
 */
export function subtype<P, F extends string, Q>(
  base: OpenEventType<P, F>,
  name: string,
  { schema: more }: EventType<Q>,
): OpenEventType<P & Q, F> {
  const schema = base.schema && more && refined(base.schema, more);
  const made = declared<P & Q, F>(name, base, schema);
  if (schema === undefined) return made;
  const known = base.subtypes as Map<string, AnyOpenEvent>;
  assert(!known.has(name), () => `${base.name} has a subtype ${name} already: on another peer they would be the same`);
  known.set(name, made);
  return made;
}

function declared<P, F extends string>(
  name: string,
  base: AnyOpenEvent | undefined,
  schema: Schema<P> | undefined,
): OpenEventType<P, F> {
  return { name, base, subtypes: new Map(), ...(schema && { schema }) };
}

function refined<P, Q>(base: Schema<P>, more: Schema<Q>): Schema<P & Q> {
  return {
    write: (writer, value) => {
      base.write(writer, value);
      more.write(writer, value);
    },
    read: (reader) => ({ ...base.read(reader), ...more.read(reader) }),
  };
}

/** An open event on its way to another thread or peer: which of its family it is, and what it carries. */
export interface Refined {
  readonly type: AnyOpenEvent;
  readonly event: unknown;
}

const names = list(text);

/** How all of a family are written: the names that lead from its root to the subtype, then the payload by the subtype's schema. */
export function familySchema(root: AnyOpenEvent): Schema<unknown> {
  return {
    write: (writer, value) => {
      const { type, event } = value as Refined;
      const schema = must(
        type.schema,
        () => `${type.name} has no schema: it cannot leave its thread`,
      ) as Schema<unknown>;
      names.write(writer, namesOf(type));
      schema.write(writer, event);
    },
    read: (reader) => {
      let type = root;
      for (const name of names.read(reader)) {
        const found = type.subtypes.get(name);
        if (found === undefined) throw new MalformedError(`${name} is no subtype of ${type.name} that is known here`);
        type = found;
      }
      return { type, event: (type.schema as Schema<unknown>).read(reader) };
    },
  };
}

function namesOf({ base, name }: AnyOpenEvent): readonly string[] {
  return base === undefined ? [] : [...namesOf(base), name];
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
  readonly #types: (AnyOpenEvent | undefined)[];
  readonly #byName: ReadonlyMap<string, number>;

  constructor(events: Readonly<Record<string, object>>) {
    this.names = Object.keys(events);
    this.#byName = new Map(this.names.map((name, slot) => [name, slot]));
    this.#types = Object.values(events).map((type) => (isOpenEvent(type) ? type : undefined));
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
    this.#types[added] = type;
    known.set(type, added);
    return added;
  }

  /** The open event of a slot. */
  typeOf(slot: number): AnyOpenEvent | undefined {
    return this.#types[slot];
  }

  /** The slot of what the event of this slot refines. */
  baseOf(slot: number): number | undefined {
    return this.#bases[slot];
  }

  isWithin(slot: number, base: number): boolean {
    return slot === base || (this.#bases[slot] !== undefined && this.isWithin(this.#bases[slot], base));
  }
}
