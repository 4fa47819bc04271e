/** Peer: assembles a whole peer over a given world. */
export { Life, type PeerState } from './life.ts';
export { Peer, type PeerInit, protocols } from './peer.ts';
