import { bool, encode, type Infer, key, list, parse, record, text } from '../base/index.ts';
import type { Storage } from '../world/index.ts';
import { type PeerInfo, peerInfo } from './membership.ts';

const selfRow = 'o/self';
const peersRow = 'o/peers';

/** What a peer must never forget: the system it belongs to, the place of its seat, whether it is founding. */
const belonging = record({ systemId: text, seat: key, isFounding: bool });
export type Belonging = Infer<typeof belonging>;

const peers = list(peerInfo);

/** What the overlay keeps over a restart, as rows of the engine. */
export class Memory {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  belonging(): Belonging | undefined | 'damaged' {
    const row = this.#storage.get(selfRow);
    if (row === undefined || row === 'damaged') return row;
    const parsed = parse(belonging, row);
    return parsed.ok ? parsed.value : 'damaged';
  }

  /** The ticket of the commit: the peer belongs to the system once that is synced. */
  saveBelonging(value: Belonging): number {
    return this.#storage.commit({ clear: [], rows: [{ key: selfRow, value: encode(belonging, value) }] });
  }

  /** Contacts are a convenience: damaged ones are as good as none. */
  peers(): readonly PeerInfo[] {
    const row = this.#storage.get(peersRow);
    if (row === undefined || row === 'damaged') return [];
    const parsed = parse(peers, row);
    return parsed.ok ? parsed.value : [];
  }

  savePeers(value: readonly PeerInfo[]): void {
    this.#storage.commit({ clear: [], rows: [{ key: peersRow, value: encode(peers, value) }] });
  }
}
