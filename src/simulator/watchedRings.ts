import type { Random } from '../base/index.ts';
import { parseTraceLine, type SimulatedHost, type TraceLine } from '../world/simulated/index.ts';
import { ringContactsMax, ringJoinMs, settleMs, watchedViolationsMax } from './limits.ts';
import { Meddler, type Meddling } from './meddler.ts';
import { Nemesis } from './nemesis.ts';
import { RingChronicle } from './ringChronicle.ts';
import { networkOf, type RingLinks } from './ringLinks.ts';
import { RingOracle } from './ringOracle.ts';
import { harmless } from './ringRun.ts';
import { type RingScene, RingScenes } from './ringScene.ts';
import { type RingResident, RingSubject } from './ringSubject.ts';
import { scenarios } from './scenario.ts';
import { plainOutfit } from './townShape.ts';
import type { Watched } from './watched.ts';

/** What somebody who watches rings can do to them. Peers stand by their names. */
export type RingIntervention =
  | Meddling
  /** A new peer joins the ring of another; of any where nobody is named. */
  | { readonly kind: 'join'; readonly beside?: string }
  /** A peer is told of another that may be in another ring: if so the two become one. */
  | { readonly kind: 'introduce'; readonly peer: string; readonly to: string }
  /** Faults come by themselves no more, and what they did is repaired. */
  | { readonly kind: 'quieten' };

/** Whether faults come only from whoever watches, or by chance too, as in the scenario `rings`. */
export const ringFaults = ['mine', 'chance'] as const;

export interface WatchedRingsOptions {
  readonly seed: number;
  readonly peers: number;
  /** How many rings there are at first. */
  readonly rings: number;
  readonly links: RingLinks;
  readonly faults: (typeof ringFaults)[number];
}

/**
 * Rings of peers that are watched while they form, break and merge: the oracle of the scenario `rings` looks behind every event. Nobody is
 * introduced but by whoever watches. The same options and the same interventions at the same moments give the same run.
 */
export class WatchedRings implements Watched<RingScene, RingIntervention> {
  readonly #subject: RingSubject;
  readonly #oracle: RingOracle;
  readonly #chronicle: RingChronicle;
  readonly #meddler: Meddler;
  readonly #nemesis: Nemesis;
  readonly #scenes: RingScenes;
  readonly #random: Random;
  /** In which ring each peer was at first, by its name. */
  readonly #births = new Map<string, number>();
  /** Whether nothing failed so far but peers, in one ring in which all can talk. */
  #isClean: boolean;
  /** Whether nothing happened so far but joins, in one ring. */
  #isGrowing: boolean;

  constructor({ seed, peers, rings, links, faults }: WatchedRingsOptions) {
    const shape = { rings, network: networkOf(links, seed), outfit: plainOutfit };
    this.#subject = new RingSubject({ seed, shape, trace: {} });
    this.#isClean = rings === 1 && links === 'all';
    this.#isGrowing = rings === 1;
    const isGrowing = (): boolean => this.#isGrowing && this.#subject.movesOn === 0;
    this.#oracle = new RingOracle(this.#subject, () => this.#isClean, isGrowing);
    this.#chronicle = new RingChronicle(this.#subject);
    this.#meddler = new Meddler(this.#subject, 'Two peers');
    this.#scenes = new RingScenes(this.#subject);
    const { universe } = this.#subject;
    this.#random = universe.random.fork();
    for (let i = 0; i < rings; i++) this.#births.set(this.#subject.found().name, i);
    for (let i = rings; i < peers; i++)
      universe.after(this.#random.fraction() * ringJoinMs, () => this.#bear(i % rings));
    this.#nemesis = new Nemesis(this.#subject, this.#random.fork(), scenarioOfRings.nemesis, ({ fault }) => {
      if (!harmless.has(fault.kind)) this.#isClean = false;
      if (fault.kind !== 'join') this.#isGrowing = false;
    });
    if (faults === 'chance') universe.after(ringJoinMs + settleMs, () => this.#nemesis.start());
  }

  get nowMs(): number {
    return this.#subject.universe.nowMs;
  }

  advanceTo(ms: number): void {
    this.#subject.universe.run(ms, () => this.#watch());
  }

  step(): void {
    this.#subject.universe.step();
    this.#watch();
  }

  takeLines(): readonly TraceLine[] {
    return this.#subject.universe.trace.take().map((line) => parseTraceLine(line)!);
  }

  perform(intervention: RingIntervention): string | undefined {
    if (intervention.kind === 'introduce') return this.#introduce(intervention.peer, intervention.to);
    if (intervention.kind === 'join') return this.#join(intervention.beside);
    if (intervention.kind === 'quieten') return this.#quieten();
    this.#isGrowing = false;
    if (intervention.kind === 'cut' || intervention.kind === 'stall') this.#isClean = false;
    const refusal = this.#meddler.perform(intervention);
    this.#watch();
    return refusal;
  }

  look(): RingScene {
    return this.#scenes.look(this.#oracle.missing().map(byName), this.#violations());
  }

  /** What must never be, and what is not yet as it must be when nothing fails any more. */
  judge(): readonly string[] {
    return [...this.#violations(), ...this.#oracle.missing().map(byName)];
  }

  /** Behind every event. */
  #watch(): false {
    this.#chronicle.look();
    // What is broken once may be so behind every event from then on.
    if (this.#oracle.violations.length < watchedViolationsMax) this.#oracle.look();
    else this.#subject.changed.clear();
    return false;
  }

  /** One of those who are there from the first joins its ring. */
  #bear(ring: number): void {
    const family = this.#subject.residents.filter(({ host, view }) => {
      return this.#births.get(host.name) === ring && view.successor !== undefined;
    });
    this.#admit(family, ring);
  }

  #join(beside: string | undefined): string | undefined {
    if (beside === undefined) return this.#subject.join() === undefined ? full : undefined;
    const one = this.#find(beside);
    if (one?.view.successor === undefined) return `${beside} has no place, so nobody can join beside it.`;
    return this.#admit([one], this.#births.get(beside)) === undefined ? full : undefined;
  }

  #admit(family: readonly RingResident[], ring: number | undefined): SimulatedHost | undefined {
    const contacts = this.#random.shuffle([...family]).slice(0, ringContactsMax);
    const host = this.#subject.join(contacts);
    if (host !== undefined && ring !== undefined) this.#births.set(host.name, ring);
    return host;
  }

  #introduce(name: string, to: string): string | undefined {
    const [one, other] = [this.#find(name), this.#find(to)];
    if (one === undefined || other === undefined) return `${one === undefined ? name : to} does not run.`;
    if (one === other) return 'A peer cannot be introduced to itself.';
    if (!this.#subject.canTalk(one.host, other.host)) return `${name} and ${to} cannot talk to each other.`;
    this.#subject.universe.note('nemesis', 'introduce', () => `${name} to ${to}`);
    this.#subject.introduce(one, other);
    return undefined;
  }

  #quieten(): undefined {
    this.#subject.universe.note('nemesis', 'heal', () => 'no more faults');
    this.#nemesis.stop();
    this.#watch();
  }

  #find(name: string): RingResident | undefined {
    return this.#subject.residents.find(({ host }) => host.name === name);
  }

  #violations(): readonly string[] {
    const { faults } = this.#subject.universe;
    const bugs = faults.map(({ host, fault }) => `${host} had a bug, in ${fault.path} at ${fault.event}`);
    return [...bugs, ...this.#oracle.violations.map(byName)];
  }
}

const full = 'There are as many peers as fit.';
const scenarioOfRings = scenarios.find(({ rings }) => rings !== undefined)!;

/** The oracle names whom it knows by their contacts alone by their addresses, which begin with their names. */
function byName(text: string): string {
  return text.replaceAll(/\b(p\d+):\d+/g, '$1');
}
