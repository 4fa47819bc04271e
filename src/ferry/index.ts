/**
 * Ferry: a component lives on another peer, its owner and its neighbours none the wiser. Events cross over the world's network,
 * each once and in its order, by the schemas that their port declares; references that go along lead back, or on.
 */
export { type Abroad, abroad } from './abroad.ts';
export { type Lost, watchLoss } from './distantRef.ts';
export { Ferry, type Offer, offer, type Passenger, type Ticket } from './ferry.ts';
export { type FerryMessage, ferryProtocol } from './messages.ts';
export { offerSite, siteAbroad } from './sites.ts';
