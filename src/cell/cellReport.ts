import type { PeerId } from '../overlay/index.ts';
import type { TransactionFigures } from '../state/index.ts';
import type { Ballot } from './ballot.ts';
import type { Member } from './cellConfig.ts';
import type { Degrees } from './degree.ts';

export type ReplicaRole = 'leader' | 'candidate' | 'follower' | 'learner' | 'installing' | 'damaged';

/** What one replica knows of its cell: for `status`, metrics and checks. Assembled when it is asked for. */
export interface CellReport {
  readonly cell: string;
  readonly from: string;
  readonly to: string | undefined;
  readonly epoch: number;
  readonly members: readonly Member[];
  readonly degrees: Degrees;
  readonly learners: readonly Member[];
  readonly role: ReplicaRole;
  /** The leader as this replica knows it; empty where it knows none. */
  readonly leader: PeerId;
  readonly ballot: Ballot;
  readonly accepted: Ballot;
  /** Indices of the log: the first held in memory, applied, known to be chosen, synced in the ballot, and the last. */
  readonly first: number;
  readonly applied: number;
  readonly chosen: number;
  readonly durable: number;
  readonly end: number;
  readonly keys: number;
  readonly bytes: number;
  readonly timeMs: number;
  /** What is being repaired, in words; empty where nothing is, and where this replica does not lead. */
  readonly repairs: string;
  /** Members that may fail now without loss of service, as the leader sees it; undefined elsewhere, and until a majority follows it. */
  readonly survivesFailures: number | undefined;
  readonly hasLease: boolean;
  readonly transactions: TransactionFigures;
  readonly counters: CellCounters;
}

/** Counted since the start of the peer. */
export interface CellCounters {
  readonly entries: number;
  readonly groups: number;
  readonly elections: number;
  readonly readsByLease: number;
  readonly readsByQuorum: number;
  /** Reads of what may be old that this replica answered. */
  readonly readsNear: number;
  readonly leaseRefusals: number;
  readonly skewRefusals: number;
  readonly snapshotsSent: number;
  readonly snapshotsInstalled: number;
  readonly checkpoints: number;
  /** Rounds in which a leader had all rows of the members compared, and those that found rows which differ. */
  readonly scrubs: number;
  readonly differences: number;
}
