/** Ring: peers in the order of their places, each key a few hops away. A hint: consensus decides who holds what. */
export { type Contact, contact, isBetween, isWithin } from './contact.ts';
export { lastHopsMax, successorsMax } from './limits.ts';
export type { Found } from './lookups.ts';
export { type RingMessage, ringProtocol } from './messages.ts';
export type { Phase } from './phase.ts';
export type { Arity } from './pointers.ts';
export { Ring, type RingInit, RingPeer, type Surroundings } from './ring.ts';
export type { Place, RingView } from './ringView.ts';
export type { Manner } from './routing.ts';
export { seatProtocol } from './seatMessages.ts';
export { PeerSeats, rangesOf, Seats, type SeatsInit } from './seats.ts';
