/**
 * World: the ports and capabilities through which everything else meets the outside. Two rooms provide them. The schemas
 * that protocols are declared with come along, for those who enter the house here.
 */
export {
  type Bytes,
  bool,
  bytes,
  encode,
  f64,
  type Infer,
  i64,
  key,
  lazy,
  list,
  mapped,
  nothing,
  optional,
  parse,
  type Result,
  record,
  type Schema,
  text,
  u8,
  u16,
  u32,
  union,
  type Variant,
  variant,
  varint,
  word,
} from '../base/index.ts';
export { type ClientStreams, listenerOver, type StreamReport } from './clientStreams.ts';
export type { Clock } from './clock.ts';
export { type DiskReport, durabilityOver, type ReportingDisk } from './durability.ts';
export type { Entropy } from './entropy.ts';
export {
  addressOfSender,
  type Frame,
  type FrameStart,
  FrameWriter,
  frameBytes,
  frameLengthBytes,
  frameStart,
  MessageCursor,
  type Sender,
  wireSystem,
  wireVersion,
} from './frame.ts';
export type { Identity } from './identity.ts';
export * from './limits.ts';
export { type ConnectionId, Listener } from './listener.ts';
export { type Level, type Log, milestoneTopic } from './log.ts';
export {
  type Address,
  type Incoming,
  Links,
  type NetworkPort,
  noSystemId,
  type Outgoing,
  type Protocol,
  type Protocols,
  protocol,
} from './network.ts';
export type { Platform, TransportPorts } from './platform.ts';
export { type Asked, type AskProgram, type Program, type ProgramInit, type ServicePort, service } from './program.ts';
export { programRoot } from './programRoot.ts';
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
export { type ArrivedFrame, transportOver, type Wire, type WireReport } from './transport.ts';
export type { World } from './world.ts';
