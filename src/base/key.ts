import type { Bytes } from './bytes.ts';
import { charactersOf } from './characters.ts';

/**
 * A key is a string of bytes, held as a JavaScript string with one character (0 to 255) for each byte. The order of
 * such strings is the order of their bytes, and engines compare, hash and intern them far faster than byte arrays.
 */
export type Key = string;

/**
 * A contiguous range of keys: `from` included, `to` excluded. `to` is undefined for the end of the key space, which is
 * +infinity; ranges do not wrap. (The place (a, b] of a seat in Chord# is `{ from: keyAfter(a), to: keyAfter(b) }`.)
 */
export interface Range {
  readonly from: Key;
  readonly to: Key | undefined;
}

export const lowestKey: Key = '';
export const everything: Range = { from: lowestKey, to: undefined };

export function keyOfBytes(bytes: Bytes): Key {
  return charactersOf(bytes, 0, bytes.length);
}

/** The key that stands in the bytes from `at` up to `end`, which is behind the last. */
export function keyIn(bytes: Bytes, at: number, end: number): Key {
  return charactersOf(bytes, at, end);
}

export function bytesOfKey(key: Key): Bytes {
  const bytes = new Uint8Array(key.length);
  for (let i = 0; i < key.length; i++) bytes[i] = key.charCodeAt(i);
  return bytes;
}

/** Negative, zero or positive as `a` sorts before, with or after `b`. */
export function compareKeys(a: Key, b: Key): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The lowest key above `key`: nothing lies between the two. */
export function keyAfter(key: Key): Key {
  return `${key}\0`;
}

export function contains(range: Range, key: Key): boolean {
  return key >= range.from && (range.to === undefined || key < range.to);
}

/** The range of all keys that begin with `prefix`. */
export function prefixRange(prefix: Key): Range {
  let end = prefix.length;
  while (end > 0 && prefix.charCodeAt(end - 1) === 0xff) end--;
  if (end === 0) return { from: prefix, to: undefined };
  return { from: prefix, to: prefix.slice(0, end - 1) + String.fromCharCode(prefix.charCodeAt(end - 1) + 1) };
}

/** The keys that lie in both ranges, or undefined where none can. */
export function intersection(a: Range, b: Range): Range | undefined {
  const from = a.from > b.from ? a.from : b.from;
  const to = a.to === undefined ? b.to : b.to === undefined ? a.to : a.to < b.to ? a.to : b.to;
  return to !== undefined && from >= to ? undefined : { from, to };
}
