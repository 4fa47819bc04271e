import type { Scene, WatchedPeer } from '../simulator/index.ts';
import { arrowHead, shape } from './element.ts';
import type { Message } from './playback.ts';

const radius = 105;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Draws the key space as a circle that begins at the top, the peers on it, and what travels between them. */
export function drawRing(svg: Element, scene: Scene, messages: readonly Message[], shownMs: number): void {
  const peers = scene.peers.filter(({ hasLeft }) => !hasLeft);
  const places = new Map(peers.map((peer, i) => [peer.name, placeOf(peer, i, peers.length)]));
  const parts = [shape('circle', { class: 'key-space', r: radius })];
  parts.push(...peers.flatMap((peer) => successorArrow(peer, places)));
  parts.push(...peers.flatMap((peer) => cutLines(peer, places)));
  parts.push(...messages.flatMap((message) => dot(message, places, shownMs)));
  parts.push(...peers.flatMap((peer) => seat(peer, places.get(peer.name)!)));
  svg.replaceChildren(arrowHead('head'), ...parts);
}

/** On the circle where its seat is; peers that nobody has heard of yet stand in a row in the middle. */
function placeOf({ place }: WatchedPeer, index: number, count: number): Place {
  if (place === undefined) return { x: (index - (count - 1) / 2) * 30, y: 0 };
  const angle = place * 2 * Math.PI - Math.PI / 2;
  return { x: Math.cos(angle) * radius, y: Math.sin(angle) * radius };
}

/** To the one that a peer takes for the next on the ring: along the outside of the circle, as far as their dots. */
function successorArrow(peer: WatchedPeer, places: ReadonlyMap<string, Place>): Element[] {
  const from = places.get(peer.name)!;
  const to = peer.isUp && peer.successor !== undefined ? places.get(peer.successor) : undefined;
  if (to === undefined) return [];
  const [start, end] = [Math.atan2(from.y, from.x) + 0.1, Math.atan2(to.y, to.x) - 0.12];
  const turn = (((end - start) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI);
  const [x1, y1] = [Math.cos(start) * radius, Math.sin(start) * radius];
  const [x2, y2] = [Math.cos(end) * radius, Math.sin(end) * radius];
  const d = `M${x1.toFixed(2)} ${y1.toFixed(2)}A${radius} ${radius} 0 ${turn > Math.PI ? 1 : 0} 1 ${x2.toFixed(2)} ${y2.toFixed(2)}`;
  return [shape('path', { class: 'successor', d, 'data-from': peer.name, 'data-to': peer.successor! })];
}

function cutLines(peer: WatchedPeer, places: ReadonlyMap<string, Place>): Element[] {
  const from = places.get(peer.name)!;
  return peer.cutFrom
    .filter((other) => other > peer.name && places.has(other))
    .map((other) => {
      const to = places.get(other)!;
      return shape('line', { class: 'cut', x1: from.x, y1: from.y, x2: to.x, y2: to.y });
    });
}

function dot(message: Message, places: ReadonlyMap<string, Place>, shownMs: number): Element[] {
  const [from, to] = [places.get(message.from), places.get(message.to)];
  if (from === undefined || to === undefined) return [];
  const way = Math.min(1, (shownMs - message.sentMs) / Math.max(0.001, message.heardMs - message.sentMs));
  const [x, y] = [from.x + (to.x - from.x) * way, from.y + (to.y - from.y) * way];
  const line = shape('line', { class: 'way', x1: from.x, y1: from.y, x2: x, y2: y });
  const head = shape('circle', { class: 'message', cx: x, cy: y, r: 3 });
  head.append(title(`${message.from} to ${message.to}: ${message.text}`));
  return [line, head];
}

function seat(peer: WatchedPeer, { x, y }: Place): Element[] {
  const tone = peer.isUp ? (peer.isStalled ? 'warn' : peer.role === 'leader' ? 'leader' : 'up') : 'bad';
  const made = shape('circle', { class: `seat ${tone}`, cx: x, cy: y, r: peer.role === 'leader' ? 12 : 9 });
  made.append(title(`${peer.name}: ${stateText(peer)}`));
  const name = shape('text', { x: x * 1.22, y: y * 1.22 + 5, 'text-anchor': 'middle' });
  name.textContent = peer.name;
  return [made, name];
}

/** What a peer does, in a few words. */
export function stateText(peer: WatchedPeer): string {
  if (peer.hasLeft) return 'has left';
  if (!peer.isUp) return 'down';
  const cut = peer.cutFrom.length > 0 ? `, cut from ${peer.cutFrom.join(', ')}` : '';
  if (peer.isStalled) return `stands still${cut}`;
  return `${{ leader: 'leads', member: 'member', none: 'no replica' }[peer.role]}${cut}`;
}

function title(text: string): Element {
  const made = shape('title', {});
  made.textContent = text;
  return made;
}
