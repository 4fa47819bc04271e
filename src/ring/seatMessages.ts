import { type Infer, optional, text, union, variant } from '../base/index.ts';
import { protocol } from '../world/index.ts';
import { contact } from './contact.ts';
import { ringMessage } from './messages.ts';

/** Messages between the seats of peers: each names the seat that it is for, and the one that it comes from. */
export const seatMessage = union({
  say: variant(1, { to: text, from: text, message: ringMessage }),
  /** There is no such seat here: it was given up, or belonged to an earlier life of this peer. `asker` may meet this one instead. */
  gone: variant(2, { seat: text, asker: text, instead: optional(contact) }),
});
export type SeatMessage = Infer<typeof seatMessage>;
export type SeatGone = Extract<SeatMessage, { readonly kind: 'gone' }>;

export const seatProtocol = protocol('seats', 8, seatMessage, { mayJoin: true });
