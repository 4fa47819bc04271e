import type { Key } from '../base/index.ts';
import { gossipPerMessage, gossipRepeats, hintBytesMax, hintsMax } from './limits.ts';
import type { Hint, PeerId } from './membership.ts';
import type { News } from './messages.ts';
import type { PeerTable } from './peerTable.ts';

/** What is being passed on, and how many times it still should be. */
interface Rumour {
  readonly topic: Key | PeerId;
  readonly isHint: boolean;
  left: number;
}

/** Passes changes on with the messages that travel anyway, the freshest first, each a few times. */
export class Gossip {
  readonly #table: PeerTable;
  readonly #hints = new Map<Key, Hint>();
  #rumours: Rumour[] = [];

  constructor(table: PeerTable) {
    this.#table = table;
  }

  /** True if the fact is newer than what was known, and is now what is known. */
  acceptHint(hint: Hint): boolean {
    const known = this.#hints.get(hint.topic);
    if (known !== undefined ? known.version >= hint.version : this.#hints.size >= hintsMax) return false;
    if (hint.bytes.length > hintBytesMax) return false;
    this.#hints.set(hint.topic, { ...hint, bytes: new Uint8Array(hint.bytes) });
    this.#spread({ topic: hint.topic, isHint: true, left: this.#repeats() });
    return true;
  }

  spreadPeer(id: PeerId): void {
    this.#spread({ topic: id, isHint: false, left: this.#repeats() });
  }

  /** The changes to send along now. */
  news(): News {
    const peers = [];
    const hints = [];
    for (const rumour of this.#rumours.slice(0, gossipPerMessage)) {
      rumour.left--;
      const peer = rumour.isHint ? undefined : this.#table.get(rumour.topic);
      const hint = rumour.isHint ? this.#hints.get(rumour.topic) : undefined;
      if (peer !== undefined) peers.push(peer);
      if (hint !== undefined) hints.push(hint);
    }
    this.#rumours = this.#rumours.filter((rumour) => rumour.left > 0).sort((a, b) => b.left - a.left);
    return { peers, hints };
  }

  everything(): News {
    return { peers: this.#table.all(), hints: [...this.#hints.values()] };
  }

  #spread(rumour: Rumour): void {
    this.#rumours = this.#rumours.filter((old) => old.topic !== rumour.topic || old.isHint !== rumour.isHint);
    this.#rumours.unshift(rumour);
  }

  #repeats(): number {
    return gossipRepeats * Math.ceil(Math.log2(this.#table.size + 2));
  }
}
