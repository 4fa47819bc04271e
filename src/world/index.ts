/** World: the ports and capabilities through which everything else meets the outside. Two rooms provide them. */
export type { Clock } from './clock.ts';
export type { Entropy } from './entropy.ts';
export * from './limits.ts';
export { type ConnectionId, Listener } from './listener.ts';
export type { Level, Log } from './log.ts';
export {
  type Address,
  type Incoming,
  Links,
  type NetworkPort,
  noSystemId,
  type Outgoing,
  type Protocol,
  protocol,
} from './network.ts';
export {
  type Batch,
  Durability,
  type JournalPosition,
  type JournalRecord,
  type Recovery,
  type Row,
  type Scan,
  type ScanLimit,
  type Snapshot,
  type Storage,
} from './storage.ts';
export type { Timeout, Timer } from './timer.ts';
export type { World } from './world.ts';
