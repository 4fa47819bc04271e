import type { MappedRing, RingScene } from '../simulator/index.ts';
import { markRadiusMax, markRadiusMin, orbitPxMax, orbitPxMin, orbitsMax, ringRadiusMax, shelfPx } from './limits.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where a ring is drawn, by the peer of it that is the oldest: so that it stays where it is while others come. */
export interface Circle extends Point {
  readonly key: string;
  readonly radius: number;
  /** How far those who hang on a branch stand outside, for each pointer to their root. */
  readonly orbitPx: number;
  readonly ring: MappedRing;
  /** Whether it stands on the shelf for what is too small to be given room. */
  readonly isSmall: boolean;
}

/** Where a peer is drawn. */
export interface Spot extends Point {
  /** The circle that it belongs to; undefined for who is in no ring. */
  readonly circle: Circle | undefined;
  /** How far outside the circle: 0 on it. Those who hang on a branch stand outside. */
  readonly orbit: number;
}

export interface Layout {
  readonly circles: readonly Circle[];
  readonly spots: ReadonlyMap<string, Spot>;
  readonly markRadius: number;
}

/** Gives each ring a circle, each peer its place on it in the order of the keys, and those who hang on a branch a place outside. */
export function layOut({ peers, rings }: RingScene, width: number, height: number): Layout {
  const ages = new Map(peers.map(({ name }, age) => [name, age]));
  const oldest = ({ names }: MappedRing): string =>
    names.reduce((found, name) => (ages.get(name)! < ages.get(found)! ? name : found));
  const largest = Math.max(0, ...rings.map(({ names }) => names.length));
  const isSmall = ({ names }: MappedRing): boolean => names.length <= 2 && largest >= 6;
  const [small, big] = [rings.filter(isSmall), rings.filter((ring) => !isSmall(ring))];
  const homeless = peers.filter(({ name }) => !rings.some(({ names }) => names.includes(name)));
  const shelved = small.length + homeless.length;
  const room = { width, height: shelved > 0 ? height - shelfPx : height };
  const slots = Array.from({ length: shelved }, (_, i) => ({
    x: width * ((i + 0.5) / shelved),
    y: height - shelfPx / 2,
  }));
  const smallPx = Math.min(14, width / (shelved * 3));
  const circles = [
    ...big.map((ring, i) => ({ key: oldest(ring), ring, isSmall: false, ...cell(i, big, room) })),
    ...small.map((ring, i) => ({ key: oldest(ring), ring, isSmall: true, ...slots[i]!, radius: smallPx, orbitPx: 8 })),
  ];
  const spots = new Map<string, Spot>();
  for (const circle of circles) for (const [name, spot] of spotsOf(circle)) spots.set(name, spot);
  for (const [i, { name }] of homeless.entries()) {
    spots.set(name, { ...slots[small.length + i]!, circle: undefined, orbit: 0 });
  }
  return { circles, spots, markRadius: markRadiusOf(circles) };
}

interface Room {
  readonly width: number;
  readonly height: number;
}

/** One of so many cells of the same size, in as many columns as make them largest. */
function cell(
  index: number,
  rings: readonly MappedRing[],
  { width, height }: Room,
): Point & Pick<Circle, 'radius' | 'orbitPx'> {
  const count = rings.length;
  const sizeIn = (columns: number): number => Math.min(width / columns, height / Math.ceil(count / columns));
  let columns = 1;
  for (let i = 2; i <= count; i++) if (sizeIn(i) > sizeIn(columns)) columns = i;
  const rows = Math.ceil(count / columns);
  const x = (width / columns) * ((index % columns) + 0.5);
  const y = (height / rows) * (Math.floor(index / columns) + 0.5);
  const orbits = Math.max(0, ...rings[index]!.hanging.map(orbitOf));
  const size = sizeIn(columns);
  const orbitPx = Math.min(orbitPxMax, Math.max(orbitPxMin, size / 20));
  const margin = orbits === 0 ? 18 : orbits * orbitPx + 26;
  return { x, y, orbitPx, radius: Math.min(ringRadiusMax, Math.max(20, size / 2 - margin)) };
}

function orbitOf({ depth }: { readonly depth: number }): number {
  return Math.min(depth, orbitsMax);
}

function spotsOf(circle: Circle): (readonly [string, Spot])[] {
  const { names, hanging } = circle.ring;
  const orbits = new Map(hanging.map((one) => [one.name, orbitOf(one)]));
  return names.map((name, i) => {
    const orbit = orbits.get(name) ?? 0;
    const distance = circle.radius + orbit * circle.orbitPx;
    const angle = (i / names.length) * 2 * Math.PI - Math.PI / 2;
    const [x, y] = [circle.x + Math.cos(angle) * distance, circle.y + Math.sin(angle) * distance];
    return [name, { x, y, circle, orbit }];
  });
}

/** As large as those who stand closest leave room for. */
function markRadiusOf(circles: readonly Circle[]): number {
  const gaps = circles
    .filter(({ isSmall }) => !isSmall)
    .map(({ radius, ring }) => (2 * Math.PI * radius) / ring.names.length);
  return Math.max(markRadiusMin, Math.min(markRadiusMax, ...gaps.map((gap) => gap * 0.3)));
}
