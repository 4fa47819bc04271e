/** How one peer sees the system now: what `/status` answers, what `selfman status` and the page show. */
export interface StatusReport {
  readonly version: string;
  /** Empty while the peer has not joined a system. */
  readonly systemId: string;
  readonly self: SelfReport;
  /** Sorted by seat. */
  readonly peers: readonly PeerReport[];
  readonly cells: readonly CellReport[];
  readonly figures: FigureReport;
  /** Why the peer is not at work, or works with difficulty; empty where all is well. */
  readonly troubles: readonly string[];
}

export interface SelfReport {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly redis: string;
  readonly http: string;
  readonly data: string;
  readonly processId: number;
  readonly uptimeMs: number;
  /** It listens beyond loopback although links have no TLS and clients no passwords yet. */
  readonly isInsecure: boolean;
  /** A member that is dead for longer is replaced. */
  readonly memberDeadMs: number;
}

export interface PeerReport {
  readonly id: string;
  readonly name: string;
  /** The program that it is a seat of: peers of one program end together. */
  readonly program: string;
  readonly address: string;
  readonly redis: string;
  readonly http: string;
  /** What it fails together with: its zone, and its machine there. */
  readonly zone: string;
  readonly host: string;
  /** The place of its seat in the key space, in hexadecimal digits. */
  readonly seat: string;
  readonly status: 'alive' | 'suspected' | 'dead' | 'leaving' | 'left';
}

/** How many copies are wanted of the keys of a prefix. */
export interface DegreeReport {
  readonly prefix: string;
  readonly replicas: number;
  /** The cells that hold them. */
  readonly cells: readonly string[];
}

/** What a copy of a cell says of itself. What is counted is counted from the start of its peer. */
export interface CopyReport {
  readonly role: 'leader' | 'candidate' | 'follower' | 'learner' | 'installing' | 'damaged';
  /** Entries of the log that are known to be chosen and not applied here. */
  readonly entriesBehind: number;
  /** Transactions over several cells that were voted for and are not decided yet, and keys that are reserved. */
  readonly undecided: number;
  readonly reserved: number;
  /** Votes of yes in such transactions. */
  readonly votes: number;
  /** Entries that it proposed, and groups of operations in them. */
  readonly entries: number;
  readonly groups: number;
  readonly elections: number;
  readonly readsByLease: number;
  readonly readsByQuorum: number;
  readonly readsNear: number;
  /** Candidates that came while a lease bound this copy, and log times that were too far ahead of its clock. */
  readonly leaseRefusals: number;
  readonly skewRefusals: number;
  readonly snapshotsSent: number;
  readonly snapshotsInstalled: number;
  readonly checkpoints: number;
  /** Rounds in which all rows of the members were compared, and those that found rows which differ. */
  readonly scrubs: number;
  readonly differences: number;
}

export interface CellReport {
  readonly cell: string;
  readonly epoch: number;
  /** The range of its keys, for people: `to` is undefined for the end of the key space. */
  readonly from: string;
  readonly to: string | undefined;
  /** How many members it is to have, where there are peers enough. */
  readonly replicas: number;
  /** Names of peers. */
  readonly members: readonly string[];
  readonly learners: readonly string[];
  readonly leader: string;
  /** How many programs may fail now, with all their seats, without the cell becoming unavailable. Below 0: it is unavailable. */
  readonly survivesFailuresNow: number;
  /** Keys and bytes; undefined where this peer holds no copy. */
  readonly keys: number | undefined;
  readonly bytes: number | undefined;
  /** The copy of this peer, where it has one. */
  readonly copy: CopyReport | undefined;
  /** What is being repaired, as sentences. */
  readonly repairs: readonly string[];
  /** Where its members fail together although they need not, and where peers are too few, as sentences. */
  readonly warnings: readonly string[];
}

export interface FigureReport {
  readonly clients: number;
  readonly commands: number;
  readonly errors: number;
  readonly unknown: number;
  /** Eventual writes that were answered at once; those of them that are not done yet; those that were given up. */
  readonly eventualTaken: number;
  readonly eventualOwed: number;
  readonly eventualLost: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly events: number;
  readonly framesDropped: number;
  readonly journalBytes: number;
  readonly engineBytes: number;
  readonly memoryBytes: number;
}
