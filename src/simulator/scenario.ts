import type { CommitWay } from '../store/index.ts';
import type { Seen } from './coverage.ts';
import type { NemesisOptions } from './nemesis.ts';

/** A story that a seed tells in its own way: how many peers, what clients do, what goes wrong. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly peers: { readonly least: number; readonly most: number };
  readonly nemesis: NemesisOptions;
  /** What some of its seeds must see happen, or the scenario does not do what it is for. */
  readonly targets: readonly Seen[];
  /** Clients that speak the protocol of Redis join in. */
  readonly hasRedisClients: boolean;
  /** Transfers between the accounts of the bank that are begun at the same moment. */
  readonly tellers: number;
  /** How likely a run splits cells; never where it is left out. */
  readonly splits?: number;
  /** How likely a run merges cells; never where it is left out. */
  readonly merges?: number;
  /** How likely a run has cells split early between keys that transactions need together; never where it is left out. */
  readonly divides?: number;
  /** How long faults go on, where not for a minute. */
  readonly chaosMs?: number;
  /** How many cells a run has at most, of which many are split off early: a few in most runs. One where it is left out. */
  readonly cells?: number;
  /** How likely a run has members moved, the lead handed over, other numbers of copies wanted; never where it is left out. */
  readonly arrangements?: number;
  /** How likely peers of a run stand on several hosts in several zones; never where it is left out. */
  readonly stands?: number;
  /** How likely a run has programs that watch what changes; never where it is left out. */
  readonly watches?: number;
  /** Who decides transactions over cells; their votes where it is left out. */
  readonly commit?: CommitWay;
  /** Readers take what is a little old of the member that is nearest to them. */
  readonly hasStaleReaders?: boolean;
  /** Writers whose writes are answered before they are done. */
  readonly hasEventualWriters?: boolean;
  /** People who reserve what they are about to write. */
  readonly hasEditors?: boolean;
  /** Peers of rings alone, without a store: then no clients. */
  readonly rings?: RingsOptions;
}

/** How likely a run has something. */
export interface RingsOptions {
  /** One ring at first, and not several. */
  readonly oneRing: number;
  /** One network in which all can talk to all, or else one with address translators. */
  readonly allTalk: number;
  readonly translated: number;
  /** Averages over all peers; messages to all of them; peers with several seats each. */
  readonly gossip: number;
  readonly groups: number;
  readonly seats: number;
}

const links = { partition: 2, oneWay: 2, bridge: 3, clog: 2, storm: 2 } as const;
const processes = { crash: 3, kill: 1, flicker: 2, stall: 2 } as const;
const some = { least: 3, most: 5 } as const;

/** The scenarios of the product, as `selfman simulate` runs them. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'calm',
    about: 'Small troubles only: what is slow for a moment must cost nobody anything.',
    peers: { least: 3, most: 7 },
    nemesis: { weights: { clog: 2, storm: 1, slowDisk: 2, stall: 1, drift: 1 }, pauseMs: 4_000 },
    targets: [],
    hasRedisClients: false,
    tellers: 1,
  },
  {
    name: 'churn',
    about: 'Processes come and go.',
    peers: some,
    nemesis: { weights: processes, pauseMs: 2_500 },
    targets: ['leader change', 'unknown outcome resolved'],
    hasRedisClients: false,
    tellers: 1,
  },
  {
    name: 'partition',
    about: 'The network fails in every direction, and heals.',
    peers: some,
    nemesis: { weights: { ...links, crash: 1 }, pauseMs: 3_000 },
    targets: ['leader change', 'lease refusal'],
    hasRedisClients: false,
    tellers: 1,
  },
  {
    name: 'disk',
    about: 'Disks are full, slow, torn, corrupt; syncs fail; power goes.',
    peers: some,
    nemesis: {
      weights: {
        crash: 3,
        flicker: 2,
        fullDisk: 2,
        slowDisk: 1,
        slowDisks: 2,
        failedSync: 2,
        corruptRecord: 2,
        damageRow: 2,
      },
      pauseMs: 2_500,
    },
    targets: ['torn-write recovery', 'leader change'],
    hasRedisClients: false,
    tellers: 1,
  },
  {
    name: 'clock',
    about: 'Clocks drift and jump, machines sleep, while processes and links fail.',
    peers: some,
    nemesis: { weights: { drift: 3, jump: 3, sleep: 3, stall: 2, partition: 2, crash: 1 }, pauseMs: 2_500 },
    targets: ['leader change', 'lease refusal'],
    hasRedisClients: false,
    tellers: 1,
  },
  {
    name: 'restart-all',
    about: 'Everybody loses power at once, again and again.',
    peers: some,
    nemesis: { weights: { blackout: 4, slowDisks: 4, crash: 2, flicker: 2 }, pauseMs: 3_000 },
    targets: ['torn-write recovery', 'leader change'],
    hasRedisClients: false,
    tellers: 1,
  },
  {
    name: 'members',
    about: 'Peers join, leave, lose their disks and are replaced, while others fail.',
    peers: { least: 4, most: 6 },
    nemesis: { weights: { join: 3, leave: 3, wipe: 3, crash: 2, stall: 1, partition: 1, outvote: 2 }, pauseMs: 3_000 },
    targets: ['member replacement', 'snapshot catch-up', 'cell split'],
    hasRedisClients: false,
    tellers: 1,
    splits: 0.5,
    stands: 0.6,
    arrangements: 0.5,
  },
  {
    name: 'gateway',
    about: 'Redis clients pipeline, watch and transact while leaders change.',
    peers: some,
    nemesis: { weights: { ...processes, partition: 1, clog: 1 }, pauseMs: 3_000 },
    targets: ['leader change'],
    hasRedisClients: true,
    tellers: 1,
  },
  {
    name: 'transfers',
    about: 'Tellers move money between the same accounts at once, while processes and links fail.',
    peers: { least: 3, most: 3 },
    nemesis: { weights: { ...processes, partition: 2, clog: 2, storm: 1 }, pauseMs: 4_000 },
    targets: ['leader change', 'cell split', 'transaction over cells', 'cells merged'],
    hasRedisClients: false,
    tellers: 4,
    splits: 0.5,
    merges: 0.4,
    divides: 0.5,
  },
  {
    name: 'cells',
    about: 'Cells split and merge while processes, links, disks, clocks and members fail.',
    peers: some,
    nemesis: {
      weights: {
        ...links,
        ...processes,
        blackout: 2,
        fullDisk: 1,
        slowDisks: 2,
        failedSync: 1,
        corruptRecord: 1,
        damageRow: 1,
        drift: 1,
        sleep: 1,
        join: 2,
        wipe: 1,
      },
      pauseMs: 2_500,
    },
    targets: ['leader change', 'cell split', 'cells merged', 'transaction over cells', 'snapshot catch-up'],
    hasRedisClients: true,
    tellers: 2,
    splits: 1,
    merges: 0.8,
    divides: 0.5,
    watches: 0.7,
    stands: 0.4,
    arrangements: 0.4,
  },
  {
    name: 'milestones',
    about:
      'Power fails a peer in the middle of a split, a merge, a change of members, a commit, a snapshot or a checkpoint.',
    peers: some,
    nemesis: { weights: { milestone: 12, join: 2, leave: 2, wipe: 2, crash: 1, partition: 1 }, pauseMs: 1_500 },
    targets: ['leader change', 'cell split', 'transaction over cells', 'member replacement', 'snapshot catch-up'],
    hasRedisClients: false,
    tellers: 2,
    splits: 1,
    merges: 0.6,
    divides: 0.5,
    watches: 0.5,
  },
  {
    name: 'mixture',
    about: 'Every fault beside every other, among three to nine peers that have up to forty cells.',
    peers: { least: 3, most: 9 },
    nemesis: {
      weights: {
        ...links,
        ...processes,
        ...{ blackout: 1, fullDisk: 2, slowDisk: 1, slowDisks: 1, failedSync: 1, corruptRecord: 1, damageRow: 1 },
        ...{ drift: 1, jump: 1, sleep: 1, join: 2, leave: 2, wipe: 2, outvote: 1, milestone: 3 },
      },
      pauseMs: 1_500,
    },
    targets: ['leader change', 'cell split', 'cells merged', 'transaction over cells', 'member replacement'],
    hasRedisClients: true,
    tellers: 2,
    splits: 0.7,
    merges: 0.6,
    divides: 0.5,
    arrangements: 0.6,
    stands: 0.5,
    cells: 40,
    // Many runs of a quarter of a minute meet more mixtures than few long ones.
    chaosMs: 15_000,
    watches: 0.7,
    hasStaleReaders: true,
    hasEditors: true,
  },
  {
    name: 'near',
    about: 'Readers take what is a little old of the nearest member, while processes, links, clocks and cells change.',
    peers: some,
    nemesis: {
      weights: { ...links, ...processes, drift: 1, jump: 1, sleep: 2, corruptRecord: 1, join: 1 },
      pauseMs: 2_500,
    },
    targets: ['leader change', 'read of a follower', 'transaction over cells', 'cells merged'],
    hasRedisClients: false,
    tellers: 1,
    splits: 0.5,
    merges: 0.4,
    divides: 0.5,
    hasStaleReaders: true,
  },
  {
    name: 'eventual',
    about: 'Writes are answered before they are done, while processes, links, disks and cells change.',
    peers: some,
    nemesis: {
      weights: { ...links, ...processes, slowDisks: 1, sleep: 1, join: 1, milestone: 1 },
      pauseMs: 2_500,
    },
    targets: ['leader change', 'cell split', 'cells merged'],
    hasRedisClients: false,
    tellers: 1,
    splits: 0.7,
    merges: 0.5,
    hasEventualWriters: true,
  },
  {
    name: 'two-phase',
    about: 'Transactions over cells that only their coordinator decides, while processes, links and cells change.',
    peers: some,
    nemesis: { weights: { ...links, ...processes, milestone: 3 }, pauseMs: 2_500 },
    targets: ['leader change', 'transaction over cells', 'unknown outcome resolved'],
    hasRedisClients: false,
    tellers: 1,
    splits: 0.3,
    merges: 0.3,
    divides: 1,
    commit: 'twoPhase',
  },
  {
    name: 'eager',
    about:
      'Editors reserve what they read and write, while processes, links, clocks and cells change; some think for too long.',
    peers: some,
    nemesis: { weights: { ...links, ...processes, drift: 1, jump: 1, milestone: 2, join: 1 }, pauseMs: 2_500 },
    targets: ['leader change', 'cell split', 'transaction over cells', 'reserved and written'],
    hasRedisClients: false,
    tellers: 1,
    splits: 0.5,
    merges: 0.5,
    divides: 0.7,
    chaosMs: 30_000,
    watches: 0.5,
    hasEditors: true,
  },
  {
    name: 'rings',
    about:
      'Peers of rings come and go, rings part and merge, not everybody can talk to everybody; they gossip, speak to all, take seats.',
    peers: { least: 5, most: 50 },
    nemesis: { weights: { ...links, ...processes, join: 3, leave: 2 }, pauseMs: 1_500 },
    targets: ['rings merged', 'branch'],
    hasRedisClients: false,
    tellers: 0,
    rings: { oneRing: 0.6, allTalk: 0.6, translated: 0.15, gossip: 0.12, groups: 0.3, seats: 0.15 },
  },
];
