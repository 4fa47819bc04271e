/**
 * Component: components with typed ports, joined by channels, run by one ready queue. The semantics are those of
 * Kompics (Arad, Dowling, Haridi 2009) with routes compiled when the structure changes and references as in Kompact, with
 * attributes, reflection and paths as in Fractal, and reconfigurations that happen whole or not at all.
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
export {
  type Attribute,
  type Attributes,
  type AttributeType,
  attribute,
  type OwnAttributes,
  type ValueOf,
} from './attribute.ts';
export { type Border, encodeAcross, parseAcross, reference } from './border.ts';
export type { Channel, ConnectOptions } from './channel.ts';
export type { ChronicleEntry } from './chronicle.ts';
export type { Context } from './context.ts';
export { type Crossing, crossingsOf, hearCrossing, type Landing, sayCrossing } from './crossing.ts';
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
export type { Graph } from './graph.ts';
export type { AttributeNode, ChannelNode, ComponentNode, GraphNode, PortNode, SystemNode } from './graphNode.ts';
export type { InventoryEntry, Partner } from './inventory.ts';
export type { Occupation, OccupyOptions } from './occupation.ts';
export { type OpenEventType, openEvent, type SubtypesHeard, type SubtypesSaid, subtype } from './openEvent.ts';
export type { Packed } from './packing.ts';
export { awakened, type Dormant, type Preservation, passivate } from './passivation.ts';
export { type Path, parsePath } from './path.ts';
export type { PathError } from './pathReader.ts';
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
export type { Found, Query } from './query.ts';
export type { Change, MakeChange, Reconfigured, ReconfigureOptions } from './reconfiguration.ts';
export type { Hearer, Ref } from './ref.ts';
export { Rollout, type RolloutInit, type RolloutOutcome, type RolloutPlan, Rollouts } from './rollout.ts';
export type { Select } from './selection.ts';
export { Site, type SiteAnswer, type SiteInit, type SiteRequest, Sites } from './site.ts';
export { type State, state } from './state.ts';
export type { Backoff, Fault, RestartRule, RestartScope, Substitute, Supervision } from './supervision.ts';
export { type Scheduler, System, type SystemOptions } from './system.ts';
export { type Upgrade, upgrade } from './upgrade.ts';
export {
  type Bounds,
  oneOf,
  realNumber,
  shortText,
  truth,
  type ValueType,
  valueType,
  wholeNumber,
} from './valueType.ts';
