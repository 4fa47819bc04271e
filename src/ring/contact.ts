import { type Infer, type Key, key, record, text } from '../base/index.ts';

/** A peer on the ring: its place, which no two share, and where it listens. */
export const contact = record({ id: key, address: text });
export type Contact = Infer<typeof contact>;

/** Whether `x` lies clockwise between `a` and `b`, neither of them included; where they are one, everything else does. */
export function isBetween(a: Key, x: Key, b: Key): boolean {
  if (a < b) return a < x && x < b;
  return x !== a && x !== b && (x > a || x < b);
}

/** Whether `x` lies in (a, b]: what the peer at `b` holds, whose predecessor is at `a`. */
export function isWithin(a: Key, x: Key, b: Key): boolean {
  return x === b || isBetween(a, x, b);
}

/** The first at or behind `x`, clockwise; undefined where there is none at all. */
export function firstFrom(contacts: Iterable<Contact>, x: Key): Contact | undefined {
  let best: Contact | undefined;
  for (const one of contacts) {
    if (best === undefined || (one.id === x && best.id !== x) || isBetween(x, one.id, best.id)) best = one;
    if (best.id === x) return best;
  }
  return best;
}
