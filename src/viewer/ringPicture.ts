import type { RingPeerScene, RingScene } from '../simulator/index.ts';
import { Easing } from './easing.ts';
import { arrowHead, shape } from './element.ts';
import { fitting, type Label, reach } from './labels.ts';
import { headedPx, pointerPx } from './limits.ts';
import { drawMark, markOf } from './phaseMark.ts';
import type { Message } from './playback.ts';
import { peersText } from './ringFigures.ts';
import { type Circle, type Layout, layOut, type Point, type Spot } from './ringLayout.ts';

/** Whom whoever looks at the picture looks at. */
export interface Attention {
  readonly selected: string | undefined;
  readonly hovered: string | undefined;
}

/** What is drawn: where everything is now, on its way to where it is to be. */
interface Sheet {
  readonly scene: RingScene;
  readonly layout: Layout;
  readonly places: ReadonlyMap<string, Point>;
  readonly attention: Attention;
}

/** Draws every ring as a circle, each peer on it in the order of the keys, and those on branches outside, with the line that they hang by. */
export class RingPicture {
  readonly #svg: Element;
  readonly #easing = new Easing();
  readonly #doesEase = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  #places: ReadonlyMap<string, Point> = new Map();
  #drawnMs = performance.now();

  constructor(svg: Element) {
    this.#svg = svg;
  }

  /** The peer at a point of the page; undefined where none is near. */
  peerAt(clientX: number, clientY: number): string | undefined {
    const { left, top } = this.#svg.getBoundingClientRect();
    let [nearest, leastPx]: [string | undefined, number] = [undefined, pointerPx];
    for (const [name, { x, y }] of this.#places) {
      const px = Math.hypot(x + left - clientX, y + top - clientY);
      if (!isPeer(name) || px >= leastPx) continue;
      [nearest, leastPx] = [name, px];
    }
    return nearest;
  }

  /** Where a peer is drawn, in pixels of the picture. */
  placeOf(name: string): Point | undefined {
    return this.#places.get(name);
  }

  /** Draws a moment. True where something is still on its way to its place in the picture. */
  draw(scene: RingScene, messages: readonly Message[], shownMs: number, attention: Attention): boolean {
    const { clientWidth: width, clientHeight: height } = this.#svg;
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const layout = layOut(scene, width, height);
    const nowMs = performance.now();
    const passedMs = this.#doesEase ? nowMs - this.#drawnMs : Number.POSITIVE_INFINITY;
    this.#drawnMs = nowMs;
    this.#places = this.#easing.toward(goalsOf(layout), passedMs);
    const sheet = { scene, layout, places: this.#places, attention };
    this.#svg.replaceChildren(
      arrowHead('head'),
      arrowHead('hanging-head'),
      ...layout.circles.flatMap((circle) => drawCircle(circle, sheet)),
      ...scene.peers.flatMap((peer) => successorLine(peer, sheet)),
      ...scene.peers.filter(({ name }) => name === focusOf(attention)).flatMap((peer) => barriers(peer, sheet)),
      ...messages.flatMap((message) => drawMessage(message, this.#places, shownMs)),
      ...scene.peers.map((peer) => drawPeer(peer, sheet)),
      ...drawNames(sheet),
    );
    return this.#easing.isMoving;
  }
}

function focusOf({ hovered, selected }: Attention): string | undefined {
  return hovered ?? selected;
}

/** What moves: peers by their names, the middle of each circle, and how large it is. */
function goalsOf({ circles, spots }: Layout): ReadonlyMap<string, Point> {
  const middles = circles.flatMap(({ key, x, y, radius }): [string, Point][] => [
    [middleOf(key), { x, y }],
    [radiusOf(key), { x: radius, y: 0 }],
  ]);
  return new Map([...spots, ...middles]);
}

const middleOf = (key: string): string => `middle of ${key}`;
const radiusOf = (key: string): string => `radius of ${key}`;
const isPeer = (name: string): boolean => !name.includes(' ');

function drawCircle({ key, ring, isSmall }: Circle, { scene, places, layout }: Sheet): Element[] {
  const middle = places.get(middleOf(key))!;
  const line = shape('circle', { class: 'key-space', cx: middle.x, cy: middle.y, r: places.get(radiusOf(key))!.x });
  if (isSmall) return [line];
  const big = layout.circles.filter((circle) => !circle.isSmall);
  const number = scene.rings.indexOf(ring) + 1;
  const running = scene.peers.filter(({ name, isUp }) => isUp && ring.names.includes(name)).length;
  const title = big.length === layout.circles.length && big.length === 1 ? 'one ring' : `ring ${number}`;
  return [
    line,
    words(title, 'ring-title', middle.x, middle.y - 4),
    words(peersText(running), 'ring-size', middle.x, middle.y + 13),
  ];
}

/** To the one that a peer follows: along its circle, or from its branch as the line that it hangs by. */
function successorLine({ name, isUp, successor }: RingPeerScene, sheet: Sheet): Element[] {
  const { layout, places } = sheet;
  const [spot, goal] = [layout.spots.get(name), successor === undefined ? undefined : layout.spots.get(successor)];
  const isThere = sheet.scene.peers.some((peer) => peer.name === successor && peer.isUp);
  if (!isUp || !isThere || name === successor || !spot?.circle || !goal) return [];
  const [from, to] = [places.get(name)!, places.get(successor!)!];
  const attributes = { 'data-from': name, 'data-to': successor! };
  if (spot.orbit > 0) return [hangingLine(from, to, layout.markRadius, attributes)];
  const { d, lengthPx } = arc(from, to, places.get(middleOf(spot.circle.key))!, layout.markRadius);
  return [shape('path', { class: lengthPx < headedPx ? 'successor short' : 'successor', d, ...attributes })];
}

function hangingLine(from: Point, to: Point, radius: number, attributes: Readonly<Record<string, string>>): Element {
  const length = Math.max(1, Math.hypot(to.x - from.x, to.y - from.y));
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const [x1, y1] = [from.x + dx * radius, from.y + dy * radius];
  const [x2, y2] = [to.x - dx * (radius + 3), to.y - dy * (radius + 3)];
  return shape('line', { class: 'hangs', x1, y1, x2, y2, ...attributes });
}

/** Clockwise from one point to another, as far as the marks that stand there. */
function arc(
  from: Point,
  to: Point,
  middle: Point,
  markRadius: number,
): { readonly d: string; readonly lengthPx: number } {
  const radius = Math.max(1, Math.hypot(from.x - middle.x, from.y - middle.y));
  const start = Math.atan2(from.y - middle.y, from.x - middle.x) + (markRadius * 1.1) / radius;
  const end = Math.atan2(to.y - middle.y, to.x - middle.x) - (markRadius * 1.1 + 2) / radius;
  const turn = (((end - start) % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI);
  const at = (angle: number): string =>
    `${(middle.x + Math.cos(angle) * radius).toFixed(2)} ${(middle.y + Math.sin(angle) * radius).toFixed(2)}`;
  const r = radius.toFixed(2);
  return { d: `M${at(start)}A${r} ${r} 0 ${turn > Math.PI ? 1 : 0} 1 ${at(end)}`, lengthPx: turn * radius };
}

/** Lines to those whom a peer is cut off from, and to those whom it can never talk to. */
function barriers({ name, cutFrom, apart }: RingPeerScene, { places }: Sheet): Element[] {
  const lines = (others: readonly string[], kind: string): Element[] =>
    others.flatMap((other) => {
      const [from, to] = [places.get(name), places.get(other)];
      if (from === undefined || to === undefined) return [];
      return [shape('line', { class: kind, x1: from.x, y1: from.y, x2: to.x, y2: to.y, 'data-to': other })];
    });
  return [...lines(apart, 'apart'), ...lines(cutFrom, 'cut')];
}

function drawMessage(message: Message, places: ReadonlyMap<string, Point>, shownMs: number): Element[] {
  const [from, to] = [places.get(message.from), places.get(message.to)];
  if (from === undefined || to === undefined) return [];
  const way = Math.min(1, (shownMs - message.sentMs) / Math.max(0.001, message.heardMs - message.sentMs));
  const [x, y] = [from.x + (to.x - from.x) * way, from.y + (to.y - from.y) * way];
  return [
    shape('line', { class: 'way', x1: from.x, y1: from.y, x2: x, y2: y }),
    shape('circle', { class: 'message', cx: x, cy: y, r: 2.5 }),
  ];
}

function drawPeer(peer: RingPeerScene, { scene, layout, places, attention }: Sheet): Element {
  const { x, y } = places.get(peer.name)!;
  const { markRadius } = layout;
  const mark = markOf(peer);
  const group = shape('g', { class: 'peer', 'data-peer': peer.name, 'data-mark': mark });
  group.setAttribute('data-orbit', String(layout.spots.get(peer.name)!.orbit));
  if (peer.name === attention.selected) {
    group.append(shape('circle', { class: 'selected', cx: x, cy: y, r: markRadius * 1.7 + 2 }));
  }
  // Where one is cut off from all others, each of them is cut from one: the ring around it says who it is.
  const isCutOff = peer.cutFrom.length * 2 >= scene.peers.length;
  if (peer.isStalled || isCutOff) {
    const kind = peer.isStalled ? 'halo stalled' : 'halo cut-off';
    group.append(shape('circle', { class: kind, cx: x, cy: y, r: markRadius * 1.4 + 2.5 }));
  }
  group.append(...drawMark(mark, x, y, markRadius));
  return group;
}

/** Names inside the circle, or outside for those that hang there: as many as there is room for. */
function drawNames({ scene, layout, places, attention }: Sheet): Element[] {
  const isWanted = (name: string): boolean => name === attention.selected || name === attention.hovered;
  const labels = scene.peers.map(({ name, phase }) => ({
    name,
    isWanted: isWanted(name),
    ...besideMark(name, layout.spots.get(name)!, places, layout.markRadius),
    isTelling: phase !== 'solid',
  }));
  // Where names are left out, those of peers that stand firmly are the least missed.
  labels.sort((a, b) => Number(b.isTelling) - Number(a.isTelling));
  const spots = scene.peers.map(({ name }) => places.get(name)!);
  return fitting(labels, spots, layout.markRadius).map(({ name, x, y, isWanted: wanted }: Label) =>
    words(name, wanted ? 'name wanted' : 'name', x, y + 4),
  );
}

function besideMark(name: string, spot: Spot, places: ReadonlyMap<string, Point>, markRadius: number): Point {
  const { x, y } = places.get(name)!;
  if (spot.circle === undefined || spot.circle.isSmall) return { x, y: y + markRadius * 1.7 + 12 };
  const middle = places.get(middleOf(spot.circle.key))!;
  const distance = Math.max(1, Math.hypot(x - middle.x, y - middle.y));
  const out = { x: (x - middle.x) / distance, y: (y - middle.y) / distance };
  const away = (markRadius * 1.3 + 4 + reach(name, out)) * (spot.orbit > 0 ? 1 : -1);
  return { x: x + out.x * away, y: y + out.y * away };
}

function words(text: string, name: string, x: number, y: number): Element {
  const made = shape('text', { class: name, x: x.toFixed(1), y: y.toFixed(1), 'text-anchor': 'middle' });
  made.textContent = text;
  return made;
}
