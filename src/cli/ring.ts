import type { CellReport, PeerReport, StatusReport } from '../api/index.ts';
import { candidates, firstAnswer } from './ask.ts';
import { Exit } from './exit.ts';
import { unreachable } from './status.ts';
import { table } from './words.ts';

interface RingFlags {
  readonly watch?: boolean;
  readonly http?: string;
  readonly data: string;
}

/** How often the ring is drawn anew, while it is watched. */
const watchEveryMs = 1_000;
/** A seat's place is shown by so many digits: neighbours differ in the first. */
const placeDigits = 8;
const barLength = 24;
const clearScreen = '\x1b[2J\x1b[H';

/** Prints the ring as one peer sees it, once, or again and again until it is interrupted. */
export async function ring(flags: RingFlags): Promise<void> {
  const urls = candidates(flags.http, flags.data);
  for (;;) {
    const response = await firstAnswer(urls, '/status');
    if (response === undefined && !flags.watch) throw new Exit(3, unreachable(urls, flags.data));
    const text =
      response === undefined ? unreachable(urls, flags.data) : describe((await response.json()) as StatusReport);
    console.log(flags.watch && process.stdout.isTTY ? `${clearScreen}${text}` : text);
    if (!flags.watch) return;
    await new Promise((resolve) => setTimeout(resolve, watchEveryMs));
  }
}

function describe(report: StatusReport): string {
  const { peers, cells, self } = report;
  if (report.systemId === '') return `Peer ${self.name} belongs to no system yet.`;
  const seats = peers.filter(({ status }) => status !== 'left').sort((a, b) => (a.seat < b.seat ? -1 : 1));
  const present = seats.filter(({ status }) => status !== 'dead');
  const rows = seats.map((peer) => {
    const share = shareOf(peer, present);
    const duties = cells.flatMap((cell) => dutyOf(peer, cell));
    return [peer.seat.slice(0, placeDigits), peer.name, peer.status, bar(share), percent(share), duties.join(', ')];
  });
  const head = `system ${report.systemId}, as peer ${self.name} sees it: ${present.length} seats, in the order of the ring`;
  return `${head}\n\n${table(['PLACE', 'PEER', 'STATE', 'SHARE OF THE RING', '', 'CELLS'], rows)}`;
}

/** The part of the key space between the seat before a peer's and its own; none where it is dead. */
function shareOf(peer: PeerReport, present: readonly PeerReport[]): number {
  const at = present.indexOf(peer);
  if (at < 0) return 0;
  if (present.length === 1) return 1;
  const gap = fractionOf(peer.seat) - fractionOf(present.at(at - 1)!.seat);
  return gap > 0 ? gap : gap + 1;
}

/** Places are hexadecimal digits of a fraction of the key space. */
function fractionOf(seat: string): number {
  const digits = seat.slice(0, 12);
  return Number.parseInt(digits, 16) / 16 ** digits.length;
}

function dutyOf({ name }: PeerReport, { cell, leader, members }: CellReport): string[] {
  if (leader === name) return [`leads ${cell}`];
  return members.includes(name) ? [`member of ${cell}`] : [];
}

function bar(share: number): string {
  return '#'.repeat(Math.round(share * barLength)).padEnd(barLength, '.');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
