import { Slots } from './openEvent.ts';
import type { AnyEvents, AnyPort } from './port.ts';
import { type EmitView, emitViewClass, type OnView, onViewClass, type ViewClass } from './view.ts';

/** One direction of a port type: each event has a slot, so that routes and handlers are found by number. */
export interface Way {
  readonly isRequest: boolean;
  readonly names: readonly string[];
  readonly slots: Slots;
  readonly On: ViewClass<OnView>;
  readonly Emit: ViewClass<EmitView>;
}

/** What the runtime knows of a port type, worked out once however many ports have it. */
export interface Signature {
  readonly requests: Way;
  readonly indications: Way;
}

const known = new WeakMap<AnyPort, Signature>();

export function signatureOf(type: AnyPort): Signature {
  let signature = known.get(type);
  if (signature === undefined) {
    signature = { requests: wayOf(type.requests, true), indications: wayOf(type.indications, false) };
    known.set(type, signature);
  }
  return signature;
}

function wayOf(events: AnyEvents, isRequest: boolean): Way {
  const slots = new Slots(events);
  const names = [...slots.names];
  return { isRequest, names: slots.names, slots, On: onViewClass(names), Emit: emitViewClass(slots) };
}
