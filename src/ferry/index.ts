/**
 * Ferry: a component lives on another peer, its owner and its neighbours none the wiser. Events cross over the world's network,
 * each once and in its order, by the schemas that their port declares.
 */
export { type Abroad, abroad } from './abroad.ts';
export { Ferry, type Offer, offer, type Passenger, type Ticket } from './ferry.ts';
export { type FerryMessage, ferryProtocol } from './messages.ts';
