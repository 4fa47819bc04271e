import type { PeerId } from '../overlay/index.ts';
import { type Ballot, compareBallots, noBallot, sameBallot } from './ballot.ts';
import { hearingMs, roundLateMs } from './limits.ts';

interface Heard {
  ballot: Ballot;
  hasQuorum: boolean;
  atMs: number;
}

/**
 * Ballot leader election (Ng, Haridi, Carbone: Omni-Paxos, 2023) of one member in one epoch. Each member has a ballot
 * and hears those of the others. Leader is the highest ballot of a member that hears a majority; where the leader is
 * not among them any more, a member draws a ballot above. So a leader is found as long as one member hears a majority,
 * whoever else cannot hear whom.
 */
export class Election {
  readonly #self: PeerId;
  readonly #majority: number;
  readonly #heard = new Map<PeerId, Heard>();
  #ballot: Ballot;
  #leader: Ballot;
  #hasQuorum = false;
  #lastRoundMs: number;
  /** Until then silence proves nothing: this member has only just begun to listen. */
  #patientUntilMs: number;

  /** `floor` is the highest ballot that this member promised: it counts as the leader's until it is seen to be gone. */
  constructor(self: PeerId, members: number, floor: Ballot, nowMs: number) {
    this.#self = self;
    this.#majority = (members >>> 1) + 1;
    this.#ballot = { n: 0, member: self };
    this.#leader = floor;
    this.#lastRoundMs = nowMs;
    this.#patientUntilMs = members === 1 ? nowMs : nowMs + hearingMs;
  }

  /** The ballot with which this member stands. */
  get ballot(): Ballot {
    return this.#ballot;
  }

  /** The highest ballot that was elected, as far as this member knows. */
  get leader(): Ballot {
    return this.#leader;
  }

  get hasQuorum(): boolean {
    return this.#hasQuorum;
  }

  /** Whether this member hears a majority, or has listened for too short a time to say that it does not. */
  mayHearMajority(nowMs: number): boolean {
    return this.#hasQuorum || nowMs < this.#patientUntilMs;
  }

  /** An answer to a heartbeat: the way there and the way back are open. */
  hear(from: PeerId, ballot: Ballot, hasQuorum: boolean, nowMs: number): void {
    this.#heard.set(from, { ballot, hasQuorum, atMs: nowMs });
  }

  /** A ballot was promised: whoever holds it is the leader until it is seen to be gone. */
  observe(ballot: Ballot): void {
    if (compareBallots(ballot, this.#leader) > 0) this.#leader = ballot;
  }

  /** Draws a ballot above all that is known and takes it as elected: for one who was handed the lead. */
  campaign(): Ballot {
    this.#ballot = { n: this.#leader.n + 1, member: this.#self };
    this.#leader = this.#ballot;
    return this.#ballot;
  }

  /** Whether the member was heard within the last rounds. */
  hears(member: PeerId, nowMs: number): boolean {
    const heard = this.#heard.get(member);
    return heard !== undefined && nowMs - heard.atMs <= hearingMs;
  }

  /** Ends a round: the ballot that is elected by it, if one is. `mayLead` is false for a replica that is not whole. */
  endRound(nowMs: number, mayLead: boolean): Ballot | undefined {
    // A round that ends very late means that this peer stood still: the others may have answered all the while.
    if (nowMs - this.#lastRoundMs > roundLateMs) this.#patientUntilMs = nowMs + hearingMs;
    this.#lastRoundMs = nowMs;
    let heardCount = 1;
    let best: Ballot = noBallot;
    for (const heard of this.#heard.values()) {
      if (nowMs - heard.atMs > hearingMs) continue;
      heardCount++;
      if (heard.hasQuorum && compareBallots(heard.ballot, best) > 0) best = heard.ballot;
    }
    const hears = heardCount >= this.#majority;
    this.#hasQuorum = hears && mayLead;
    if (this.#hasQuorum && compareBallots(this.#ballot, best) > 0) best = this.#ballot;
    return hears ? this.#judge(best, nowMs) : undefined;
  }

  #judge(best: Ballot, nowMs: number): Ballot | undefined {
    const order = compareBallots(best, this.#leader);
    if (order > 0 && best.n > 0) {
      this.#leader = best;
      return best;
    }
    // One round with the new ballot shown to all comes before it can be elected: the higher of two draws wins.
    if (order < 0 || sameBallot(best, noBallot) || best.n === 0) this.#draw(nowMs);
    return undefined;
  }

  #draw(nowMs: number): void {
    if (nowMs < this.#patientUntilMs || !this.#hasQuorum) return;
    if (this.#ballot.n <= this.#leader.n) this.#ballot = { n: this.#leader.n + 1, member: this.#self };
  }
}
