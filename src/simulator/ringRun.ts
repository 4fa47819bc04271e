import { keyOfBytes, type Random } from '../base/index.ts';
import { isWithin } from '../ring/index.ts';
import type { Seen } from './coverage.ts';
import { ringChaosMs, ringJoinMs, ringLookupEveryMs, ringLookupMs, ringQuietMsMax, settleMs } from './limits.ts';
import { Nemesis } from './nemesis.ts';
import { RingOracle } from './ringOracle.ts';
import { type RingResident, RingSubject } from './ringSubject.ts';
import type { RunOptions, RunReport } from './run.ts';
import type { RingsOptions, Scenario } from './scenario.ts';
import type { FaultStep, Step } from './step.ts';
import { TownLife } from './townLife.ts';
import { shapeOf } from './townShape.ts';

/** Faults after which everybody can still talk to everybody who runs, and is heard in time. */
export const harmless: ReadonlySet<string> = new Set(['crash', 'kill', 'flicker', 'join', 'leave']);

/** One run of rings of peers: some that join, faults, quiet, and then one ring. */
export class RingRun {
  readonly #scenario: Scenario;
  readonly #seed: number;
  readonly #random: Random;
  readonly #subject: RingSubject;
  readonly #oracle: RingOracle;
  readonly #life: TownLife;
  readonly #nemesis: Nemesis;
  readonly #steps: Step[] = [];
  readonly #violations: string[] = [];
  /** The first peer of each ring. */
  readonly #founders: string[] = [];
  #lookups = 0;

  constructor(
    scenario: Scenario,
    rings: RingsOptions,
    { seed, peers }: { readonly seed: number; readonly peers: number },
    options: RunOptions,
  ) {
    this.#scenario = scenario;
    this.#seed = seed;
    const shape = shapeOf(rings, seed);
    this.#subject = new RingSubject({ seed, shape, ...options });
    this.#random = this.#subject.universe.random.fork();
    const record = (step: FaultStep): void => void this.#steps.push(step);
    this.#nemesis = new Nemesis(this.#subject, this.#random.fork(), scenario.nemesis, record);
    const hasOnly = (kinds: ReadonlySet<string>): boolean =>
      [...this.#nemesis.counts.keys()].every((kind) => kinds.has(kind));
    const isClean = (): boolean => shape.rings === 1 && !this.#subject.hasGaps && hasOnly(harmless);
    const isGrowing = (): boolean => shape.rings === 1 && this.#subject.movesOn === 0 && hasOnly(new Set(['join']));
    this.#oracle = new RingOracle(this.#subject, isClean, isGrowing);
    this.#life = new TownLife(this.#subject, seed, isClean);
    this.#populate(peers, Math.min(shape.rings, peers));
  }

  steps(): readonly Step[] {
    return this.#steps;
  }

  /** The nemesis does what comes to its mind. */
  improvise(): void {
    const { universe } = this.#subject;
    this.#nemesis.start();
    universe.runFor(ringChaosMs, () => this.#look());
    this.#quieten();
  }

  /** The nemesis does what it is told. */
  follow(steps: readonly Step[]): void {
    const { universe } = this.#subject;
    this.#nemesis.follow();
    const faults = steps.filter((step) => step.kind === 'fault');
    for (const step of faults) universe.after(step.atMs - universe.nowMs, () => this.#nemesis.perform(step));
    const ends = faults.map(({ atMs, lastsMs }) => atMs + lastsMs);
    universe.run(Math.max(universe.nowMs, ...ends), () => this.#look());
    this.#quieten();
  }

  report(): RunReport {
    const { universe } = this.#subject;
    for (const { host, fault, atMs } of universe.faults) {
      this.#violations.push(
        `at ${atMs.toFixed(1)} ${host} had a bug, in ${fault.path} at ${fault.event}: ${fault.error}`,
      );
    }
    return {
      scenario: this.#scenario.name,
      seed: this.#seed,
      violations: universe.isStopped ? [] : [...this.#violations, ...this.#oracle.violations, ...this.#life.violations],
      seen: this.#seen(),
      operations: this.#lookups,
      faults: this.#nemesis.faults,
      simulatedMs: universe.nowMs,
      isStopped: universe.isStopped,
      traceHash: universe.trace.hash,
      trace: universe.trace.lines(),
    };
  }

  #seen(): Seen[] {
    const seen: Seen[] = [];
    if (this.#founders.length > 1) seen.push('rings merged');
    if (this.#oracle.hasBranches) seen.push('branch');
    if (this.#oracle.overlapMs > 0) seen.push('key with two holders');
    return seen;
  }

  /** Founders at once, and the others one after the other, each in the ring of a peer that runs. */
  #populate(peers: number, rings: number): void {
    const { universe } = this.#subject;
    for (let i = 0; i < rings; i++) this.#founders.push(this.#subject.found().name);
    for (let i = rings; i < peers; i++)
      universe.after(this.#random.fraction() * ringJoinMs, () => this.#subject.join());
    universe.runFor(ringJoinMs + settleMs, () => this.#look());
    this.#life.begin(this.#oracle.missing().length === 0);
    for (const founder of this.#founders) {
      universe.after(this.#random.fraction() * ringChaosMs, () => this.#introduce(founder));
    }
    const lookAgain = (): void => {
      this.#lookUp(() => undefined);
      universe.after(ringLookupEveryMs, lookAgain);
    };
    lookAgain();
  }

  /** Somebody of one ring is told of somebody else, who may be in another. */
  #introduce(founder: string): void {
    const { residents } = this.#subject;
    const one = residents.find(({ host }) => host.name === founder);
    const others = residents.filter((other) => one !== undefined && this.#subject.canTalk(one.host, other.host));
    if (one !== undefined && others.length > 0) this.#subject.introduce(one, this.#random.pick(others));
  }

  /** No fault is left: the rings become one, and every key is found. */
  #quieten(): void {
    const { universe } = this.#subject;
    if (universe.isStopped || this.#isWrong()) return;
    this.#nemesis.stop();
    this.#life.rest();
    const isWhole = (): boolean => this.#isWrong() || this.#oracle.missing().length === 0;
    // A while in any case: a ring may look whole whose broken links nobody has noticed yet, and who was just started has no place.
    let spentMs = 0;
    do {
      for (const founder of this.#founders) this.#introduce(founder);
      universe.runFor(settleMs, () => this.#look());
      spentMs += settleMs;
    } while (spentMs < ringQuietMsMax && !isWhole());
    if (universe.isStopped || this.#isWrong()) return;
    const missing = this.#oracle.missing();
    for (const text of missing)
      this.#violations.push(`liveness: ${ringQuietMsMax / 1000} s after the last fault ${text}`);
    if (missing.length > 0) return;
    this.#lookUpAll();
    if (!universe.isStopped && !this.#isWrong()) this.#life.end(() => this.#look());
  }

  /** Looks at what changed with the last event. True where something is wrong. */
  #look(): boolean {
    return this.#oracle.look() || this.#life.isWrong;
  }

  #lookUpAll(): void {
    const { universe, residents } = this.#subject;
    let open = residents.length;
    for (const from of residents) this.#lookUp(() => open--, from);
    universe.runFor(ringLookupMs, () => this.#look() || open === 0);
    if (open > 0) this.#violations.push(`liveness: ${open} of ${residents.length} lookups are not answered rightly`);
  }

  /** Looks up some key, from a peer that can talk to its holder. `done` is called where the right answer comes. */
  #lookUp(done: () => void, from?: RingResident): void {
    const { residents } = this.#subject;
    const placed = residents.filter(({ view }) => view.predecessor !== undefined);
    if (placed.length === 0) return;
    const one = from ?? this.#random.pick(placed);
    const reachable = placed.filter(({ host }) => this.#subject.canTalk(one.host, host));
    const key = keyOfBytes(Uint8Array.from({ length: 6 }, () => this.#random.below(256)));
    const holderOf = (wanted: string): RingResident | undefined =>
      reachable.find(({ self, view: { predecessor } }) => predecessor && isWithin(predecessor.id, wanted, self.id));
    const wanted = holderOf(key) === undefined ? this.#random.pick([one, ...reachable]).self.id : key;
    const asked = holderOf(wanted)?.self.id;
    this.#subject.find(one, wanted, (found) => {
      this.#lookups++;
      // Somebody may join in front of the holder while its answer is on its way: it was right all the same.
      const isRight = found.kind === 'found' && [asked, holderOf(wanted)?.self.id].includes(found.owner.id);
      if (isRight) done();
    });
  }

  #isWrong(): boolean {
    return (
      this.#subject.universe.faults.length > 0 || this.#oracle.violations.length > 0 || this.#life.violations.length > 0
    );
  }
}
