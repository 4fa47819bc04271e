import type { PeerReport, StatusReport } from '../api/index.ts';
import { spaced } from './names.ts';

const radius = 82;
/** Between two names below each other, and how far up and down they may stand, in units of the picture. */
const lineHeight = 13;
const namesTo = 122;
const namespace = 'http://www.w3.org/2000/svg';

/** A seat on the circle, and the name beside it. */
interface Seat {
  readonly peer: PeerReport;
  readonly isLeading: boolean;
  /** Its direction from the middle. */
  readonly x: number;
  readonly y: number;
}

/** Draws the key space as a circle that begins at the top, and each seat where it stands on it. */
export function drawRing(svg: Element, report: StatusReport): void {
  const circle = shape('circle', { class: 'key-space', r: radius });
  const seats = report.peers.filter(({ status }) => status !== 'left').map((peer) => seatOf(peer, report));
  const names = [...namesOf(seats.filter(({ x }) => x >= 0)), ...namesOf(seats.filter(({ x }) => x < 0))];
  const middle = label(0, 4, `${report.cells.length} cell${report.cells.length === 1 ? '' : 's'}`, 'soft', 'middle');
  svg.replaceChildren(circle, ...seats.map(markOf), ...names, middle);
}

function seatOf(peer: PeerReport, { cells }: StatusReport): Seat {
  const angle = fractionOf(peer.seat) * 2 * Math.PI - Math.PI / 2;
  const isLeading = cells.some(({ leader }) => leader === peer.name);
  return { peer, isLeading, x: Math.cos(angle), y: Math.sin(angle) };
}

function markOf({ peer, isLeading, x, y }: Seat): Element {
  const tone = peer.status === 'alive' ? '' : peer.status === 'dead' ? ' bad' : ' warn';
  const mark = shape('circle', { class: `seat${tone}`, cx: x * radius, cy: y * radius, r: isLeading ? 9 : 6 });
  const title = document.createElementNS(namespace, 'title');
  title.textContent = `${peer.name}: ${peer.status}${isLeading ? ', leads a cell' : ''}`;
  mark.append(title);
  return mark;
}

/** The names of the seats of one half, each beside its own, and below the one before where both would stand in one place. */
function namesOf(seats: readonly Seat[]): Element[] {
  const inOrder = [...seats].sort((a, b) => a.y - b.y);
  const wanted = inOrder.map(({ y }) => y * (radius + 18) + 4);
  const heights = spaced(wanted, lineHeight, -namesTo, namesTo);
  return inOrder.map(({ peer, isLeading, x }, i) => {
    const text = isLeading ? `${peer.name} (leader)` : peer.name;
    return label(x * (radius + 16), heights[i]!, text, '', x >= 0 ? 'start' : 'end');
  });
}

/** Where a seat lies between the lowest and the highest key: its first digits read as a fraction. */
function fractionOf(seat: string): number {
  const digits = seat.slice(0, 8).padEnd(8, '0');
  return Number.parseInt(digits, 16) / 0x1_0000_0000;
}

function label(x: number, y: number, text: string, className: string, anchor: string): Element {
  const made = shape('text', { x, y, class: className, 'text-anchor': anchor });
  made.textContent = text;
  return made;
}

function shape(name: string, attributes: Readonly<Record<string, string | number>>): Element {
  const made = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
