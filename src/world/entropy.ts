/** Where randomness comes from: the platform in the real world, the seed in the simulated one. */
export interface Entropy {
  /** An integer from 0 to 2^32 - 1. */
  u32(): number;
  /** A number in [0, 1). */
  fraction(): number;
  /** A name of `length` hexadecimal digits that nobody else draws. */
  hex(length: number): string;
}
