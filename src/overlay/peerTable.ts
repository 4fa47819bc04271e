import { assert, compareKeys } from '../base/index.ts';
import { peersMax } from './limits.ts';
import type { PeerId, PeerInfo, PeerStatus, View } from './membership.ts';

/**
 * Of two statements about one peer with the same number the graver one holds, so that a suspicion spreads until the
 * peer itself objects with a higher number. `leaving` is the peer's own word and carries a number of its own.
 */
const gravity: Readonly<Record<PeerStatus, number>> = { alive: 0, leaving: 1, suspected: 2, dead: 3, left: 4 };

/** Everything that one peer knows of all peers. Pure: what follows from a change is the caller's business. */
export class PeerTable {
  readonly #peers = new Map<PeerId, PeerInfo>();
  readonly #self: PeerId;

  constructor(self: PeerInfo) {
    this.#self = self.id;
    this.#peers.set(self.id, self);
  }

  get self(): PeerInfo {
    return this.#peers.get(this.#self)!;
  }

  get size(): number {
    return this.#peers.size;
  }

  get(id: PeerId): PeerInfo | undefined {
    return this.#peers.get(id);
  }

  all(): PeerInfo[] {
    return [...this.#peers.values()];
  }

  /** The other peers that take part: what is probed, asked and told. */
  others(): PeerInfo[] {
    return this.all().filter((peer) => peer.id !== this.#self && isPresent(peer.status));
  }

  /** Peers that are gone without a goodbye, and may come back. */
  dead(): PeerInfo[] {
    return this.all().filter((peer) => peer.status === 'dead');
  }

  /** True if the statement says more than what was known, and is now what is known. Never about oneself. */
  accept(info: PeerInfo): boolean {
    if (info.id === this.#self) return false;
    const known = this.#peers.get(info.id);
    if (known === undefined && this.#peers.size >= peersMax) return false;
    if (known !== undefined && !isNews(info, known)) return false;
    this.#peers.set(info.id, info);
    return true;
  }

  /** Changes what this peer says of itself: always under a higher number. */
  restate(change: Partial<Pick<PeerInfo, 'status' | 'address' | 'redis' | 'http'>>, above = 0): PeerInfo {
    const { self } = this;
    assert(self.status !== 'left', 'MEM-1: a peer that has left says nothing more of itself');
    const next = { ...self, ...change, statement: Math.max(self.statement, above) + 1 };
    this.#peers.set(this.#self, next);
    return next;
  }

  /** Marks a peer that others are to hear of as suspected or dead. */
  mark(id: PeerId, status: 'suspected' | 'dead'): PeerInfo | undefined {
    const known = this.#peers.get(id);
    if (known === undefined || gravity[known.status] >= gravity[status]) return undefined;
    const next = { ...known, status };
    this.#peers.set(id, next);
    return next;
  }

  view(systemId: string): View {
    const peers = this.all().sort((a, b) => compareKeys(a.seat, b.seat) || compareKeys(a.id, b.id));
    return { systemId, self: this.#self, peers };
  }
}

/** Alive, or not known to be otherwise. */
export function isPresent(status: PeerStatus): boolean {
  return status === 'alive' || status === 'suspected' || status === 'leaving';
}

function isNews(info: PeerInfo, known: PeerInfo): boolean {
  if (known.status === 'left') return false;
  if (info.status === 'left') return true;
  if (info.statement !== known.statement) return info.statement > known.statement;
  return gravity[info.status] > gravity[known.status];
}
