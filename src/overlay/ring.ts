import type { Key } from '../base/index.ts';
import type { PeerInfo, View } from './membership.ts';
import { isPresent } from './peerTable.ts';

/** The peers that take part, in the order of their seats, beginning with the seat whose place holds `key`. */
export function clockwise(view: View, key: Key): PeerInfo[] {
  const present = view.peers.filter((peer) => isPresent(peer.status));
  const first = present.findIndex((peer) => peer.seat >= key);
  return first <= 0 ? present : [...present.slice(first), ...present.slice(0, first)];
}

/** The peer whose seat holds `key`: the first at or after it, or the lowest where none is. */
export function seatOf(view: View, key: Key): PeerInfo | undefined {
  return clockwise(view, key)[0];
}
