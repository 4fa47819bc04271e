import type { Random } from '../base/index.ts';
import type { SimulatedHost, Universe } from '../world/simulated/index.ts';
import { adversities } from './adversities.ts';
import { faultLastsMsMax, faultLastsMsMin, longFaultMsMax, longFaultProbability } from './limits.ts';

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
  /**
   * The host whose disk may be spoiled now: the same all through a run, because damage may lie hidden, and two damaged
   * disks are more than three members can bear.
   */
  spoilable(): SimulatedHost | undefined;
  /** A host whose disk may be destroyed now. */
  wipeable(): SimulatedHost | undefined;
}

export type Adversity = keyof typeof adversities;

export interface NemesisOptions {
  /** What it may do, and how likely each is beside the others. A seed leaves some out (swarm testing). */
  readonly weights: Partial<Record<Adversity, number>>;
  /** The mean of the pause between two faults. */
  readonly pauseMs: number;
}

/** Brings one fault after the other over a system, and takes each back after a while. */
export class Nemesis {
  readonly #victim: Victim;
  readonly #random: Random;
  readonly #choices: { readonly adversity: Adversity; readonly weight: number }[];
  readonly #pauseMs: number;
  #isActive = false;
  /** Faults so far, by name. */
  readonly counts = new Map<string, number>();

  constructor(victim: Victim, random: Random, options: NemesisOptions) {
    this.#victim = victim;
    this.#random = random;
    this.#pauseMs = options.pauseMs;
    const all = Object.entries(options.weights) as [Adversity, number][];
    const drawn = all.filter(() => random.chance(0.75));
    this.#choices = (drawn.length > 0 ? drawn : all).map(([adversity, weight]) => ({ adversity, weight }));
  }

  get faults(): number {
    let sum = 0;
    for (const count of this.counts.values()) sum += count;
    return sum;
  }

  start(): void {
    this.#isActive = true;
    this.#strikeLater();
  }

  /** No more faults, and everything that can be repaired from outside is: the system must come right by itself. */
  stop(): void {
    this.#isActive = false;
    const { universe, hosts } = this.#victim;
    universe.network.heal();
    universe.network.setConditions({ lossProbability: 0, duplicateProbability: 0, tailMs: 0.2 });
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
      this.#strike(this.#choose());
      this.#strikeLater();
    });
  }

  #choose(): Adversity {
    const total = this.#choices.reduce((sum, { weight }) => sum + weight, 0);
    let draw = this.#random.fraction() * total;
    for (const { adversity, weight } of this.#choices) {
      draw -= weight;
      if (draw <= 0) return adversity;
    }
    return this.#choices[0]!.adversity;
  }

  #strike(adversity: Adversity): void {
    const isLong = this.#random.chance(longFaultProbability);
    const [least, most] = isLong ? [faultLastsMsMax, longFaultMsMax] : [faultLastsMsMin, faultLastsMsMax];
    const lastsMs = this.#random.between(least, most);
    const undo = adversities[adversity](this.#victim, this.#random, lastsMs);
    if (undo === 'not now') return;
    this.counts.set(adversity, (this.counts.get(adversity) ?? 0) + 1);
    this.#victim.universe.note('nemesis', 'fault', () => `${adversity} for ${lastsMs} ms`);
    if (undo !== undefined) {
      this.#victim.universe.after(lastsMs, () => {
        if (this.#isActive) undo();
      });
    }
  }
}
