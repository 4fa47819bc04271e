import { Counter, Gauge, Registry } from 'prom-client';
import type { CopyReport, StatusReport } from '../api/index.ts';

type CopyFigure = Exclude<keyof CopyReport, 'role'>;

const levelsOfCopies = {
  entriesBehind: 'Entries of the log that are known to be chosen and not applied here',
  undecided: 'Transactions over several cells that were voted for and are not decided',
  reserved: 'Keys that are reserved',
} as const satisfies Partial<Record<CopyFigure, string>>;

const countsOfCopies: Readonly<Record<Exclude<CopyFigure, keyof typeof levelsOfCopies>, string>> = {
  votes: 'Votes of yes in transactions over several cells',
  entries: 'Entries that this copy proposed',
  groups: 'Groups of operations in the entries that it proposed',
  elections: 'Elections in which it stood',
  readsByLease: 'Reads that it answered because it held a lease',
  readsByQuorum: 'Reads that it answered after a round to a majority',
  readsNear: 'Reads of what may be old that it answered',
  leaseRefusals: 'Candidates that it refused because it had granted a lease',
  skewRefusals: 'Entries that it refused because their time was too far ahead of its clock',
  snapshotsSent: 'Snapshots that it sent to other members',
  snapshotsInstalled: 'Snapshots that it took from other members',
  checkpoints: 'Checkpoints that it took',
  scrubs: 'Rounds in which it had the rows of all members compared',
  differences: 'Rounds of those that found rows which differ',
};

/** A report as Prometheus reads it. Made anew each time: the figures live in the peer, and nowhere twice. */
export async function metricsOf(report: StatusReport): Promise<{ readonly type: string; readonly text: string }> {
  const registry = new Registry();
  addFigures(registry, report);
  addCells(registry, report);
  const peers = new Gauge({
    name: 'selfman_peers',
    help: 'Peers as this peer sees them, by status',
    labelNames: ['status'],
    registers: [registry],
  });
  for (const { status } of report.peers) peers.inc({ status });
  const seats = new Gauge({
    name: 'selfman_program_seats',
    help: 'Seats of the program of this peer, by status: each serves figures of its own',
    labelNames: ['status'],
    registers: [registry],
  });
  const program = report.peers.find(({ id }) => id === report.self.id)?.program;
  for (const one of report.peers) if (one.program === program) seats.inc({ status: one.status });
  return { type: registry.contentType, text: await registry.metrics() };
}

function addFigures(registry: Registry, { figures, self }: StatusReport): void {
  const count = (name: string, help: string, value: number): void =>
    new Counter({ name: `selfman_${name}_total`, help, registers: [registry] }).inc(value);
  const level = (name: string, help: string, value: number): void =>
    new Gauge({ name: `selfman_${name}`, help, registers: [registry] }).set(value);
  count('commands', 'Commands of Redis clients', figures.commands);
  count('command_errors', 'Commands answered with an error', figures.errors);
  count('unknown_outcomes', 'Commands whose outcome was not known in time', figures.unknown);
  count('eventual_writes', 'Eventual writes answered before they were done', figures.eventualTaken);
  count('eventual_lost', 'Eventual writes answered and then given up', figures.eventualLost);
  count('client_bytes_in', 'Bytes received from clients', figures.bytesIn);
  count('client_bytes_out', 'Bytes sent to clients', figures.bytesOut);
  count('events', 'Events handled by components', figures.events);
  count('frames_dropped', 'Frames not sent because too many waited for their peer', figures.framesDropped);
  level('eventual_owed', 'Eventual writes answered and not done yet', figures.eventualOwed);
  level('clients', 'Clients connected', figures.clients);
  level('journal_bytes', 'Bytes of the journal on the disk', figures.journalBytes);
  level('engine_bytes', 'Bytes of the storage engine on the disk', figures.engineBytes);
  level('memory_bytes', 'Resident memory of the process', figures.memoryBytes);
  level('uptime_seconds', 'Time since the peer started', self.uptimeMs / 1000);
}

function addCells(registry: Registry, { cells }: StatusReport): void {
  const gauge = (name: string, help: string): Gauge<'cell'> =>
    new Gauge({ name: `selfman_cell_${name}`, help, labelNames: ['cell'], registers: [registry] });
  const survives = gauge('survives_failures', 'Members that may fail now; below 0 the cell is unavailable');
  const epoch = gauge('epoch', 'Epoch of the configuration');
  const keys = gauge('keys', 'Keys, where this peer holds a copy');
  const bytes = gauge('bytes', 'Bytes of keys and values, where this peer holds a copy');
  for (const report of cells) {
    const labels = { cell: report.cell };
    survives.set(labels, report.survivesFailuresNow);
    epoch.set(labels, report.epoch);
    if (report.keys !== undefined) keys.set(labels, report.keys);
    if (report.bytes !== undefined) bytes.set(labels, report.bytes);
  }
  addCopies(registry, cells);
}

/** Of the copies that this peer holds. */
function addCopies(registry: Registry, cells: StatusReport['cells']): void {
  const all = Object.entries({ ...levelsOfCopies, ...countsOfCopies }) as [CopyFigure, string][];
  for (const [figure, help] of all) {
    const isCount = figure in countsOfCopies;
    const name = `selfman_copy_${figure.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}${isCount ? '_total' : ''}`;
    const options = { name, help, labelNames: ['cell'], registers: [registry] };
    const metric = isCount ? new Counter(options) : new Gauge(options);
    for (const { cell, copy } of cells) if (copy !== undefined) metric.inc({ cell }, copy[figure]);
  }
  const leads = new Gauge({
    name: 'selfman_copy_leads',
    help: 'Whether this copy leads its cell',
    labelNames: ['cell'],
    registers: [registry],
  });
  for (const { cell, copy } of cells) if (copy !== undefined) leads.set({ cell }, copy.role === 'leader' ? 1 : 0);
}
