import { bytes, type Infer, list, record, text, union, variant, varint } from '../base/index.ts';
import { protocol } from '../world/index.ts';

/** An event on its way: its number among those that cross, and its payload. */
export const item = record({ crossing: varint, payload: bytes });

/** Numbers of what crosses beside the events of ports. */
export const crossings = {
  start: 0,
  stop: 1,
  /** An event for one of the references that the other peer gave. */
  tell: 2,
  /** A reference that was given leads nowhere any more. */
  forget: 3,
  /** The first event of a port. */
  events: 4,
} as const;

export const told = record({ number: varint, event: bytes });
export const forgotten = record({ number: varint, reason: text });

/** `passage` names the end that the message is for, of one component's stay on another peer. */
export const ferryMessage = union({
  /** Create a component, unless that was done already. */
  open: variant(1, { passage: text, definition: text, init: bytes }),
  /** Events from number `first` on; all below `received` have come. */
  items: variant(2, { passage: text, first: varint, received: varint, items: list(item) }),
  /** There is no such component, or no longer. */
  gone: variant(3, { passage: text, reason: text }),
  /** It is wanted no more. */
  close: variant(4, { passage: text }),
});

export type Item = Infer<typeof item>;
export type FerryMessage = Infer<typeof ferryMessage>;

export const ferryProtocol = protocol('ferry', 4, ferryMessage);
