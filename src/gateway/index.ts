/** Gateway: what outsiders speak. The protocol of Redis on any peer, as a component over the listener and the store. */
export type { AdmissionPolicy } from './admission.ts';
export { Figures } from './figures.ts';
export { Gateway, type GatewayInit } from './gateway.ts';
export type { Identity } from './services.ts';
