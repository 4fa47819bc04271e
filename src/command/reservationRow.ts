import { bool, f64, type Infer, list, record, text } from '../base/index.ts';

const reservationHolder = record({
  id: text,
  label: text,
  /** Log time of its first reservation, and the one at which this one ends. */
  sinceMs: f64,
  untilMs: f64,
});
export type ReservationHolder = Infer<typeof reservationHolder>;

/** Who has a key reserved: one for itself alone, or several that share it. A row of the state of a cell. */
export const reservationRow = record({ isExclusive: bool, holders: list(reservationHolder) });
export type ReservationRow = Infer<typeof reservationRow>;
