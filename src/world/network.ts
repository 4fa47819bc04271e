import type { Schema } from '../base/index.ts';
import type { EventType, PortType } from '../component/index.ts';
import { event, port } from '../component/index.ts';

/** Where a peer listens for other peers: `host:port`. */
export type Address = string;

/** A message on its way out, and one that came in. `from` is where its sender listens. */
export interface Outgoing<M> {
  readonly to: Address;
  readonly message: M;
}
/** A message, and the address where its sender listens. */
export interface Incoming<M> {
  readonly from: Address;
  readonly message: M;
}

/**
 * Typed messages of one protocol between peers. The network promises little, and the rooms above assume no more: a
 * message may be lost, doubled, delayed or overtaken; one that arrives is whole and is what its sender encoded.
 * Messages to one peer are gathered and written once a turn. A peer may send to itself.
 */
export type NetworkPort<M> = PortType<
  { readonly send: EventType<Outgoing<M>> },
  { readonly received: EventType<Incoming<M>> }
>;

/** A protocol: its port type, and what the transport needs to carry it. */
export interface Protocol<M> {
  readonly name: string;
  /** Stands for the protocol in frames. Never reused. */
  readonly tag: number;
  readonly schema: Schema<M>;
  /** Joining protocols pass while either side belongs to no system yet. All others need one system on both sides. */
  readonly mayJoin: boolean;
  readonly port: NetworkPort<M>;
}

/** What a transport carries, by the names of its ports. */
// A protocol is invariant in its messages, so "whatever the messages" can only be said with any.
// biome-ignore lint/suspicious/noExplicitAny: see above; TransportPorts restores each type.
export type Protocols = Readonly<Record<string, Protocol<any>>>;

/** Declares a protocol. Frames carry its tag, so that each port hears its own messages and no others. */
export function protocol<M>(
  name: string,
  tag: number,
  schema: Schema<M>,
  options?: { readonly mayJoin: boolean },
): Protocol<M> {
  const type = port(`network of ${name}`, {
    requests: { send: event<Outgoing<M>>() },
    indications: { received: event<Incoming<M>>() },
  });
  return { name, tag, schema, mayJoin: options?.mayJoin ?? false, port: type };
}

/** Connection status, as a hint: liveness is decided by the overlay. */
export const Links = port('links', {
  requests: {
    /** Bytes for other systems are refused from now on (SYS-1): the system id goes into every frame. */
    setSystem: event<{ readonly systemId: string }>(),
  },
  indications: {
    up: event<{ readonly address: Address }>(),
    down: event<{ readonly address: Address; readonly reason: string }>(),
    /** A frame of another system or of another wire version came from there, and was refused. */
    refused: event<{ readonly address: Address; readonly reason: string }>(),
  },
});

/** The system id before a peer belongs to a system: only joining protocols may be sent and heard with it. */
export const noSystemId = '0000000000000000';
