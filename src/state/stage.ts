import { type Infer, text, union, variant, varint } from '../base/index.ts';

/**
 * What a cell is in the middle of, by its log. `merging`: it is to absorb the cell above it, if that seals in the epoch that it
 * was in then, and changes nothing of itself meanwhile. `sealed`: its log is over, and the cell below goes on with what it held.
 */
export const stage = union({
  merging: variant(1, { upper: text, upperEpoch: varint }),
  /** `nonce` is drawn by the leader that proposed it: two logs with the same seal are the same up to there. */
  sealed: variant(2, { lower: text, lowerEpoch: varint, nonce: text }),
});
export type Stage = Infer<typeof stage>;
