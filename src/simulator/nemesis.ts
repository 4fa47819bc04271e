import type { Random } from '../base/index.ts';
import type { SimulatedHost, Universe } from '../world/simulated/index.ts';
import { adversities } from './adversities.ts';
import { type FaultKind, faultText } from './fault.ts';
import { inflict } from './infliction.ts';
import { faultLastsMsMax, faultLastsMsMin, longFaultMsMax, longFaultProbability } from './limits.ts';
import type { Spoilage } from './spoilage.ts';
import type { FaultStep } from './step.ts';
import { drawFaults, type FaultWeights } from './swarm.ts';

/** What the nemesis may do to the system, beyond what it does to hosts and links. */
export interface Victim {
  readonly universe: Universe;
  readonly hosts: readonly SimulatedHost[];
  /** Power loss; those who waited for its answers are told. */
  crash(host: SimulatedHost): void;
  kill(host: SimulatedHost): void;
  start(host: SimulatedHost): void;
  /** A new peer joins; undefined where there are enough. */
  join(): SimulatedHost | undefined;
  /** A peer leaves for good, handing over first; false where too few would stay. */
  leave(host: SimulatedHost): boolean;
  /** The leader with all who have no vote, and the other members; undefined where nobody leads. */
  leaderApart(): readonly [SimulatedHost[], SimulatedHost[]] | undefined;
  /** Whether every cell has all its members in service. */
  isWhole(): boolean;
  /** Which disk may be destroyed. */
  readonly spoilage: Spoilage;
}

export interface NemesisOptions {
  /** What it may do, and how likely each is beside the others. A seed leaves some out (swarm testing). */
  readonly weights: FaultWeights;
  /** The mean of the pause between two faults. */
  readonly pauseMs: number;
}

/** Brings one fault after the other over a system, and takes each back after a while. */
export class Nemesis {
  readonly #victim: Victim;
  readonly #random: Random;
  readonly #record: (step: FaultStep) => void;
  readonly #choose: (random: Random) => FaultKind;
  readonly #pauseMs: number;
  #isActive = false;
  /** Faults so far, by name. */
  readonly counts = new Map<string, number>();

  /** `record` is told of every fault that began, in full. */
  constructor(victim: Victim, random: Random, options: NemesisOptions, record: (step: FaultStep) => void) {
    this.#victim = victim;
    this.#random = random;
    this.#record = record;
    this.#pauseMs = options.pauseMs;
    this.#choose = drawFaults(options.weights, random);
  }

  get faults(): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += count;
    return sum;
  }

  /** Draws one fault after the other. */
  start(): void {
    this.#isActive = true;
    this.#strikeLater();
  }

  /** Does nothing of its own accord: faults come as they are told to `perform`. */
  follow(): void {
    this.#isActive = true;
  }

  /** No more faults, and everything that can be repaired from outside is: the system must come right by itself. */
  stop(): void {
    this.#isActive = false;
    const { universe, hosts } = this.#victim;
    universe.network.heal();
    universe.network.restoreConditions();
    for (const host of hosts) {
      host.disk.heal();
      host.clock.setDrift(0);
      host.wake();
      if (!host.isRunning) this.#victim.start(host);
    }
  }

  #strikeLater(): void {
    const pauseMs = -Math.log(1 - this.#random.fraction()) * this.#pauseMs;
    this.#victim.universe.after(Math.max(50, pauseMs), () => {
      if (!this.#isActive) return;
      this.#strike(this.#choose(this.#random));
      this.#strikeLater();
    });
  }

  #strike(kind: FaultKind): void {
    const isLong = this.#random.chance(longFaultProbability);
    const [least, most] = isLong ? [faultLastsMsMax, longFaultMsMax] : [faultLastsMsMin, faultLastsMsMax];
    const lastsMs = this.#random.between(least, most);
    const fault = adversities[kind](this.#victim, this.#random);
    if (fault === 'not now') return;
    this.perform({ kind: 'fault', atMs: this.#victim.universe.nowMs, lastsMs, fault });
  }

  /** Lets a fault begin now, and takes it back after its time. */
  perform(step: FaultStep): void {
    const { universe } = this.#victim;
    const { fault, lastsMs } = step;
    universe.note('nemesis', 'fault', () => `${faultText(fault)} for ${lastsMs} ms`);
    const undo = inflict(this.#victim, fault, lastsMs, this.#random);
    if (undo === 'not now') return;
    this.#record(step);
    this.counts.set(fault.kind, (this.counts.get(fault.kind) ?? 0) + 1);
    if (undo !== undefined) {
      universe.after(lastsMs, () => {
        if (this.#isActive) undo();
      });
    }
  }
}
