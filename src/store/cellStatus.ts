import { event, port, type Ref } from '../component/index.ts';
import type { CellReport } from './cellReport.ts';
import type { PinReply } from './pin.ts';

/** What the cells of this peer are doing. */
export const CellStatus = port('cell status', {
  requests: {
    /** Tells one report for each replica of this peer. */
    ask: event<{ readonly reply: Ref<readonly CellReport[]> }>(),
    /** Pins what a cell holds that this peer leads, for a backup. */
    pin: event<{ readonly cell: string; readonly reply: Ref<PinReply> }>(),
  },
  indications: {
    /** This peer is leaving, and no cell needs it any more: it may go. */
    vacated: event<void>(),
  },
});
