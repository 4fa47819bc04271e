import { must, type Schema } from '../base/index.ts';
import type { AnyDefinition } from './definition.ts';
import { familySchema, isOpenEvent, type Refined } from './openEvent.ts';
import type { AnyEvents } from './port.ts';
import { OnView } from './view.ts';

/** An event that leaves its thread or its peer: where it belongs, and how its payload is written. Its place in the list is its number. */
export interface Crossing {
  readonly side: 'provides' | 'requires';
  readonly port: string;
  readonly event: string;
  /** It is an open event: its payload says which subtype it is, and the schema writes that too. */
  readonly isOpen: boolean;
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
        const own = must(type.schema, where);
        const isOpen = isOpenEvent(type);
        crossings.push({ side, port, event, isOpen, schema: isOpen ? familySchema(type) : own });
      }
    }
  }
  return crossings;
}

/** A port as a component sees it that takes what crosses from it, or says at it what crossed. */
export interface Landing {
  readonly on: unknown;
  readonly emit: unknown;
}

/** Hears what is to cross at a port: payloads that the crossing's schema writes. */
export function hearCrossing({ on }: Landing, crossing: Crossing, handler: (payload: unknown) => void): void {
  if (!crossing.isOpen) return (on as Readonly<Record<string, Hears>>)[crossing.event]!(handler);
  const gate = OnView.gateOf(on as OnView);
  const { slots } = gate.plan.hears;
  const root = must(slots.get(crossing.event), () => `${gate.path} hears no ${crossing.event}`);
  gate.subscribeToFamily(root, (event, slot) => handler({ type: slots.typeOf(slot), event }));
}

/** Says at a port what crossed: a payload that the crossing's schema read. */
export function sayCrossing({ emit }: Landing, { event: name, isOpen }: Crossing, payload: unknown): void {
  const say = (emit as Readonly<Record<string, Says & { of(type: object): Says }>>)[name]!;
  if (!isOpen) return say(payload);
  const { type, event } = payload as Refined;
  say.of(type)(event);
}

type Hears = (handler: (payload: unknown) => void) => void;
type Says = (payload: unknown) => void;
