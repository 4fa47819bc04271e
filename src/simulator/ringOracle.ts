import { type Contact, isBetween, lastHopsMax, successorsMax } from '../ring/index.ts';
import { goodbyeHeardMsMax, solidMsMax, strandedMsMax } from './limits.ts';
import type { RingResident, RingSubject } from './ringSubject.ts';

/** What was seen of a peer the last time that it was looked at. */
interface Look {
  readonly predecessor: string | undefined;
  readonly successor: string | undefined;
}

/** A peer that said goodbye, and until when those beside it may not have heard it. */
interface Departure {
  readonly one: RingResident;
  readonly beside: readonly RingResident[];
  readonly untilMs: number;
}

/**
 * Looks at the rings behind every event. What can be wrong at once is said at once; what may be wrong for a while, because
 * no protocol can help it, is measured, and must come right in the end.
 */
export class RingOracle {
  readonly violations: string[] = [];
  readonly #subject: RingSubject;
  readonly #isClean: () => boolean;
  readonly #isGrowing: () => boolean;
  readonly #looks = new Map<RingResident, Look>();
  /** Since when a peer is solid that a neighbour does not know, or whose neighbour does not live. */
  readonly #looseSinceMs = new Map<RingResident, number>();
  /** Since when a peer has nobody alive behind it, though others could be reached. */
  readonly #strandedSinceMs = new Map<RingResident, number>();
  /** Those that said goodbye, and who stood beside them. */
  readonly #departures: Departure[] = [];
  #overlapsSinceMs: number | undefined;
  /** How long some key had two holders. */
  overlapMs = 0;
  hasBranches = false;

  /**
   * `isClean` says whether nothing but joins, leaves and crashes happened so far, in one ring in which everybody can talk to everybody;
   * `isGrowing` whether nothing but joins did in one ring, whoever can talk to whom, and no joiner moved on from a place that it may have been given.
   */
  constructor(subject: RingSubject, isClean: () => boolean, isGrowing: () => boolean) {
    this.#subject = subject;
    this.#isClean = isClean;
    this.#isGrowing = isGrowing;
    subject.ears.departed = (one, beside) => this.#see(one, beside);
    subject.ears.lookedUp = ({ name }, hops) => {
      if (hops > lastHopsMax) this.#violate(`RING-24: ${name} heard of a lookup that went over ${hops} on branches`);
    };
  }

  /** Looks at what changed with the last event. True where something is wrong. */
  look(): boolean {
    const { changed } = this.#subject;
    if (changed.size === 0) return this.violations.length > 0;
    this.#checkDepartures();
    let isMoved = false;
    for (const one of changed) isMoved = this.#lookAt(one) || isMoved;
    changed.clear();
    if (isMoved) this.#lookAtAll();
    return this.violations.length > 0;
  }

  #lookAt(one: RingResident): boolean {
    const { host, view } = one;
    if (!this.#subject.isLiving(one)) {
      this.#strandedSinceMs.delete(one);
      this.#looseSinceMs.delete(one);
      return this.#looks.delete(one);
    }
    const { self, successor, predecessor, successors } = view;
    if (successor !== undefined && successor.id !== self.id && !one.heard.has(successor.id)) {
      this.#violate(`RING-2: ${host.name} took ${successor.address} for its successor, and never heard it`);
    }
    let before = self.id;
    for (const { id, address } of successors) {
      if (!isBetween(before, id, self.id)) this.#violate(`RING-9: behind ${host.name} ${address} is out of order`);
      before = id;
    }
    this.#checkStranded(one);
    this.#checkSolid(one);
    this.#checkAdmitted(one);
    const known = this.#looks.get(one);
    const look = { predecessor: predecessor?.id, successor: successor?.id };
    this.#looks.set(one, look);
    return known?.predecessor !== look.predecessor || known?.successor !== look.successor;
  }

  /** A joiner has no neighbours but by the word of the holder of its place; the first of a ring has itself. */
  #checkAdmitted({ host, self, view, wasAdmitted }: RingResident): void {
    const hasOthers = [view.predecessor, view.successor].some((one) => one !== undefined && one.id !== self.id);
    if (!hasOthers || this.#subject.isFirst(self.id) || wasAdmitted()) return;
    this.#violate(`RING-4: ${host.name} stands beside others, and no holder gave it its place`);
  }

  /**
   * A peer may only call itself solid while both its neighbours live and know it, or until it can have noticed that one does not. What
   * it hears of one that does not hear it tells it nothing: then it is not held to that.
   */
  #checkSolid(one: RingResident): void {
    const { host, view, self } = one;
    const { nowMs } = this.#subject.universe;
    const isKnown =
      this.#subject.at(view.successor)?.view.predecessor?.id === self.id &&
      this.#subject.at(view.predecessor)?.view.successor?.id === self.id;
    const neighbours = [view.successor, view.predecessor].map((one) => this.#subject.at(one));
    const isDeaf = neighbours.some((other) => other !== undefined && !this.#subject.canTalk(host, other.host));
    if (view.phase !== 'solid' || host.isStalled || isKnown || isDeaf) return void this.#looseSinceMs.delete(one);
    const sinceMs = this.#looseSinceMs.get(one) ?? nowMs;
    this.#looseSinceMs.set(one, sinceMs);
    if (nowMs - sinceMs < solidMsMax) return;
    this.#violate(`RING-10: ${host.name} is solid, and not both of its neighbours know it`);
  }

  /** OneLiveSuccessor (Zave): whoever has a place has somebody alive behind it, unless nobody alive can be reached. */
  #checkStranded(one: RingResident): void {
    const { view, host } = one;
    const { universe } = this.#subject;
    const isAlive = (contact: Contact): boolean => this.#subject.at(contact) !== undefined;
    const isWell =
      view.predecessor === undefined || view.successor?.id === view.self.id || view.successors.some(isAlive);
    if (isWell) return void this.#strandedSinceMs.delete(one);
    const canReach = (other: RingResident): boolean =>
      other !== one && other.view.successor !== undefined && this.#subject.canTalk(host, other.host);
    if (host.isStalled || !this.#subject.residents.some(canReach)) {
      this.#strandedSinceMs.delete(one);
      return;
    }
    const sinceMs = this.#strandedSinceMs.get(one) ?? universe.nowMs;
    this.#strandedSinceMs.set(one, sinceMs);
    if (universe.nowMs - sinceMs < strandedMsMax) return;
    this.#violate(`OneLiveSuccessor: ${host.name} has nobody alive behind it, for ${strandedMsMax / 1_000} s`);
  }

  /** A peer said goodbye a moment ago: it must hold nothing any more. */
  #see(one: RingResident, beside: readonly RingResident[]): void {
    if (one.view.predecessor !== undefined) this.#violate(`RING-12: ${one.self.address} left, and holds keys still`);
    this.#departures.push({ one, beside, untilMs: this.#subject.universe.nowMs + goodbyeHeardMsMax });
  }

  /** Where nothing but peers failed, those that stood beside one that said goodbye know that it is not there. */
  #checkDepartures(): void {
    const { nowMs } = this.#subject.universe;
    for (let next = this.#departures[0]; next !== undefined && next.untilMs < nowMs; next = this.#departures[0]) {
      this.#departures.shift();
      const { one, beside } = next;
      const misses = ({ view }: RingResident): boolean =>
        [view.predecessor?.id, view.successor?.id].includes(one.self.id);
      for (const other of beside) {
        if (!this.#isClean() || !this.#subject.isLiving(other) || !misses(other)) continue;
        this.#violate(`RING-12: ${one.self.address} said goodbye, and ${other.self.address} waits for it`);
      }
    }
  }

  #lookAtAll(): void {
    const { universe } = this.#subject;
    const placed = this.#placed();
    const pairs = overlaps(placed);
    if (this.#overlapsSinceMs !== undefined) this.overlapMs += universe.nowMs - this.#overlapsSinceMs;
    this.#overlapsSinceMs = pairs.length > 0 ? universe.nowMs : undefined;
    const isClean = this.#isClean();
    for (const [one, other] of isClean || this.#isGrowing() ? pairs : []) {
      this.#violate(`RING-4: ${one.host.name} and ${other.host.name} hold keys both, though nothing but peers failed`);
    }
    if (isClean && placed.length > 0 && principals(placed) === 0)
      this.#violate('SufficientPrincipals: everybody is skipped by somebody');
  }

  /** Those that have a place, in its order. */
  #placed(): readonly RingResident[] {
    const placed = this.#subject.residents.filter(({ view }) => view.predecessor !== undefined);
    return placed.sort((a, b) => (a.self.id < b.self.id ? -1 : 1));
  }

  /** What is not yet as it must be when nothing fails any more. */
  missing(): string[] {
    const placed = this.#placed();
    const outside = this.#subject.residents.filter((one) => !placed.includes(one));
    return [
      ...outside.map(({ host }) => `${host.name} has no place`),
      ...overlaps(placed).map(([one, other]) => `${one.host.name} and ${other.host.name} hold keys both`),
      ...placed.flatMap((one, i) => this.#missingOf(one, placed[(i + 1) % placed.length]!, placed)),
    ];
  }

  #missingOf(one: RingResident, next: RingResident, placed: readonly RingResident[]): string[] {
    const found: string[] = [];
    const { view, host, self } = one;
    const before = next.view.predecessor!;
    if (placed.length > 1 && isBetween(self.id, before.id, next.self.id)) {
      found.push(`nobody holds what ${before.address} held before ${next.host.name}`);
    }
    if (placed.length > 1 && !this.#subject.hasGaps && view.phase !== 'solid')
      found.push(`${host.name} is ${view.phase}`);
    if (view.strangers > 0) found.push(`${host.name} still looks for ${view.strangers} strangers`);
    if (placed.length === 1) return found;
    if (view.successor?.id !== next.self.id) {
      if (this.#subject.canTalk(host, next.host)) {
        found.push(`${host.name} takes ${view.successor?.address} for its successor, not ${next.host.name}`);
      }
      this.hasBranches = true;
    } else if (!this.#subject.hasGaps && view.successors.length < Math.min(successorsMax, placed.length - 1)) {
      found.push(`${host.name} knows ${view.successors.length} behind it`);
    }
    return found;
  }

  #violate(text: string): void {
    this.violations.push(`at ${this.#subject.universe.nowMs.toFixed(1)} ${text}`);
  }
}

/** Neighbours of whom the latter holds keys up to the place of the former, or beyond. */
function overlaps(placed: readonly RingResident[]): (readonly [RingResident, RingResident])[] {
  const found: (readonly [RingResident, RingResident])[] = [];
  for (const [i, one] of placed.entries()) {
    const next = placed[(i + 1) % placed.length]!;
    if (next !== one && isBetween(next.view.predecessor!.id, one.self.id, next.self.id)) found.push([one, next]);
  }
  return found;
}

/** Peers that nobody skips in the list of those behind it: what a ring is made of in Zave's proof. */
function principals(placed: readonly RingResident[]): number {
  const skipped = new Set<RingResident>();
  for (const { view } of placed) {
    let before = view.self.id;
    for (const { id } of view.successors) {
      for (const one of placed) if (isBetween(before, one.self.id, id)) skipped.add(one);
      before = id;
    }
  }
  return placed.length - skipped.size;
}
