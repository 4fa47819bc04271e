import type { Key } from '../base/index.ts';
import type { Arrangement } from '../command/index.ts';
import { type Fault, faultText } from './fault.ts';
import { type Act, actText } from './history.ts';

/** A fault begins, and is taken back after a time. */
export interface FaultStep {
  readonly kind: 'fault';
  readonly atMs: number;
  readonly lastsMs: number;
  readonly fault: Fault;
}

/** A client asks something of one key, through a peer. */
export interface CallStep {
  readonly kind: 'call';
  readonly atMs: number;
  readonly client: number;
  readonly key: Key;
  readonly act: Act;
  /** The peer that is asked; any that runs where this one does not. */
  readonly via: string;
}

/** The bank reads all its accounts, and then moves money between two of them, by number, in one transaction. */
export interface TransferStep {
  readonly kind: 'transfer';
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** Somebody wants a cell to begin at a key. */
export interface SplitStep {
  readonly kind: 'split';
  readonly atMs: number;
  readonly at: Key;
}

/** Somebody wants no cell to begin at a key. */
export interface MergeStep {
  readonly kind: 'merge';
  readonly atMs: number;
  readonly at: Key;
}

/** Somebody wants something of the leader of the cell that holds a key. */
export interface ArrangeStep {
  readonly kind: 'arrange';
  readonly atMs: number;
  readonly at: Key;
  readonly wish: Arrangement;
}

/** A client asks something of a peer that runs somebody's own program. */
export interface AskStep<Call> {
  readonly kind: 'ask';
  readonly atMs: number;
  readonly client: number;
  readonly call: Call;
  /** The peer that is asked; nobody is where it does not run. */
  readonly via: string;
}

/** A peer that runs somebody's own program is changed while it runs. */
export interface ChangeStep {
  readonly kind: 'change';
  readonly atMs: number;
  /** One of the `changes` of the trial, by its name. */
  readonly change: string;
  /** The peer that is changed; nobody is where it does not run. */
  readonly peer: string;
}

/** What is done to a system, or asked of it, at one moment of a run. */
export type Step = FaultStep | CallStep | TransferStep | SplitStep | MergeStep | ArrangeStep;

/** A run as what was done in it: it can be run again, changed, made smaller, and kept. */
export interface Script {
  readonly scenario: string;
  /** What decides everything that the steps leave open: the network, the disks, the order of what is simultaneous. */
  readonly seed: number;
  readonly peers: number;
  readonly reads: 'lease' | 'quorum';
  /** In the order of time. */
  readonly steps: readonly Step[];
}

/** The same for a run of somebody's own program. A call must be data, or the script cannot be kept in a file. */
export interface TrialScript<Call> {
  readonly trial: string;
  readonly seed: number;
  readonly peers: number;
  readonly steps: readonly TrialStep<Call>[];
}

/** What happens in a trial at one moment: a fault, a call, or a change of running peers. */
export type TrialStep<Call> = FaultStep | AskStep<Call> | ChangeStep;

/** A step as a line for people. */
export function stepText(step: Step | TrialStep<unknown>): string {
  return `${step.atMs.toFixed(3).padStart(11)}  ${deedText(step)}`;
}

function deedText(step: Step | TrialStep<unknown>): string {
  switch (step.kind) {
    case 'fault':
      return `fault     ${faultText(step.fault)} for ${step.lastsMs} ms`;
    case 'call':
      return `client-${step.client}  ${actText(step.key, step.act)} through ${step.via}`;
    case 'ask':
      return `client-${step.client}  ${JSON.stringify(step.call)} through ${step.via}`;
    case 'change':
      return `change    ${step.change} at ${step.peer}`;
    case 'split':
      return `operator  border at ${step.at}`;
    case 'merge':
      return `operator  no border at ${step.at}`;
    case 'arrange':
      return `operator  ${JSON.stringify(step.wish)} at ${step.at}`;
    case 'transfer':
      return `bank      ${step.amount} from account ${step.from} to account ${step.to}`;
  }
}
