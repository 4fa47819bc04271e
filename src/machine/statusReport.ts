import type { CellReport, CopyReport, FigureReport, PeerReport, SelfReport, StatusReport } from '../api/index.ts';
import { bytesOfKey, textOfBytes } from '../base/index.ts';
import { type CellHint, crowding, survives, usualReplicas, wantedBy } from '../cell/index.ts';
import type { Figures } from '../gateway/index.ts';
import { programOf, type View } from '../overlay/index.ts';
import type { PeerState } from '../peer/index.ts';
import type { EventualFigures } from '../store/index.ts';
import type { RealPlatform } from '../world/real/index.ts';
import { version } from './version.ts';

interface Sources {
  /** Undefined where the peer did not answer in time. */
  readonly state: PeerState | undefined;
  readonly self: SelfReport;
  readonly figures: Figures;
  readonly eventual: EventualFigures;
  readonly platform: RealPlatform;
  readonly events: number;
  readonly troubles: readonly string[];
}

/** Puts together how a peer sees the system, when somebody asks. */
export function statusReport(sources: Sources): StatusReport {
  const { state, self } = sources;
  const view = state?.view;
  const peers = (view?.peers ?? []).map((peer): PeerReport => {
    const { id, name, address, redis, http, zone, host, status, seat } = peer;
    const place = Buffer.from(bytesOfKey(seat)).toString('hex');
    return { id, name, program: programOf(id), address, redis, http, zone, host, status, seat: place };
  });
  const troubles =
    state === undefined ? [...sources.troubles, 'The peer is too busy to say how it is.'] : sources.troubles;
  return {
    version,
    systemId: view?.systemId ?? '',
    self,
    peers,
    cells: cellReports(state),
    figures: figureReport(sources),
    troubles,
  };
}

/** By their ranges. */
function cellReports(state: PeerState | undefined): CellReport[] {
  const hints = [...(state?.cells ?? [])].sort((a, b) => (a.from < b.from ? -1 : 1));
  return hints.map((hint) => cellReport(hint, state!));
}

function cellReport(hint: CellHint, { view, replicas }: PeerState): CellReport {
  const replica = replicas.find(({ cell }) => cell === hint.cell);
  const { from, to } = replica ?? hint;
  const members = replica?.members ?? hint.members;
  const learners = replica?.learners ?? hint.learners;
  const leader = replica?.leader ?? hint.leader;
  const alive = members.map(({ id }) => id).filter((id) => isAlive(view, id));
  const missing = members.filter(({ id }) => !isAlive(view, id)).map(({ id }) => `${nameOf(id)} is away`);
  return {
    cell: hint.cell,
    epoch: replica?.epoch ?? hint.epoch,
    from: textOfBytes(bytesOfKey(from)),
    to: to === undefined ? undefined : textOfBytes(bytesOfKey(to)),
    replicas: wantedBy(hint.degrees, usualReplicas),
    members: members.map(({ id }) => nameOf(id)),
    learners: learners.map(({ id }) => nameOf(id)),
    leader: isAlive(view, leader) ? nameOf(leader) : '',
    survivesFailuresNow: replica?.survivesFailures ?? survives({ members }, alive),
    keys: replica?.keys,
    bytes: replica?.bytes,
    copy: replica === undefined ? undefined : copyReport(replica),
    repairs: [
      ...missing,
      ...(hint.isFull ? [`the disk of ${nameOf(leader)} is full: it takes no writes`] : []),
      ...(replica === undefined || replica.repairs === '' ? [] : [replica.repairs]),
    ],
    warnings: view === undefined ? [] : [...crowding(members, view.peers), ...shortage(hint, view)],
  };
}

function copyReport({ role, chosen, applied, transactions, counters }: PeerState['replicas'][number]): CopyReport {
  return { role, entriesBehind: Math.max(0, chosen - applied), ...transactions, ...counters };
}

/** Where a prefix asks for more members than there are peers. */
function shortage({ degrees }: CellHint, { peers }: View): string[] {
  const asked = degrees.at(-1);
  const alive = peers.filter(({ status }) => status === 'alive').length;
  return asked === undefined || alive >= asked.replicas
    ? []
    : [`${asked.replicas} copies are wanted, and ${alive} peers are there`];
}

function isAlive(view: View | undefined, id: string): boolean {
  const status = view?.peers.find((peer) => peer.id === id)?.status;
  return status === 'alive' || status === 'leaving';
}

/** `b` of `b#9f86d081884c7d65`. */
function nameOf(id: string): string {
  return id.split('#')[0]!;
}

function figureReport({ figures, eventual, platform, events }: Sources): FigureReport {
  const { journalBytes, engineBytes } = platform.world.storage.sizeBytes();
  const { clients, commands, errors, unknown, bytesIn, bytesOut } = figures;
  return {
    clients,
    commands,
    errors,
    unknown,
    eventualTaken: eventual.taken,
    eventualOwed: eventual.owed,
    eventualLost: eventual.lost,
    bytesIn,
    bytesOut,
    events,
    framesDropped: platform.framesDropped,
    journalBytes,
    engineBytes,
    memoryBytes: process.memoryUsage.rss(),
  };
}
