/** The simulated world: virtual time, a network and hosts that fail in every way, all decided by one seed. */
export { type ClientEars, SimulatedClient } from './client.ts';
export type { SimulatedClock } from './clock.ts';
export type { SimulatedDisk } from './disk.ts';
export { type Boot, type Life, SimulatedHost } from './host.ts';
export { type NetworkConditions, SimulatedNetwork } from './network.ts';
export { parseTraceLine, type Trace, type TraceFilter, type TraceLine, traceLineText } from './trace.ts';
export { type HostFault, type Moment, Universe, type UniverseOptions } from './universe.ts';
