import { event, port } from '../component/index.ts';
import type { Contact } from '../ring/index.ts';

/** What a peer carries and who stands behind it, as whoever holds the data says. */
export interface Carried {
  /** In bytes, or in requests a second: in one unit at all peers. */
  readonly load: number;
  /** Undefined for the only peer. */
  readonly behind: Contact | undefined;
}

/** The data under the policy: it says what it weighs, and moves it. */
export const Burden = port('burden', {
  requests: {
    /** Move the border to the neighbour `to`, so that about so much of the load is its. */
    slide: event<{ readonly to: Contact; readonly amount: number }>(),
    /** Leave everything to the one behind, and take about so much of the load of `from`, standing before it. */
    jump: event<{ readonly from: Contact; readonly amount: number }>(),
  },
  indications: {
    carried: event<Carried>(),
    /** The move that was asked for is over; false where it could not be made, and all is as it was. */
    moved: event<{ readonly isDone: boolean }>(),
  },
});
