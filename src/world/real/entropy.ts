import { randomBytes, randomFillSync } from 'node:crypto';
import type { Entropy } from '../index.ts';

const poolWords = 256;

/** Randomness of the platform, drawn in pools because a call for each number costs more than the number. */
export function realEntropy(): Entropy {
  const pool = new Uint32Array(poolWords);
  let used = poolWords;
  const u32 = (): number => {
    if (used === poolWords) {
      randomFillSync(pool);
      used = 0;
    }
    return pool[used++]!;
  };
  return {
    u32,
    fraction: () => u32() / 0x1_0000_0000,
    hex: (length) =>
      randomBytes(Math.ceil(length / 2))
        .toString('hex')
        .slice(0, length),
  };
}
