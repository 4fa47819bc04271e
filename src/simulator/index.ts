/** Simulator: scenarios of faults over whole systems, judged by what their clients saw. */
export { coverageNames, type Seen } from './coverage.ts';
export { type Act, describe, History, type Operation } from './history.ts';
export { checkLinearizable } from './linearizability.ts';
export { type RunReport, runSeed } from './run.ts';
export { type Scenario, scenarios } from './scenario.ts';
