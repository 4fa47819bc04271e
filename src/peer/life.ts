import type { CellHint, CellReport, PinReply, RescueWish } from '../cell/index.ts';
import { event, port, type Ref } from '../component/index.ts';
import type { View } from '../overlay/index.ts';

/** How a peer is, as it knows itself. */
export interface PeerState {
  /** Undefined until it belongs to a system. */
  readonly view: View | undefined;
  /** The replicas that it holds. */
  readonly replicas: readonly CellReport[];
  /** Every cell that it has heard of. */
  readonly cells: readonly CellHint[];
}

/** A peer as whoever runs it sees it. */
export const Life = port('life', {
  requests: {
    /** Hand over what it holds, and go for good: `ended` follows. */
    leave: event<void>(),
    report: event<{ readonly reply: Ref<PeerState> }>(),
    /** Pins what a cell holds that this peer leads, for a backup. */
    pin: event<{ readonly cell: string; readonly reply: Ref<PinReply> }>(),
    /** Lets a cell go on that has lost its majority for ever. */
    rescue: event<RescueWish>(),
  },
  indications: {
    /** It belongs to a system now. */
    joined: event<{ readonly systemId: string }>(),
    /** It knows a cell, so its clients can be served. Told once. */
    ready: event<void>(),
    /** For people to read. A final one: it will never join; stop it. */
    trouble: event<{ readonly reason: string; readonly isFinal: boolean }>(),
    /** Its part is over: it has left, or its disk failed. Stop it; nothing more is done. */
    ended: event<{ readonly kind: 'left' | 'failed'; readonly reason: string }>(),
  },
});
