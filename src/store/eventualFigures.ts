/** What a router counts of eventual writes, for `status` and metrics. Read it whenever you like; the router alone writes it. */
export class EventualFigures {
  /** Answered before they were chosen. */
  taken = 0;
  /** Those of them that are not chosen yet. */
  owed = 0;
  /** Those that were given up: their cell refused them, or did not take them in time. */
  lost = 0;
}
