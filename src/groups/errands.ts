import type { Key } from '../base/index.ts';
import { type Contact, isBetween, type Surroundings } from '../ring/index.ts';
import { arc, common, type KeySet, noKeys, without } from './keySet.ts';

/**
 * Keys whose holders are to hear a message, and the stretch of the ring where they are to be sought: ahead of a peer up to
 * `limit`; at its own place, and at the places right before it that others pass over, where there is no limit.
 */
export interface Area {
  readonly keys: KeySet;
  readonly limit: Key | undefined;
  /** Whether who stands at the limit hears of it from somebody else. */
  readonly isLimitTold: boolean;
}

/** What one peer is asked to see to. */
export interface Errand extends Area {
  readonly to: Contact;
}

/** The keys that a peer holds. */
export function heldBy({ place: { self, predecessor } }: Surroundings): KeySet {
  return predecessor === undefined ? noKeys : arc(predecessor.id, self.id);
}

/**
 * Parts what lies ahead of a peer among those that it knows, the farthest first, as the broadcast and the bulk operation of DKS
 * do (Ghodsi 2006): each gets the stretch up to the next farther one, so that no peer hears of it twice (GROUP-2). Whoever
 * hears of it at all gets the keys right before its place too, because it may hold them; then whoever is nearer is told that
 * this limit was seen to.
 */
export function errandsOf(surroundings: Surroundings, area: Area): readonly Errand[] {
  const back = errandsBack(surroundings, area);
  return area.limit === undefined ? back : [...errandsAhead(surroundings, area, area.limit), ...back];
}

function errandsAhead(surroundings: Surroundings, area: Area, end: Key): readonly Errand[] {
  const { self } = surroundings.place;
  const known = between(surroundings, end);
  const ahead = without(common(area.keys, arc(self.id, end)), heldBy(surroundings));
  const errands: Errand[] = [];
  let { isLimitTold } = area;
  let limit = end;
  for (let i = known.length - 1; i >= 0; i--) {
    const to = known[i]!;
    const before = known[i - 1] ?? self;
    const beyond = common(ahead, arc(to.id, limit));
    const isAsked = isLimitTold ? without(beyond, [keyOnly(limit)]).length > 0 : beyond.length > 0;
    const isHolder = common(ahead, [keyOnly(to.id)]).length > 0;
    const isTold = isAsked || isHolder;
    if (isTold) errands.push({ to, keys: common(ahead, arc(before.id, limit)), limit, isLimitTold });
    limit = to.id;
    isLimitTold = isTold;
  }
  return isLimitTold ? errands : [...errands, ...lastErrand(surroundings, common(ahead, arc(self.id, limit)))];
}

/** The keys right behind this peer are held by its successor, which nobody has told yet. */
function lastErrand({ place: { self, successor } }: Surroundings, keys: KeySet): readonly Errand[] {
  if (keys.length === 0 || successor === undefined || successor.id === self.id) return [];
  return [toItselfAlone(successor, keys)];
}

/**
 * Those on the branch of this peer take it for their successor, and so pass over whoever stands between: each of these hears
 * from here about the keys right before its place. Where this peer was asked as the last one the predecessor does too.
 */
function errandsBack(surroundings: Surroundings, { keys, limit }: Area): readonly Errand[] {
  const { place, branch } = surroundings;
  const { self, predecessor } = place;
  if (predecessor === undefined || (branch.length === 0 && limit !== undefined)) return [];
  const hanging = [...branch, predecessor].sort((a, b) => (isBetween(self.id, a.id, b.id) ? -1 : 1));
  const before = limit === undefined || limit === self.id ? keys : common(keys, arc(limit, self.id));
  const behind = without(before, heldBy(surroundings));
  return hanging.flatMap((to, i) => {
    const former = i > 0 ? hanging[i - 1] : limit === undefined ? self : to;
    const held = former === to ? noKeys : common(behind, arc(former!.id, to.id));
    return held.length === 0 ? [] : [toItselfAlone(to, held)];
  });
}

/** An errand that ends where it is sent: whatever lies beyond is seen to. */
function toItselfAlone(to: Contact, keys: KeySet): Errand {
  return { to, keys, limit: undefined, isLimitTold: true };
}

/** Whom a peer knows between itself and a limit, the nearest first. */
function between({ place: { self }, successors, pointers }: Surroundings, limit: Key): readonly Contact[] {
  const known = new Map<Key, Contact>();
  for (const one of [...successors, ...pointers]) if (isBetween(self.id, one.id, limit)) known.set(one.id, one);
  return [...known.values()].sort((a, b) => (isBetween(self.id, a.id, b.id) ? -1 : 1));
}

function keyOnly(key: Key) {
  return { from: key, to: `${key}\0` };
}
