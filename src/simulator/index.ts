/**
 * Simulator: scenarios of faults over whole systems, judged by what their clients saw. Trials do the same for programs
 * of others: see `Trial` and `simulate`.
 */

export {
  type Access,
  type Bandwidth,
  type Boot,
  type ClientEars,
  type Coordinate,
  constantLatency,
  delayBetween,
  type Flow,
  fairShares,
  type HostFault,
  type Latency,
  type Life,
  logNormalLatency,
  type Moment,
  matrixLatency,
  matrixOf,
  type Nat,
  type NatAllocation,
  type NatScope,
  type NetworkConditions,
  natTypes,
  type Place,
  parseTraceLine,
  type Reach,
  reachBetween,
  SimulatedHost,
  SimulatedNetwork,
  type Trace,
  type TraceFilter,
  type TraceLine,
  traceLineText,
  Universe,
  type UniverseOptions,
  uniformLatency,
} from '../world/simulated/index.ts';
export {
  type Action,
  anyFault,
  asks,
  crash,
  type Deed,
  fault,
  heal,
  join,
  leave,
  partition,
  pause,
  reconfigure,
  restart,
  type Stage,
} from './action.ts';
export { type Check, eventually, type Holds, history, invariant, type Views } from './check.ts';
export { coverageNames, type Seen } from './coverage.ts';
export { spaceTimeDiagram } from './diagram.ts';
export {
  constant,
  type Distribution,
  exponential,
  logNormal,
  normal,
  uniform,
  zipf,
} from './distribution.ts';
export { type Exchange, exchangeText } from './exchange.ts';
export type { Fault, FaultKind, PeerFault } from './fault.ts';
export { type Act, describe, History, type Operation } from './history.ts';
export { repeatEverySeeds } from './limits.ts';
export { checkLinearizable } from './linearizability.ts';
export type { Meddling } from './meddler.ts';
export {
  type Awaited,
  type Course,
  type Cue,
  course,
  type Process,
  startAfter,
  startAt,
  startWith,
  stochastic,
  type Termination,
  terminate,
} from './process.ts';
export type { MinimiseOptions } from './reduction.ts';
export { type RingLinks, ringLinks } from './ringLinks.ts';
export type { Hanging, MappedRing } from './ringMap.ts';
export type { RingPeerScene, RingScene } from './ringScene.ts';
export { checkRepeats, type RunOptions, type RunReport, recordSeed, runScript, runSeed } from './run.ts';
export { type Scenario, scenarios } from './scenario.ts';
export { parseScript, scriptText } from './script.ts';
export { linearizable, type SequentialModel } from './sequential.ts';
export { type ReadsAndWrites, strictlySerializable, type TransactionModel } from './serializability.ts';
export { type Shrunk, shrink } from './shrinking.ts';
export {
  type AskStep,
  type CallStep,
  type ChangeStep,
  type FaultStep,
  type Script,
  type Step,
  stepText,
  type TransferStep,
  type TrialScript,
  type TrialStep,
} from './step.ts';
export type { FaultWeights } from './swarm.ts';
export {
  checkTrialRepeats,
  type Exploration,
  type ExploreOptions,
  explore,
  recordTrial,
  replay,
  type ShrunkTrial,
  shrinkTrial,
  simulate,
  type Trial,
} from './trial.ts';
export type { TrialReport } from './trialRun.ts';
export type { Watched } from './watched.ts';
export { type RingIntervention, ringFaults, WatchedRings, type WatchedRingsOptions } from './watchedRings.ts';
export { type Intervention, type Scene, type WatchedPeer, WatchedRun } from './watchedRun.ts';
