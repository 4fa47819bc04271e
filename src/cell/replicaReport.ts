import type { PeerId } from '../overlay/index.ts';
import type { Acceptor } from './acceptor.ts';
import type { CellCounters, CellReport, ReplicaRole } from './cellReport.ts';
import type { Copy } from './copy.ts';
import type { Election } from './election.ts';
import type { Keeper } from './keeper.ts';
import type { Leadership } from './leadership.ts';
import type { Merger } from './merger.ts';
import type { ReplicaContext } from './replicaContext.ts';
import type { Service } from './service.ts';
import { survives } from './survival.ts';
import type { Voter } from './voter.ts';

/** What a report is made of. */
export interface ReplicaParts {
  readonly context: ReplicaContext;
  readonly acceptor: Acceptor;
  readonly copy: Copy;
  readonly voter: Voter;
  readonly service: Service;
  readonly keeper: Keeper;
  readonly merger: Merger;
  readonly leadership: Leadership | undefined;
  readonly election: Election | undefined;
  readonly leader: PeerId;
  readonly elections: number;
}

export function reportOf(parts: ReplicaParts): CellReport {
  const { acceptor, copy, keeper, merger, leadership, leader } = parts;
  const { cell, from, to, epoch, members, degrees } = acceptor.config;
  const { log, accepted, chosen, durableEnd: durable } = acceptor;
  const { state } = copy;
  const isLeading = leadership?.isLeading === true;
  return {
    cell,
    from,
    to,
    epoch,
    members,
    degrees,
    learners: isLeading ? keeper.learners : [],
    role: roleOf(parts),
    leader,
    ballot: leadership?.ballot ?? acceptor.promise,
    accepted,
    first: log.first,
    applied: state.applied.index,
    chosen,
    durable,
    end: log.end,
    keys: state.size.keys,
    bytes: state.size.bytes,
    timeMs: state.timeMs,
    repairs: isLeading
      ? [keeper.repairs, merger.words, copy.scrubber.words].filter((words) => words !== '').join('; ')
      : '',
    survivesFailures: isLeading && hasBegun(leadership) ? survives(acceptor.config, voting(parts)) : undefined,
    hasLease: isLeading && leadership.lease.isValid(),
    transactions: state.transactions,
    counters: countersOf(parts),
  };
}

function roleOf({ acceptor, copy, leadership }: ReplicaParts): ReplicaRole {
  if (copy.isAmnesiac) return 'damaged';
  if (!copy.hasState) return 'installing';
  if (leadership !== undefined) return leadership.isLeading ? 'leader' : 'candidate';
  return acceptor.isMember() ? 'follower' : 'learner';
}

/** Whether a majority has followed once: before, who has not synced yet is no sign that anybody is away. */
function hasBegun(leadership: Leadership): boolean {
  return leadership.synced.length + 1 >= leadership.majority;
}

/** The members that vote now. One that answers but has synced nothing in this ballot is being mended: it does not vote yet. */
function voting({ context, election, leadership }: ReplicaParts): PeerId[] {
  const now = context.world.clock.monotonicMs();
  const heard = leadership?.synced.filter(({ member }) => election?.hears(member.id, now) === true) ?? [];
  return [context.self, ...heard.map(({ member }) => member.id)];
}

function countersOf({ copy, voter, service, elections }: ReplicaParts): CellCounters {
  return {
    entries: service.writes.entries,
    groups: service.writes.groups,
    elections,
    readsByLease: service.reads.byLease,
    readsNear: service.near.answered,
    readsByQuorum: service.reads.byQuorum,
    leaseRefusals: voter.leaseRefusals,
    skewRefusals: voter.skewRefusals,
    snapshotsSent: copy.feeder.snapshotsSent,
    snapshotsInstalled: copy.catchUp.snapshotsInstalled,
    checkpoints: copy.checkpointer.taken,
    scrubs: copy.scrubber.rounds,
    differences: copy.scrubber.differences,
  };
}
