import type { StatusReport } from '../api/index.ts';
import { candidates, firstAnswer } from './ask.ts';
import { Exit } from './exit.ts';
import { size, survival, table } from './words.ts';

interface StatusFlags {
  readonly json?: boolean;
  readonly http?: string;
  readonly data: string;
}

/** Prints the system as one peer sees it. */
export async function status(flags: StatusFlags): Promise<void> {
  const urls = candidates(flags.http, flags.data);
  const response = await firstAnswer(urls, '/status');
  if (response === undefined) throw new Exit(3, unreachable(urls, flags.data));
  const report = (await response.json()) as StatusReport;
  console.log(flags.json ? JSON.stringify(report, undefined, 2) : describe(report));
}

export function unreachable(urls: readonly string[], data: string): string {
  return urls.length === 0
    ? `No peer was found in ${data}: name one with --http URL, or start a system with npm start.`
    : `No peer answers at ${urls.join(' or ')}: start one, or name another with --http URL.`;
}

function describe(report: StatusReport): string {
  const { self } = report;
  const system = report.systemId === '' ? 'no system yet' : `system ${report.systemId}`;
  const parts = [`${system}, as peer ${self.name} sees it; survives now: ${survival(report.cells)}`];
  if (self.isInsecure) parts.push('Insecure: this peer listens beyond its machine without TLS and passwords.');
  parts.push(...report.troubles);
  const { eventualLost } = report.figures;
  if (eventualLost > 0)
    parts.push(`Lost since this peer started: ${eventualLost} eventual writes that had been answered.`);
  parts.push('', peersTable(report), '', cellsTable(report), '');
  for (const { cell, warnings } of report.cells) parts.push(...warnings.map((text) => `Cell ${cell}: ${text}.`));
  parts.push(`A member that is dead for ${self.memberDeadMs / 1000} s is replaced.`);
  return parts.join('\n');
}

function peersTable({ peers }: StatusReport): string {
  const rows = peers.map(({ name, program, status, zone, host, address, redis, http, seat }) => {
    return [name, program, status, zone === '' ? '-' : zone, host === '' ? '-' : host, address, redis, http, seat];
  });
  return table(['PEER', 'PROGRAM', 'STATE', 'ZONE', 'HOST', 'PEERS AT', 'REDIS', 'HTTP', 'SEAT'], rows);
}

function cellsTable({ cells }: StatusReport): string {
  const rows = cells.map((cell) => [
    cell.cell,
    `${cell.from === '' ? 'lowest' : cell.from} .. ${cell.to ?? 'highest'}`,
    String(cell.epoch),
    cell.leader === '' ? 'none' : cell.leader,
    `${cell.members.length} of ${cell.replicas}`,
    cell.members.join(' ') + (cell.learners.length === 0 ? '' : ` (copies: ${cell.learners.join(' ')})`),
    survival([cell]),
    cell.keys === undefined ? 'not here' : `${cell.keys}, ${size(cell.bytes ?? 0)}`,
    cell.repairs.length === 0 ? 'nothing' : cell.repairs.join('; '),
  ]);
  return table(
    ['CELL', 'RANGE', 'EPOCH', 'LEADER', 'COPIES', 'MEMBERS', 'SURVIVES', 'KEYS, SIZE', 'BEING REPAIRED'],
    rows,
  );
}
