import type { PeerId } from './membership.ts';

/** Stands in the names of further seats alone: no peer may be called so by people. */
const seatMark = '/';

/** What a further seat of a program is called: `a/2` for the second one of `a`, whose first is called as the program. */
export function seatName(program: string, seat: number): string {
  return `${program}${seatMark}${seat}`;
}

/** The program that a peer is a seat of, by the peer's id or name: `a` for `a#9f86d081884c7d65` and for `a/2`. */
export function programOf(peer: PeerId): string {
  return peer.split('#')[0]!.split(seatMark)[0]!;
}
