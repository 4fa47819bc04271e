import { type Infer, key, union, variant, varint } from '../base/index.ts';

/** What somebody wants of the leader of a cell. Tags are never reused. */
export const arrangement = union({
  /** Cells with keys of the prefix have so many members, and none other keys; with 0 the prefix asks for nothing any more. */
  degree: variant(1, { prefix: key, replicas: varint }),
});
export type Arrangement = Infer<typeof arrangement>;
