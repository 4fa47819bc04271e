import { must, type Schema } from '../base/index.ts';
import type { AnyDefinition } from './definition.ts';
import type { AnyEvents } from './port.ts';

/** An event that leaves its thread or its peer: where it belongs, and how its payload is written. Its place in the list is its number. */
export interface Crossing {
  readonly side: 'provides' | 'requires';
  readonly port: string;
  readonly event: string;
  readonly schema: Schema<unknown>;
}

/** All that a component hears, or says, in an order that is the same wherever its definition is. */
export function crossingsOf(definition: AnyDefinition, direction: 'hears' | 'says'): readonly Crossing[] {
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
