import type { Ballot } from './ballot.ts';
import type { Member } from './cellConfig.ts';
import type { Entry } from './entry.ts';

/** What a promise told of the log of the member that gave it. */
export interface Promised {
  readonly isWhole: boolean;
  readonly accepted: Ballot;
  readonly end: number;
  readonly chosen: number;
  readonly first: number;
  readonly entries: readonly Entry[];
}

/** A leader's view of another member. */
export class Follower {
  readonly member: Member;
  promised: Promised | undefined;
  /** The log of the ballot was sent, and every entry since: what is lost of it the follower will miss. */
  isSynced = false;
  /** What it knew as chosen when it was last heard to say so. */
  chosen = 0;
  /** All up to here is synced there in this ballot. */
  acked = 0;
  /** When it last made progress, or was last sent what it lacks. */
  progressMs = 0;
  /** How far its clock was ahead of the leader's when it last told its time. */
  clockAheadMs = 0;

  constructor(member: Member) {
    this.member = member;
  }
}
