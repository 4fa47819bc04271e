import { assert, must } from '../base/index.ts';
import type { AnyPort, PayloadOf, PortType } from './port.ts';
import { signatureOf } from './signature.ts';

type EventsOf<P> = P extends PortType<infer Rq, infer In> ? In & Rq : never;
type FieldsOf<E, Name> = {
  readonly [Field in keyof PayloadOf<E> & string]: {
    readonly event: Name;
    readonly field: Field;
    readonly value: PayloadOf<E>[Field];
  };
}[keyof PayloadOf<E> & string];

/**
 * Which events a channel lets pass: of the direction of `event`, only that event, and only where its `field` is
 * `value` (as Map keys are compared). The other direction passes whole. Channels that select by one field are found by
 * one look, however many they are.
 */
export type Select<P> = { readonly [K in keyof EventsOf<P>]: FieldsOf<EventsOf<P>[K], K> }[keyof EventsOf<P>];

/** A selection as the runtime keeps it. */
export interface Selection {
  readonly isRequest: boolean;
  readonly slot: number;
  readonly event: string;
  readonly field: string;
  readonly value: unknown;
}

export function selectionOf(
  type: AnyPort,
  select: { readonly event: string; readonly field: string; readonly value: unknown },
  where: () => string,
): Selection {
  const { requests, indications } = signatureOf(type);
  const { event, field, value } = select;
  const [request, indication] = [requests.slots.get(event), indications.slots.get(event)];
  assert(
    request === undefined || indication === undefined,
    () => `${where()} selects ${event}, which ${type.name} has both as a request and as an indication`,
  );
  const slot = must(request ?? indication, () => `${where()} selects ${event}, which ${type.name} does not have`);
  return { isRequest: request !== undefined, slot, event, field, value };
}
