import { bool, encode, type Infer, key, list, parse, record, text, u32 } from '../base/index.ts';
import type { Storage } from '../world/index.ts';
import { hashOf } from './hash.ts';
import { type PeerId, type PeerInfo, peerStatus } from './membership.ts';

const selfRow = 'o/self';
const peersRow = 'o/peers';
const standsRow = 'o/stands';

/** What a peer must never forget: the system it belongs to, the place of its seat, whether it is founding. */
const belonging = record({ systemId: text, seat: key, isFounding: bool });
export type Belonging = Infer<typeof belonging>;

/** A peer as it is remembered: its life may be over by the next start. */
const acquaintance = record({
  id: text,
  name: text,
  address: text,
  redis: text,
  http: text,
  seat: key,
  status: peerStatus,
  statement: u32,
});
const acquaintances = list(acquaintance);
/** Where they stand, in a row of its own: a folder of an earlier version has none. */
const stands = list(record({ id: text, zone: text, host: text }));

/** What a peer's engine says of the system that it belongs to. */
export function belongingIn(rows: Pick<Storage, 'get'>): Belonging | undefined | 'damaged' {
  const row = rows.get(selfRow);
  if (row === undefined || row === 'damaged') return row;
  const parsed = parse(belonging, row);
  return parsed.ok ? parsed.value : 'damaged';
}

/** What the overlay keeps over a restart, as rows of the engine. */
export class Memory {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  belonging(): Belonging | undefined | 'damaged' {
    return belongingIn(this.#storage);
  }

  /** The ticket of the commit: the peer belongs to the system once that is synced. */
  saveBelonging(value: Belonging): number {
    return this.#storage.commit({ clear: [], rows: [{ key: selfRow, value: encode(belonging, value) }] });
  }

  /** The number of the last statement of a peer that is remembered. */
  statementOf(id: PeerId): number {
    return this.#read().find((peer) => peer.id === id)?.statement ?? 0;
  }

  /**
   * Contacts are a convenience: damaged ones are as good as none. Of what they said only goodbyes still hold, so that
   * whatever they say now is news; a number stands for the life that is not known.
   */
  peers(): PeerInfo[] {
    const known = new Map(this.#readStands().map((stand) => [stand.id, stand]));
    return this.#read().map((peer) => {
      const { zone, host } = known.get(peer.id) ?? { zone: '', host: '' };
      const statement = peer.status === 'left' ? peer.statement : 0;
      const status = peer.status === 'suspected' || peer.status === 'leaving' ? 'alive' : peer.status;
      return { ...peer, statement, status, life: hashOf(peer.id), cut: Number(status === 'dead'), zone, host };
    });
  }

  savePeers(value: readonly PeerInfo[]): void {
    const rows = [
      { key: peersRow, value: encode(acquaintances, value) },
      { key: standsRow, value: encode(stands, value) },
    ];
    this.#storage.commit({ clear: [], rows });
  }

  #readStands(): Infer<typeof stands> {
    const row = this.#storage.get(standsRow);
    if (row === undefined || row === 'damaged') return [];
    const parsed = parse(stands, row);
    return parsed.ok ? parsed.value : [];
  }

  #read(): readonly Infer<typeof acquaintance>[] {
    const row = this.#storage.get(peersRow);
    if (row === undefined || row === 'damaged') return [];
    const parsed = parse(acquaintances, row);
    return parsed.ok ? parsed.value : [];
  }
}
