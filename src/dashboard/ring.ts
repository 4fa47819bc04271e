import type { PeerReport, StatusReport } from '../api/index.ts';

const radius = 82;
const namespace = 'http://www.w3.org/2000/svg';

/** Draws the key space as a circle that begins at the top, and each seat where it stands on it. */
export function drawRing(svg: Element, report: StatusReport): void {
  const circle = shape('circle', { class: 'key-space', r: radius });
  const seats = report.peers.filter(({ status }) => status !== 'left').flatMap((peer) => seatOf(peer, report));
  const middle = label(0, 4, `${report.cells.length} cell${report.cells.length === 1 ? '' : 's'}`, 'soft', 'middle');
  svg.replaceChildren(circle, ...seats, middle);
}

function seatOf(peer: PeerReport, report: StatusReport): Element[] {
  const angle = fractionOf(peer.seat) * 2 * Math.PI - Math.PI / 2;
  const [x, y] = [Math.cos(angle), Math.sin(angle)];
  const tone = peer.status === 'alive' ? '' : peer.status === 'dead' ? ' bad' : ' warn';
  const leads = report.cells.some(({ leader }) => leader === peer.name);
  const seat = shape('circle', { class: `seat${tone}`, cx: x * radius, cy: y * radius, r: leads ? 9 : 6 });
  const title = document.createElementNS(namespace, 'title');
  title.textContent = `${peer.name}: ${peer.status}${leads ? ', leads a cell' : ''}`;
  seat.append(title);
  const anchor = x > 0.2 ? 'start' : x < -0.2 ? 'end' : 'middle';
  const text = leads ? `${peer.name} (leader)` : peer.name;
  return [seat, label(x * (radius + 16), y * (radius + 18) + 4, text, '', anchor)];
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
