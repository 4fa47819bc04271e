import { hashOf, mix } from './hash.ts';
import { observersMax } from './limits.ts';
import type { PeerInfo } from './membership.ts';
import type { PeerTable } from './peerTable.ts';

/** Who watches whom: of an edge of the graph that the observers and their subjects make. */
export interface Watched {
  readonly life: number;
  /** The circles on which this peer is the observer of that life. */
  readonly circles: readonly number[];
}

/**
 * Who watches whom. The peers that take part stand on several circles, each in another pseudo-random order; a peer is
 * watched by the next one on every circle (Rapid: such graphs are good expanders, so no set of peers can be cut off
 * unseen). In a small system there is one order, and everybody watches everybody. It follows from the view alone.
 */
export class Circles {
  readonly #table: PeerTable;
  readonly #observers = new Map<number, readonly number[]>();
  #hashes: readonly number[] = [];
  #present: readonly PeerInfo[] = [];
  #changes = -1;

  constructor(table: PeerTable) {
    this.#table = table;
  }

  /** How many observers each peer has. */
  get count(): number {
    this.#refresh();
    return countOf(this.#present.length);
  }

  /** The lives that this peer watches. */
  subjects(): Watched[] {
    this.#refresh();
    const { self } = this.#table;
    const circles = new Map<number, number[]>();
    for (let circle = 0; circle < this.count; circle++) {
      const life = this.#isSmall ? this.#around(self.life, -1 - circle) : this.#next(self, circle, -1);
      if (life === undefined || life === self.life) continue;
      const known = circles.get(life);
      if (known === undefined) circles.set(life, [circle]);
      else known.push(circle);
    }
    return [...circles].map(([life, on]) => ({ life, circles: on }));
  }

  /** The lives that watch this one, circle by circle. */
  observers(life: number): readonly number[] {
    this.#refresh();
    const known = this.#observers.get(life);
    if (known !== undefined) return known;
    const peer = this.#table.byLife(life);
    const found: number[] = [];
    for (let circle = 0; peer !== undefined && circle < this.count; circle++) {
      found.push((this.#isSmall ? this.#around(life, 1 + circle) : this.#next(peer, circle, 1)) ?? 0);
    }
    this.#observers.set(life, found);
    return found;
  }

  get #isSmall(): boolean {
    return this.#present.length - 1 <= observersMax;
  }

  #refresh(): void {
    if (this.#changes === this.#table.changes) return;
    this.#changes = this.#table.changes;
    this.#observers.clear();
    const present = this.#table.present().map((peer) => ({ peer, hash: hashOf(peer.id) }));
    if (present.length - 1 <= observersMax) present.sort((a, b) => a.hash - b.hash);
    this.#present = present.map(({ peer }) => peer);
    this.#hashes = present.map(({ hash }) => hash);
  }

  /** In a small system: who stands so many places further. */
  #around(life: number, steps: number): number | undefined {
    const at = this.#present.findIndex((peer) => peer.life === life);
    const { length } = this.#present;
    return at < 0 ? undefined : this.#present[(at + steps + length) % length]!.life;
  }

  /** The nearest on a circle: clockwise where `way` is 1, counter-clockwise where it is -1. */
  #next(peer: PeerInfo, circle: number, way: 1 | -1): number | undefined {
    const from = mix(hashOf(peer.id), circle);
    let nearest = Number.POSITIVE_INFINITY;
    let found: number | undefined;
    for (let i = 0; i < this.#hashes.length; i++) {
      const place = mix(this.#hashes[i]!, circle);
      const distance = (way === 1 ? place - from : from - place) >>> 0;
      if (distance >= nearest || this.#present[i]!.id === peer.id) continue;
      nearest = distance;
      found = this.#present[i]!.life;
    }
    return found;
  }
}

/** How many observers each peer has in a system of so many. */
function countOf(peers: number): number {
  return Math.min(observersMax, Math.max(0, peers - 1));
}
