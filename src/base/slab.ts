import { type Bytes, copyBytes } from './bytes.ts';

/** Below this arrays live on the heap of the engine, and above the last one a slab would be mostly waste. */
const shortMax = 64;
const sharedMax = 1024;
const slabBytes = 16 * 1024;

let slab = new Uint8Array(slabBytes);
let used = 0;

/**
 * New bytes, all zero, for what lives about as long as what was made just before and after it: messages, entries, what
 * changed since a checkpoint. Engines make arrays of some hundred bytes ten times slower than views, so those share a
 * slab, which stays as long as any of them does. What is kept for long by itself has an array of its own.
 */
export function allocate(length: number): Uint8Array {
  if (length <= shortMax || length > sharedMax) return new Uint8Array(length);
  if (used + length > slabBytes) {
    slab = new Uint8Array(slabBytes);
    used = 0;
  }
  used += length;
  return slab.subarray(used - length, used);
}

/** The same bytes, for what is kept long by itself: a copy where they may share a slab with what is gone soon. */
export function unshared(bytes: Bytes): Bytes {
  return bytes.length <= shortMax || bytes.length > sharedMax ? bytes : copyBytes(bytes);
}
