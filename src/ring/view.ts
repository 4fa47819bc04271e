import type { Key } from '../base/index.ts';
import type { Address } from '../world/index.ts';
import { type Contact, isBetween } from './contact.ts';
import { digestBuckets, leftMax, quietMs } from './limits.ts';

/** All peers that one peer knows of, in the order of their places; and who left lately, so that nobody brings them back. */
export class View {
  readonly #self: Contact;
  readonly #ids: Key[];
  readonly #addresses = new Map<Key, Address>();
  readonly #left = new Set<Key>();
  readonly #nowMs: () => number;
  /** When a part of the view changed last. */
  readonly #changedMs = new Map<number, number>();

  constructor(self: Contact, nowMs: () => number) {
    this.#self = self;
    this.#nowMs = nowMs;
    this.#ids = [self.id];
    this.#addresses.set(self.id, self.address);
  }

  get size(): number {
    return this.#ids.length;
  }

  get left(): Iterable<Key> {
    return this.#left;
  }

  has(id: Key): boolean {
    return this.#addresses.has(id);
  }

  hasLeft(id: Key): boolean {
    return this.#left.has(id);
  }

  /** False where it is known. */
  add({ id, address }: Contact): boolean {
    this.#left.delete(id);
    const isNew = !this.#addresses.has(id);
    this.#addresses.set(id, address);
    if (!isNew) return false;
    this.#ids.splice(this.#indexFrom(id), 0, id);
    this.#changedMs.set(bucketOf(id), this.#nowMs());
    return true;
  }

  /** False where it is not known. */
  remove(id: Key): boolean {
    if (id === this.#self.id || !this.#addresses.delete(id)) return false;
    this.#ids.splice(this.#indexFrom(id), 1);
    this.#changedMs.set(bucketOf(id), this.#nowMs());
    return true;
  }

  /** The same, and remembers it: nobody's older knowledge brings it back. */
  bury(id: Key): boolean {
    if (id === this.#self.id) return false;
    this.#left.delete(id);
    this.#left.add(id);
    if (this.#left.size > leftMax) this.#left.delete(this.#left.values().next().value!);
    return this.remove(id);
  }

  clear(): void {
    this.#ids.splice(0, this.#ids.length, this.#self.id);
    this.#addresses.clear();
    this.#addresses.set(this.#self.id, this.#self.address);
    this.#left.clear();
  }

  /** The first peer at or behind a key. */
  holderOf(key: Key): Contact {
    return this.#at(this.#indexFrom(key));
  }

  /** The peer that stands so many places behind this one. */
  behind(places: number): Contact {
    return this.#at(this.#indexFrom(this.#self.id) + places);
  }

  /** Those behind this peer up to a place, the nearest first: not more than `max` of them. */
  stretch(upTo: Key, max: number): readonly Contact[] {
    const own = this.#indexFrom(this.#self.id);
    const found: Contact[] = [];
    for (let i = 1; i < this.#ids.length && found.length < max; i++) {
      const one = this.#at(own + i);
      if (isBetween(upTo, one.id, this.#self.id)) break;
      found.push(one);
    }
    return found;
  }

  /**
   * Everybody, in parts that two views can be compared by: a number for each part, and 0 for one that changed lately. News of it
   * may still be on the way to others, and would look like a difference.
   */
  digests(): readonly number[] {
    const sums = new Array<number>(digestBuckets).fill(0);
    for (const id of this.#ids) sums[bucketOf(id)]! ^= hashOf(id);
    const sinceMs = this.#nowMs() - quietMs;
    return sums.map((sum, i) => ((this.#changedMs.get(i) ?? Number.NEGATIVE_INFINITY) > sinceMs ? 0 : (sum | 1) >>> 0));
  }

  /** Those of some of these parts. */
  inBuckets(buckets: ReadonlySet<number>): readonly Contact[] {
    return this.#ids.filter((id) => buckets.has(bucketOf(id))).map((id) => ({ id, address: this.#addresses.get(id)! }));
  }

  #at(index: number): Contact {
    const id = this.#ids[index % this.#ids.length]!;
    return { id, address: this.#addresses.get(id)! };
  }

  #indexFrom(key: Key): number {
    let [low, high] = [0, this.#ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ids[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function bucketOf(id: Key): number {
  return hashOf(id) % digestBuckets;
}

/** FNV-1a. */
function hashOf(id: Key): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
