/**
 * Component: components with typed ports, joined by channels, run by one ready queue. The semantics are those of
 * Kompics (Arad, Dowling, Haridi 2009) with routes compiled when the structure changes and references as in Kompact.
 */
export {
  type Ask,
  type AskOptions,
  ask,
  type Correlated,
  type Correlation,
  correlation,
  type Unanswered,
  type Uncorrelated,
} from './ask.ts';
export type { Channel, ConnectOptions } from './channel.ts';
export type { Context } from './context.ts';
export { type Crossing, crossingsOf } from './crossing.ts';
export {
  type AnyDefinition,
  type AnyHandle,
  type CreateOptions,
  component,
  type Definition,
  type Handle,
  type LifecycleState,
  substitute,
} from './definition.ts';
export type { Occupation, OccupyOptions } from './occupation.ts';
export { type OpenEventType, openEvent, type SubtypesHeard, type SubtypesSaid, subtype } from './openEvent.ts';
export { awakened, type Dormant, type Preservation, passivate } from './passivation.ts';
export {
  type AnyEvents,
  type AnyPort,
  type EventType,
  event,
  type InsideProvided,
  type InsideRequired,
  type Outside,
  type PayloadOf,
  type Ports,
  type PortType,
  port,
} from './port.ts';
export type { Change, MakeChange, Reconfigured, ReconfigureOptions } from './reconfiguration.ts';
export type { Ref } from './ref.ts';
export type { Select } from './selection.ts';
export { type State, state } from './state.ts';
export type { Backoff, Fault, RestartRule, RestartScope, Substitute, Supervision } from './supervision.ts';
export { type Scheduler, System, type SystemOptions } from './system.ts';
