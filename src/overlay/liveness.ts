import type { Ref } from '../component/index.ts';
import type { Address, Timeout, World } from '../world/index.ts';
import type { Circles } from './circles.ts';
import { Edge } from './edge.ts';
import { Favours } from './favours.ts';
import { LocalHealth } from './health.ts';
import {
  confirmations,
  edgeEveryMs,
  indirectProbes,
  lateTicks,
  nackMs,
  nackSlackMs,
  probeEveryMs,
  rearrangeMsPerPeer,
  suspicionMsMax,
  suspicionMsMin,
} from './limits.ts';
import type { PeerInfo } from './membership.ts';
import type { OverlayMessage } from './messages.ts';
import type { PeerTable } from './peerTable.ts';
import { isThere, type Reports } from './reports.ts';

/** What probing needs of the overlay. */
export interface LivenessEffects {
  send(to: Address, message: OverlayMessage): void;
  ref<E>(handler: (event: E) => void): Ref<E>;
  /** What the observers say of a life changed by the word of this one. */
  reported(life: number): void;
  /** Comes with the probes. */
  sendNews(to: Address): void;
}

interface Probe {
  readonly edge: Edge;
  readonly sentMs: number;
  patience: Timeout;
  /** Helpers that were asked and did not say anything yet. */
  awaited: number;
  wasMissed: boolean;
}

/**
 * Finds out whether the subjects of this peer are there: probes each in turn, asks others to try where no answer comes
 * and tells the subject so, waits longer while this peer itself hears badly (SWIM, Lifeguard), and says what it found.
 */
export class Liveness {
  readonly #world: World;
  readonly #table: PeerTable;
  readonly #circles: Circles;
  readonly #reports: Reports;
  readonly #effects: LivenessEffects;
  readonly #health = new LocalHealth();
  readonly #favours: Favours;
  readonly #tickRef: Ref<void>;
  readonly #edges = new Map<number, Edge>();
  readonly #probes = new Map<number, Probe>();
  #round: Edge[] = [];
  #sequence = 0;
  #lastTickMs = 0;
  #changes = -1;
  #refreshedMs = Number.NEGATIVE_INFINITY;

  constructor(world: World, table: PeerTable, circles: Circles, reports: Reports, effects: LivenessEffects) {
    this.#world = world;
    this.#table = table;
    this.#circles = circles;
    this.#reports = reports;
    this.#effects = effects;
    this.#favours = new Favours(world, table, { ...effects, next: () => this.#next() });
    this.#tickRef = effects.ref(() => this.#tick());
  }

  start(): void {
    this.#lastTickMs = this.#now();
    this.#world.timer.after(probeEveryMs, this.#tickRef);
  }

  /** Whether this peer itself has the life answering: what others say of it does not count here. */
  knowsThere(life: number): boolean {
    return this.#edges.get(life)?.finding === isThere;
  }

  /** An answer came: to a probe of ours, or to one made for another. */
  acknowledged(sequence: number): void {
    if (this.#favours.acknowledged(sequence)) return;
    const probe = this.#end(sequence);
    if (probe === undefined) return;
    if (!probe.wasMissed) this.#health.improve();
    probe.edge.answered(this.#now() - probe.sentMs);
    this.#judge(probe.edge);
  }

  /** A helper tells how it fared. */
  vouched(sequence: number, isHeard: boolean): void {
    const probe = this.#probes.get(sequence);
    if (probe === undefined) return;
    probe.awaited = Math.max(0, probe.awaited - 1);
    probe.edge.helped(isHeard);
    if (isHeard) this.#end(sequence);
    this.#judge(probe.edge);
  }

  /** Another peer asks us to try. */
  probeFor(asker: Address, sequence: number, life: number): void {
    this.#favours.probe(asker, sequence, life);
  }

  /** Somebody is about to accuse this peer: it may be the slow one. */
  doubted(): void {
    this.#health.worsen();
  }

  /** Something bad was said of a life, or its link broke: if this peer watches it, it looks for itself. */
  look(life: number): void {
    const edge = this.#edges.get(life);
    if (edge !== undefined && edge.probe === undefined && edge.finding === isThere) this.#probe(edge);
  }

  /** A life has been in doubt for long: whoever watches it and measures losses takes a stand. */
  reinforce(life: number): void {
    const edge = this.#edges.get(life);
    if (edge === undefined || !this.#health.isGood) return;
    edge.reinforce();
    this.#judge(edge);
  }

  #tick(): void {
    this.#world.timer.after(probeEveryMs, this.#tickRef);
    const now = this.#now();
    const gap = now - this.#lastTickMs;
    this.#lastTickMs = now;
    // Whoever stood still heard nobody: it must not accuse others of its own silence.
    if (gap > probeEveryMs * lateTicks) this.#forgive();
    this.#refresh();
    for (const edge of this.#edges.values()) if (edge.silentSinceMs !== undefined) this.#pursue(edge, now);
    const next = this.#nextInTurn(now);
    if (next !== undefined) this.#probe(next);
  }

  /** Others take part than before: some edges end and others begin. */
  #refresh(): void {
    const now = this.#now();
    const isEarly = now - this.#refreshedMs < this.#table.size * rearrangeMsPerPeer;
    if (this.#changes === this.#table.changes || isEarly) return;
    this.#changes = this.#table.changes;
    this.#refreshedMs = now;
    const watched = this.#circles.subjects();
    const lives = new Set(watched.map(({ life }) => life));
    for (const edge of this.#edges.values()) {
      if (lives.has(edge.life)) continue;
      this.#edges.delete(edge.life);
      if (edge.probe !== undefined) this.#end(edge.probe);
    }
    for (const { life, circles } of watched) {
      const known = this.#edges.get(life);
      if (known === undefined) this.#edges.set(life, new Edge(life, circles));
      else known.circles = circles;
    }
    this.#round = this.#round.filter(({ life }) => lives.has(life));
  }

  /** A silent one is probed more often than the others, and counts as gone when its time is over. */
  #pursue(edge: Edge, now: number): void {
    if (now - edge.silentSinceMs! >= this.#suspicionMs(edge)) {
      edge.end();
      this.#judge(edge);
    }
    if (edge.probe === undefined && now - edge.probedMs >= edgeEveryMs) this.#probe(edge);
  }

  /** The more observers confirm it the shorter, in the way of Lifeguard; where there are few, each of them counts more. */
  #suspicionMs({ life, circles }: Edge): number {
    const needed = Math.min(confirmations, this.#circles.count - circles.length);
    if (needed <= 0) return suspicionMsMin;
    let confirmed = 0;
    this.#circles.observers(life).forEach((observer, circle) => {
      // Who is in doubt itself will not say anything: a peer that hears nobody need not wait for the others to agree.
      const confirms = this.#reports.finding(life, circle) !== isThere || this.#table.isDoubted(observer);
      if (!circles.includes(circle) && confirms) confirmed++;
    });
    const share = Math.min(1, Math.log(confirmed + 1) / Math.log(needed + 1));
    return suspicionMsMax - (suspicionMsMax - suspicionMsMin) * share;
  }

  #nextInTurn(now: number): Edge | undefined {
    if (this.#round.length === 0) {
      this.#round = [...this.#edges.values()]
        .map((edge) => ({ edge, order: this.#world.entropy.u32() }))
        .sort((a, b) => a.order - b.order)
        .map(({ edge }) => edge);
    }
    const next = this.#round.at(-1);
    if (next === undefined || now - next.probedMs < edgeEveryMs) return undefined;
    this.#round.pop();
    return next.probe === undefined && this.#edges.get(next.life) === next ? next : undefined;
  }

  #probe(edge: Edge): void {
    const target = this.#table.byLife(edge.life);
    if (target === undefined) return;
    const sequence = this.#next();
    const patience = this.#after(edge.patienceMs * this.#health.multiplier, () => this.#askOthers(sequence));
    const now = this.#now();
    edge.probe = sequence;
    edge.probedMs = now;
    this.#probes.set(sequence, { edge, sentMs: now, patience, awaited: 0, wasMissed: false });
    this.#ping(target, sequence, edge.finding !== isThere);
  }

  #ping({ address, life }: PeerInfo, sequence: number, isDoubted: boolean): void {
    const from = this.#table.self.life;
    this.#effects.send(address, { kind: 'ping', sequence, from, target: life, isDoubted });
    this.#effects.sendNews(address);
  }

  #askOthers(sequence: number): void {
    const probe = this.#probes.get(sequence);
    const target = probe && this.#table.byLife(probe.edge.life);
    if (probe === undefined || target === undefined) return;
    probe.wasMissed = true;
    probe.edge.missed();
    const helpers = this.#table.others().filter(({ life }) => life !== target.life && !this.#table.isDoubted(life));
    for (; probe.awaited < indirectProbes && helpers.length > 0; probe.awaited++) {
      const [helper] = helpers.splice(Math.floor(this.#world.entropy.fraction() * helpers.length), 1);
      this.#effects.send(helper!.address, { kind: 'pingFor', sequence, target: target.life });
    }
    if (probe.awaited === 0) this.#health.worsen();
    // The accused hears of it first.
    this.#ping(target, sequence, true);
    const patienceMs = Math.max(probe.edge.patienceMs, nackMs + nackSlackMs) * this.#health.multiplier;
    probe.patience = this.#after(patienceMs, () => this.#giveUp(sequence));
  }

  #giveUp(sequence: number): void {
    const probe = this.#end(sequence);
    if (probe === undefined) return;
    // Helpers from whom nothing is heard at all: it is this peer that hears badly.
    if (probe.awaited > 0) this.#health.worsen();
    probe.edge.silent(this.#now());
    this.#judge(probe.edge);
  }

  /** Says what was found of a subject, if that is new. Of one that was cut out nothing is said: the others would not hear it. */
  #judge(edge: Edge): void {
    const peer = this.#table.byLife(edge.life);
    if (peer === undefined || !this.#table.isPresent(peer) || this.#edges.get(edge.life) !== edge) return;
    if (this.#health.isGood) edge.judgeLosses();
    let isNew = false;
    for (const circle of edge.circles) {
      if (this.#reports.say(edge.life, peer.statement, circle, edge.finding)) isNew = true;
    }
    if (isNew) this.#effects.reported(edge.life);
  }

  /** A probe is over. */
  #end(sequence: number): Probe | undefined {
    const probe = this.#probes.get(sequence);
    if (probe === undefined) return undefined;
    probe.patience.cancel();
    this.#probes.delete(sequence);
    if (probe.edge.probe === sequence) probe.edge.probe = undefined;
    return probe;
  }

  /** Starts all probes and suspicions anew. */
  #forgive(): void {
    this.#health.worsen();
    for (const sequence of [...this.#probes.keys()]) this.#end(sequence);
    for (const edge of this.#edges.values()) edge.forgive(this.#now());
  }

  #after(delayMs: number, action: () => void): Timeout {
    return this.#world.timer.after(delayMs, this.#effects.ref(action));
  }

  #now(): number {
    return this.#world.clock.monotonicMs();
  }

  /** Small numbers take two bytes, and are not met again while an answer could still come. */
  #next(): number {
    this.#sequence = (this.#sequence + 1) & 0x3fff;
    return this.#sequence;
  }
}
