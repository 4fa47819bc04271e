import { bool, f64, type Infer, key, optional, record, text, variant } from '../base/index.ts';

/** Who has a key reserved, as it is told to others that want it. */
export const obstacle = record({
  holder: text,
  /** What its holder calls itself, for people. */
  label: text,
  /** Its age: log time of its first reservation, in milliseconds since 1970. */
  sinceMs: f64,
  /** How long its lease lasts if it is not renewed. */
  remainingMs: f64,
});
export type Obstacle = Infer<typeof obstacle>;

/** What may stand inside a transaction. */
export const reservationChecks = {
  /**
   * Has the lease of a reservation begin anew, and answers `reserved`: with an obstacle where the holder has it no more. Inside a
   * transaction it is a check: where the reservation is gone nothing happens, and the answer is `conflict`. What such a transaction
   * writes of what its holders have reserved, it may (TX-20).
   */
  renew: variant(91, { key, holder: text, isExclusive: bool, leaseMs: f64 }),
};

export const reservationCommands = {
  /**
   * Reserves a key for a holder until log time is so much later: for itself alone, or shared with others that do not write it either.
   * Answers `reserved`, at once. What is shared already becomes exclusive where nobody else shares it.
   */
  reserve: variant(90, {
    key,
    /** Drawn for each try of a transaction: what a try before it had is not its own. */
    holder: text,
    label: text,
    /** Log time of the first reservation, where that was answered before: who is older waits, who is younger gives up. */
    sinceMs: optional(f64),
    isExclusive: bool,
    leaseMs: f64,
  }),
  /** Lets go of what the holder has reserved of a key, if it has. Answers `ok`. */
  release: variant(92, { key, holder: text }),
};

export const reservationAnswers = {
  /**
   * The holder has it where there is no obstacle; else the oldest of those that are in its way. `sinceMs` is the age of the holder,
   * which it names from then on.
   */
  reserved: variant(35, { obstacle: optional(obstacle), sinceMs: f64 }),
};
