/** Simulator: scenarios of faults over whole systems, judged by what their clients saw. */

export {
  type Boot,
  type ClientEars,
  type HostFault,
  type Life,
  type Moment,
  type NetworkConditions,
  parseTraceLine,
  SimulatedHost,
  SimulatedNetwork,
  type Trace,
  type TraceFilter,
  type TraceLine,
  traceLineText,
  Universe,
  type UniverseOptions,
} from '../world/simulated/index.ts';
export { coverageNames, type Seen } from './coverage.ts';
export { spaceTimeDiagram } from './diagram.ts';
export type { Fault, FaultKind, PeerFault } from './fault.ts';
export { type Act, describe, History, type Operation } from './history.ts';
export { checkLinearizable } from './linearizability.ts';
export { checkRepeats, type RunOptions, type RunReport, recordSeed, runScript, runSeed } from './run.ts';
export { type Scenario, scenarios } from './scenario.ts';
export { parseScript, scriptText } from './script.ts';
export { type ShrinkOptions, type Shrunk, shrink } from './shrinking.ts';
export { type Deed, type Scene, Stage, type StagedPeer } from './stage.ts';
export { type CallStep, type FaultStep, type Script, type Step, stepText, type TransferStep } from './step.ts';
