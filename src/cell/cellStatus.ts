import type { Result } from '../base/index.ts';
import { event, port, type Ref } from '../component/index.ts';
import type { CellReport } from './cellReport.ts';
import type { PinReply } from './pin.ts';
import type { Loss } from './rescue.ts';

/**
 * Asks what going on with this peer's copy of a cell alone would give up; with that sentence as `consent` the cell does go on so. The
 * failure says why it cannot be.
 */
export interface RescueWish {
  readonly cell: string;
  readonly consent: string | undefined;
  readonly reply: Ref<Result<Loss, string>>;
}

/** What the cells of this peer are doing. */
export const CellStatus = port('cell status', {
  requests: {
    /** Tells one report for each replica of this peer. */
    ask: event<{ readonly reply: Ref<readonly CellReport[]> }>(),
    /** Pins what a cell holds that this peer leads, for a backup. */
    pin: event<{ readonly cell: string; readonly reply: Ref<PinReply> }>(),
    /** Lets a cell go on that has lost its majority for ever. */
    rescue: event<RescueWish>(),
  },
  indications: {
    /** This peer is leaving, and no cell needs it any more: it may go. */
    vacated: event<void>(),
  },
});
