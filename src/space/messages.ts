import { bytes, f64, type Infer, list, record, union, variant } from '../base/index.ts';

/** A point, and what stands there. */
export const entry = record({ point: list(f64), value: bytes });
export type Entry = Infer<typeof entry>;

/** All between two corners, both included; around the end of an axis where `from` is above `to`. */
export const box = record({ from: list(f64), to: list(f64) });
export type Box = Infer<typeof box>;

/** What is said to the holders of keys, over groups. */
export const spaceMessage = union({
  insert: variant(1, { entries: list(entry) }),
  remove: variant(2, { entries: list(entry) }),
  find: variant(3, { box }),
});
export type SpaceMessage = Infer<typeof spaceMessage>;

export const entries = list(entry);
