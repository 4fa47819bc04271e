import { must, type Schema } from '../../base/index.ts';
import type { AnyEvents, Definition, Ports } from '../index.ts';

export type AnyPlaced = Definition<Ports, Ports, unknown>;
export type Side = 'provides' | 'requires';

/** An event that crosses threads: where it belongs, and how its payload is written. Its place in the list is its number. */
export interface Crossing {
  readonly side: Side;
  readonly port: string;
  readonly event: string;
  readonly schema: Schema<unknown>;
}

/** All that a component hears, or says, in an order that is the same in both threads. */
export function crossingsOf(definition: AnyPlaced, direction: 'hears' | 'says'): readonly Crossing[] {
  const crossings: Crossing[] = [];
  for (const side of ['provides', 'requires'] as const) {
    for (const [port, { requests, indications }] of Object.entries(definition[side])) {
      const events: AnyEvents = (side === 'provides') === (direction === 'hears') ? requests : indications;
      for (const [event, type] of Object.entries(events)) {
        const where = (): string =>
          `${definition.name}.${side}.${port}.${event} has no schema: it cannot leave its thread`;
        crossings.push({ side, port, event, schema: must(type.schema, where) });
      }
    }
  }
  return crossings;
}

/** What is said to a worker beside the events, and by it. */
export type Control =
  | { readonly kind: 'start' | 'stop' }
  /** There is something in the ring, or room in the other one. */
  | { readonly kind: 'work' | 'room' }
  /** The component failed, and nobody in the worker knew what to do about it. */
  | { readonly kind: 'fault'; readonly path: string; readonly event: string; readonly message: string };

/** What a worker is started with. */
export interface Order {
  readonly module: string;
  readonly name: string;
  readonly init: unknown;
  readonly hears: SharedArrayBuffer;
  readonly says: SharedArrayBuffer;
}
