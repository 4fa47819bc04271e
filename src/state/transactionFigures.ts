/** Transactions over several cells in which this one takes part, and what is reserved in it. */
export interface TransactionFigures {
  /** Voted for and not decided yet: what they read and are to write is locked. */
  readonly undecided: number;
  /** Votes of yes since the start of the peer. */
  readonly votes: number;
  /** Keys that are reserved. */
  readonly reserved: number;
}
