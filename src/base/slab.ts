import { type Bytes, copyBytes } from './bytes.ts';

/** Below this arrays live on the heap of the engine, and above the last one a slab would be mostly waste. */
const shortMax = 64;
const sharedMax = 1024;
const slabBytes = 16 * 1024;
/** Up to this length a loop beats the view that a bulk copy needs. */
const loopedMax = 64;

let slab = new Uint8Array(slabBytes);
let used = 0;

/**
 * New bytes, all zero, for what lives about as long as what was made just before and after it: messages, entries, what
 * changed since a checkpoint. Engines make arrays of some hundred bytes ten times slower than views, so those share a
 * slab, which stays as long as any of them does. What is kept for long by itself has an array of its own.
 */
export function allocate(length: number): Uint8Array {
  if (length <= shortMax || length > sharedMax) return new Uint8Array(length);
  if (used + length > slabBytes) renew();
  used += length;
  return slab.subarray(used - length, used);
}

/** Bytes that lie in larger ones, from `at` up to `end`, which is behind the last: less to make than a view of them. */
export interface Part {
  readonly bytes: Bytes;
  readonly at: number;
  readonly end: number;
}

/** A copy of the first `length` bytes, in a slab that others share, or in an array of its own where it would fill one. */
export function copyToSlab(source: Bytes, length: number): Part {
  if (length > sharedMax) return { bytes: source.slice(0, length), at: 0, end: length };
  if (used + length > slabBytes) renew();
  const bytes = slab;
  const at = used;
  copyPart(source, 0, length, bytes, at);
  used = at + length;
  return { bytes, at, end: used };
}

/** Copies a part of bytes to a place in others. */
export function copyPart(from: Bytes, start: number, length: number, to: Uint8Array, at: number): void {
  if (length > loopedMax) to.set(from.subarray(start, start + length), at);
  else for (let i = 0; i < length; i++) to[at + i] = from[start + i]!;
}

function renew(): void {
  slab = new Uint8Array(slabBytes);
  used = 0;
}

/** The same bytes, for what is kept long by itself: a copy where they may share a slab with what is gone soon. */
export function unshared(bytes: Bytes): Bytes {
  return bytes.length <= shortMax || bytes.length > sharedMax ? bytes : copyBytes(bytes);
}
