import { type Infer, text, union, variant } from '../base/index.ts';
import { protocol } from '../world/index.ts';
import { ringMessage } from './messages.ts';

/** Messages between the seats of peers: each names the seat that it is for, and the one that it comes from. */
export const seatMessage = union({
  say: variant(1, { to: text, from: text, message: ringMessage }),
  /** There is no such seat here: it was given up, or belonged to an earlier life of this peer. */
  gone: variant(2, { seat: text }),
});
export type SeatMessage = Infer<typeof seatMessage>;

export const seatProtocol = protocol('seats', 8, seatMessage, { mayJoin: true });
