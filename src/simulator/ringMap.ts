import type { Key } from '../base/index.ts';

/** What the map of the rings is made from: a peer, and whom it follows. */
export interface Follower {
  readonly name: string;
  readonly place: Key;
  readonly isUp: boolean;
  /** The place of its successor, if it has one. */
  readonly successor: Key | undefined;
  /** Places of others that it knows behind it, the nearest first. What a peer knew that is down is as it was last. */
  readonly behind: readonly Key[];
}

/** A peer that hangs beside a ring: no successor pointer of the ring leads to it. */
export interface Hanging {
  readonly name: string;
  /** Whom it follows; undefined where it lost whom it followed, and found nobody else yet. */
  readonly by: string | undefined;
  /** The peer of the ring that the branch hangs on. */
  readonly root: string;
  /** How many pointers lead to the root: 1 for whoever follows it itself. */
  readonly depth: number;
}

/** One ring: those who come to the same cycle by following successors. */
export interface MappedRing {
  /** In the order of their places. Those who are down stand where they stood last. */
  readonly names: readonly string[];
  readonly hanging: readonly Hanging[];
}

type Next = ReadonlyMap<Follower, Follower | undefined>;

/**
 * Finds out which ring each peer is in. A successor that is gone is passed over for the next one behind it, and whoever has nobody
 * behind it follows the next of those who come to it: a ring that is open for a moment is still one. Those who follow nobody,
 * and are followed by nobody, are in none.
 */
export function mapRings(followers: readonly Follower[]): readonly MappedRing[] {
  const living = followers.filter(({ isUp }) => isUp);
  const next = nextOf(living);
  const ends = new Map(living.map((one) => [one, endOf(one, next)]));
  const isFollowed = new Set(living.flatMap((one) => next.get(one) ?? []));
  const rings = new Map<Follower, Follower[]>();
  for (const one of living) {
    const end = ends.get(one)!;
    if (next.get(one) === undefined && !isFollowed.has(one)) continue;
    rings.set(end, [...(rings.get(end) ?? []), one]);
  }
  return [...rings.values()].map((ring) => mapped(ring, next, followers));
}

function nextOf(living: readonly Follower[]): Next {
  const byPlace = new Map(living.map((one) => [one.place, one]));
  const follow = (one: Follower): Follower | undefined => {
    const place = known(one).find((candidate) => byPlace.has(candidate));
    return place === undefined ? undefined : byPlace.get(place);
  };
  return new Map(living.map((one) => [one, follow(one)]));
}

/** Where following successors comes to: the same peer for all of one ring. */
function endOf(start: Follower, next: Next): Follower {
  const cycle = cycleFrom(start, next);
  return cycle.reduce((least, one) => (one.place < least.place ? one : least));
}

/** The cycle that following leads into; where it leads to an end, that alone. */
function cycleFrom(start: Follower, next: Next): readonly Follower[] {
  let one = start;
  for (let i = 0; i < next.size; i++) one = next.get(one) ?? one;
  const cycle = [one];
  for (let other = next.get(one); other !== undefined && other !== one; other = next.get(other)) cycle.push(other);
  return cycle;
}

function mapped(ring: readonly Follower[], open: Next, followers: readonly Follower[]): MappedRing {
  const order = [...ring].sort(byPlace);
  const closed = new Map(ring.map((one) => [one, open.get(one) ?? nextInOrder(one, order)]));
  const core = new Set(cycleFrom(order[0]!, closed));
  const places = new Set(ring.map(({ place }) => place));
  const isPlaced = new Set(followers.filter(({ isUp }) => isUp).map(({ place }) => place));
  const ghosts = followers.filter((one) => {
    const next = known(one).find((place) => isPlaced.has(place));
    return !one.isUp && next !== undefined && places.has(next);
  });
  return {
    names: [...ring, ...ghosts].sort(byPlace).map(({ name }) => name),
    hanging: order.filter((one) => !core.has(one)).map((one) => hangingOf(one, closed, core)),
  };
}

function hangingOf(one: Follower, next: Next, core: ReadonlySet<Follower>): Hanging {
  let [root, depth] = [next.get(one)!, 1];
  for (; !core.has(root); depth++) root = next.get(root)!;
  const { name, place } = next.get(one)!;
  return { name: one.name, by: place === one.successor ? name : undefined, root: root.name, depth };
}

function nextInOrder(one: Follower, order: readonly Follower[]): Follower {
  return order[(order.indexOf(one) + 1) % order.length]!;
}

function known({ successor, behind }: Follower): readonly Key[] {
  return successor === undefined ? behind : [successor, ...behind];
}

function byPlace(a: Follower, b: Follower): number {
  return a.place < b.place ? -1 : 1;
}
