import type { Bytes } from './bytes.ts';

/** Up to this length characters are made by sixteens: twice as fast as from a view, and there is no view to make. */
const shortMax = 64;
const stride = 16;
const smallStride = 4;
/** Views are taken in slices because an argument list has a limit. */
const sliceLength = 4096;

/** The string with one character for each byte from `at` up to `end`, which is behind the last. */
export function charactersOf(bytes: Bytes, at: number, end: number): string {
  return end - at <= shortMax ? byStrides(bytes, at, end) : bySlices(bytes, at, end);
}

/** It reads beyond the end, up to the next sixteen, and drops what it read there; where the bytes end before, it takes smaller steps. */
function byStrides(bytes: Bytes, from: number, end: number): string {
  let characters = '';
  let at = from;
  for (; at < end && at + stride <= bytes.length; at += stride) {
    const part = sixteenAt(bytes, at);
    characters += end - at < stride ? part.slice(0, end - at) : part;
  }
  for (; at + smallStride <= end; at += smallStride) characters += fourAt(bytes, at);
  for (; at < end; at++) characters += String.fromCharCode(bytes[at]!);
  return characters;
}

function fourAt(b: Bytes, i: number): string {
  return String.fromCharCode(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!);
}

function sixteenAt(b: Bytes, i: number): string {
  return String.fromCharCode(
    b[i]!,
    b[i + 1]!,
    b[i + 2]!,
    b[i + 3]!,
    b[i + 4]!,
    b[i + 5]!,
    b[i + 6]!,
    b[i + 7]!,
    b[i + 8]!,
    b[i + 9]!,
    b[i + 10]!,
    b[i + 11]!,
    b[i + 12]!,
    b[i + 13]!,
    b[i + 14]!,
    b[i + 15]!,
  );
}

function bySlices(bytes: Bytes, from: number, end: number): string {
  let characters = '';
  for (let at = from; at < end; at += sliceLength) {
    const slice = bytes.subarray(at, Math.min(end, at + sliceLength));
    characters += String.fromCharCode.apply(undefined, slice as unknown as number[]);
  }
  return characters;
}
