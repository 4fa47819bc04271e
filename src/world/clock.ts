/**
 * Two clocks, because time can stand still: a stalled or suspended machine shows as a gap between them. Neither is
 * trusted for safety beyond the stated drift bound.
 */
export interface Clock {
  /** Milliseconds since 1970. It may jump, both ways. */
  wallMs(): number;
  /** Milliseconds since some moment. It never goes back, but may stand still while the machine sleeps. */
  monotonicMs(): number;
}
