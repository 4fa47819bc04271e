import type { Key } from '../base/index.ts';
import { type Bytes, type Infer, key, record, text, u32, word } from '../base/index.ts';
import { event, port } from '../component/index.ts';

/**
 * Who a peer is: its name and the random incarnation of its disk, as in `b#9f86d081884c7d65`. A wiped folder is a new
 * incarnation and so a new peer; what the old one promised is not its promise.
 */
export type PeerId = string;

export const peerStatus = word(['alive', 'suspected', 'dead', 'leaving', 'left']);
export type PeerStatus = Infer<typeof peerStatus>;

/** What every peer knows of every other. */
export const peerInfo = record({
  id: text,
  name: text,
  /** Where it listens for peers. */
  address: text,
  /** Where it listens for Redis clients and for HTTP; empty where it does not. */
  redis: text,
  http: text,
  /** The place of its seat in the key space. */
  seat: key,
  status: peerStatus,
  /** Raised by the peer itself, to say otherwise: of two statements the one with the higher number holds. */
  statement: u32,
  /** Drawn anew at each start, and when it was cut out: what is agreed on concerns a life, which never comes back. */
  life: u32,
  /** The number of the view that this life was cut out with, by agreement; 0 while it was not. */
  cut: u32,
  /** What fails together with it: the zone that it stands in, and the machine there; empty where it was not said. */
  zone: text,
  host: text,
});
export type PeerInfo = Infer<typeof peerInfo>;

/** The peers as one peer sees them now, sorted by seat: a hint, right for a while and healed when it is not. */
export interface View {
  readonly systemId: string;
  readonly self: PeerId;
  /** How many cuts were agreed on before it: one, whatever the number of peers that crashed at once. */
  readonly number: number;
  readonly peers: readonly PeerInfo[];
}

/** A small fact that is spread to all peers: of two with one topic the one with the higher version holds. */
export interface Hint {
  readonly topic: Key;
  readonly version: number;
  readonly bytes: Bytes;
}

export const Membership = port('membership', {
  requests: {
    /** Spreads a fact to all peers, and to those that join later. */
    publish: event<Hint>(),
    /** Tells the view and all facts once more, for whoever was connected late. */
    repeat: event<void>(),
    /** Says that this peer is about to go: it is given no new duties (`leaving`). */
    prepareToLeave: event<void>(),
    /** Says goodbye: this peer is `left` for good. */
    leave: event<void>(),
  },
  indications: {
    /** The view changed. Also told once after the start. */
    view: event<View>(),
    hint: event<Hint>(),
    /**
     * This peer belongs to a system now. `isFounding`: it created the system, and no fact was ever published in it:
     * the first cell may still have to be made.
     */
    joined: event<{ readonly systemId: string; readonly isFounding: boolean }>(),
    /** Joining failed for good, or goes on without success: for people to read. */
    trouble: event<{ readonly reason: string; readonly isFinal: boolean }>(),
  },
});
