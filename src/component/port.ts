import type { Schema } from '../base/index.ts';
import type { SubtypesHeard, SubtypesSaid } from './openEvent.ts';

declare const payload: unique symbol;

/** An event that a port carries: a type, and at run time a name. A schema lets its payload leave the thread. */
export interface EventType<P> {
  readonly [payload]?: (value: P) => P;
  readonly schema?: Schema<P>;
}

/**
 * Declares an event and the type of its payload: `event<{ key: string }>()`, `event()` for none, or `event(schema)` for one
 * that may also go to a component in a worker.
 */
export function event(): EventType<void>;
export function event<P>(schema?: Schema<P>): EventType<P>;
export function event<P>(schema?: Schema<P>): EventType<P> {
  return schema === undefined ? {} : { schema };
}

export type Events = Readonly<Record<string, EventType<never>>>;
/** Events of any types, by name: one direction of a port type. */
// An event type is invariant in its payload, so "any event" needs a type that every payload fits both ways.
// biome-ignore lint/suspicious/noExplicitAny: this is the one place where "whatever the payload" must be said.
export type AnyEvents = Readonly<Record<string, EventType<any>>>;
/** The type of what an event carries. */
export type PayloadOf<E> = E extends EventType<infer P> ? P : never;

/**
 * A port type is a service: the requests that travel to its provider and the indications that travel back. Its name
 * appears in messages to people; two port types are the same only if they are the same value.
 */
export interface PortType<Rq extends AnyEvents, In extends AnyEvents> {
  readonly name: string;
  readonly requests: Rq;
  readonly indications: In;
}

/** A port type, whatever its events. */
export type AnyPort = PortType<AnyEvents, AnyEvents>;
/** The ports that a definition provides or requires, by name. */
export type Ports = Readonly<Record<string, AnyPort>>;

// biome-ignore lint/complexity/noBannedTypes: a port without requests has no request names, which is what {} says.
type None = {};

/** Declares a port type. All types are inferred from the events. */
export function port<const Rq extends AnyEvents = None, const In extends AnyEvents = None>(
  name: string,
  events: { readonly requests?: Rq; readonly indications?: In },
): PortType<Rq, In> {
  return { name, requests: events.requests ?? ({} as Rq), indications: events.indications ?? ({} as In) };
}

type Handler<P> = (event: P) => void;
/** `port.on.name(handler)`: subscribes a handler to an event that arrives. */
export type On<Es> = {
  readonly [K in keyof Es]: ((handler: Handler<PayloadOf<Es[K]>>) => void) & SubtypesHeard<Es[K]>;
};
/** `port.emit.name(event)`: sends an event to whoever is connected. */
export type Emit<Es> = {
  readonly [K in keyof Es]: (PayloadOf<Es[K]> extends void ? () => void : (event: PayloadOf<Es[K]>) => void) &
    SubtypesSaid<Es[K]>;
};

/** A port as its own component sees it: it hears one direction and speaks the other. */
export interface Inside<Hears, Says> {
  readonly on: On<Hears>;
  readonly emit: Emit<Says>;
}

/** A provided port as its component sees it: it hears requests and emits indications. */
export type InsideProvided<P> = P extends PortType<infer Rq, infer In> ? Inside<Rq, In> : never;
/** A required port as its component sees it: it emits requests and hears indications. */
export type InsideRequired<P> = P extends PortType<infer Rq, infer In> ? Inside<In, Rq> : never;

declare const polarity: unique symbol;

/** A port as the owner of its component sees it: something to connect. '+' provides the service, '-' requires it. */
export interface Outside<P, Polarity extends '+' | '-'> {
  readonly [polarity]?: Polarity;
  readonly type: P;
  /** Where the port stands, as in `peer/overlay.provides.membership`. */
  readonly path: string;
}
