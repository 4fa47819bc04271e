import type { Random } from '../base/index.ts';
import { adversities } from './adversities.ts';
import { constant, type Distribution, uniform } from './distribution.ts';
import type { Fault, FaultKind } from './fault.ts';
import { clientPatienceMs, faultLastsMsMax, faultLastsMsMin } from './limits.ts';
import type { Victim } from './nemesis.ts';
import type { AskStep, ChangeStep, FaultStep } from './step.ts';
import { drawFaults, type FaultWeights } from './swarm.ts';

/** What is to be done now: a step that has no time yet. */
export type Deed<Call> = Omit<FaultStep, 'atMs'> | Omit<AskStep<Call>, 'atMs'> | Omit<ChangeStep, 'atMs'>;

/** What an operation may look at to say what is to be done. */
export interface Stage {
  readonly victim: Victim;
  readonly random: Random;
  /** How often this process has done it before. */
  readonly count: number;
  /** Whether this client waits for no answer: not of a peer that died since, and not for longer than it has patience. */
  isIdle(client: number, patienceMs: number): boolean;
}

/**
 * Something that a process does again and again. It is a value that many runs share, so each run asks it first, with its
 * own randomness, for what draws the deeds: 'not now' where it cannot be done, or must not.
 */
export type Action<Call> = (random: Random) => (stage: Stage) => Deed<Call> | 'not now';

const anyTime = uniform(faultLastsMsMin, faultLastsMsMax);

/**
 * A client asks a peer that runs. `call` draws what; `count` is how often it drew before, for values that differ. There
 * are so many clients (one where it is left out), each of which waits for its answer before it asks again, unless it has lost
 * its patience.
 */
export function asks<Call>(
  call: (random: Random, count: number) => Call,
  { clients = 1, patienceMs = clientPatienceMs }: { readonly clients?: number; readonly patienceMs?: number } = {},
): Action<Call> {
  const all = Array.from({ length: clients }, (_, i) => i + 1);
  return () =>
    ({ victim, random, count, isIdle }) => {
      const running = victim.hosts.filter((host) => host.isRunning);
      const idle = all.filter((client) => isIdle(client, patienceMs));
      if (running.length === 0 || idle.length === 0) return 'not now';
      return { kind: 'ask', client: random.pick(idle), call: call(random, count), via: random.pick(running).name };
    };
}

/** A fault of this kind, whose whole story the seed draws. It is taken back after a time. */
export function fault(kind: FaultKind, lastsMs: Distribution = anyTime): Action<never> {
  return () => (stage) => strike(stage, kind, lastsMs);
}

/**
 * One of many faults, each as likely as its weight says. Each seed leaves out some kinds altogether (swarm testing, Groce
 * and others 2012): a fault that happens all the time hides what only shows without it.
 */
export function anyFault(weights: FaultWeights, lastsMs: Distribution = anyTime): Action<never> {
  return (random) => {
    const draw = drawFaults(weights, random);
    return (stage) => strike(stage, draw(stage.random), lastsMs);
  };
}

/** A new peer comes, with an empty disk. */
export function join(): Action<never> {
  return fault('join', constant(0));
}

/** A peer goes for good. */
export function leave(): Action<never> {
  return fault('leave', constant(0));
}

/** A peer loses power, and has it again after a time. */
export function crash(lastsMs?: Distribution): Action<never> {
  return fault('crash', lastsMs);
}

/** A peer is started anew: at once, with its disk or with an empty one. */
export function restart(disk: 'kept' | 'lost' = 'kept'): Action<never> {
  if (disk === 'lost') return fault('wipe', constant(0));
  return ruled(({ kind, peer }) => ({ kind, peer, backMs: 0 }));
}

/** A peer stands still for a time, and then handles all that came. */
export function pause(lastsMs?: Distribution): Action<never> {
  return fault('stall', lastsMs);
}

/** Some peers do not reach the others for a time. */
export function partition(lastsMs?: Distribution): Action<never> {
  return fault('partition', lastsMs);
}

/** Everybody reaches everybody again. */
export function heal(): Action<never> {
  return fault('heal', constant(0));
}

/** A peer that runs is changed: by the one of the trial's `changes` that has this name. */
export function reconfigure(change: string): Action<never> {
  return () =>
    ({ victim, random }) => {
      const running = victim.hosts.filter((host) => host.isRunning);
      return running.length === 0 ? 'not now' : { kind: 'change', change, peer: random.pick(running).name };
    };
}

/** A peer that flickers, with what is said of it instead of what would be drawn. */
function ruled(rule: (fault: Extract<Fault, { kind: 'flicker' }>) => Fault): Action<never> {
  return () => (stage) => {
    const drawn = adversities.flicker(stage.victim, stage.random);
    if (drawn === 'not now' || drawn.kind !== 'flicker') return 'not now';
    return { kind: 'fault', lastsMs: 0, fault: rule(drawn) };
  };
}

function strike({ victim, random }: Stage, kind: FaultKind, lastsMs: Distribution): Deed<never> | 'not now' {
  const drawn = adversities[kind](victim, random);
  if (drawn === 'not now') return drawn;
  return { kind: 'fault', lastsMs: Math.max(0, Math.round(lastsMs(random))), fault: drawn };
}
