/** The simulated world: virtual time, a network and hosts that fail in every way, all decided by one seed. */
export { type Bandwidth, type Flow, fairShares } from './bandwidth.ts';
export { type ClientEars, SimulatedClient } from './client.ts';
export type { SimulatedClock } from './clock.ts';
export type { SimulatedDisk } from './disk.ts';
export { type Boot, type Life, SimulatedHost } from './host.ts';
export {
  type Coordinate,
  constantLatency,
  delayBetween,
  type Latency,
  logNormalLatency,
  matrixLatency,
  matrixOf,
  type Place,
  uniformLatency,
} from './latency.ts';
export { type Access, type Nat, type NatAllocation, type NatScope, natTypes, type Reach, reachBetween } from './nat.ts';
export { type NetworkConditions, SimulatedNetwork } from './network.ts';
export { parseTraceLine, type Trace, type TraceFilter, type TraceLine, traceLineText } from './trace.ts';
export { type HostFault, type Moment, Universe, type UniverseOptions } from './universe.ts';
