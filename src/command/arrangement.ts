import { type Infer, key, text, union, variant, varint } from '../base/index.ts';

/** What somebody wants of the leader of a cell. Tags are never reused. */
export const arrangement = union({
  /** Cells with keys of the prefix have so many members, and none other keys; with 0 the prefix asks for nothing any more. */
  degree: variant(1, { prefix: key, replicas: varint }),
  /** A peer becomes a member in place of another; both by name or by id. */
  move: variant(2, { from: text, to: text }),
  /** That member leads, by name or by id. */
  lead: variant(3, { peer: text }),
});
export type Arrangement = Infer<typeof arrangement>;
