import { charactersOf } from './characters.ts';

/** Bytes as the wire and the disk hold them. Treat them as readonly: they are shared, never written again. */
export type Bytes = Uint8Array;

export const emptyBytes: Bytes = new Uint8Array(0);

/** One exact copy. What outlives the turn is copied once, because a slice pins the whole chunk that it came from. */
export function copyBytes(bytes: Bytes): Bytes {
  return new Uint8Array(bytes);
}

export function concatBytes(parts: readonly Bytes[]): Bytes {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function bytesEqual(a: Bytes, b: Bytes): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** UTF-8 bytes of a text. Written here because pure rooms have no TextEncoder; lone surrogates become U+FFFD. */
export function bytesOfText(text: string): Bytes {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const point = codePointAt(text, i);
    if (point > 0xffff) i++;
    at = putCodePoint(bytes, at, point);
  }
  return bytes;
}

/** The number of bytes that the text takes in UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const point = codePointAt(text, i);
    if (point > 0xffff) i++;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

/** The text that UTF-8 bytes spell. Malformed sequences become U+FFFD, one for each byte that fits nowhere. */
export function textOfBytes(bytes: Bytes): string {
  return textIn(bytes, 0, bytes.length);
}

/** The same of the bytes from `at` up to `end`, which is behind the last. */
export function textIn(bytes: Bytes, at: number, end: number): string {
  if (end - at <= asciiLookMax && areAscii(bytes, at, end)) return charactersOf(bytes, at, end);
  return decoded(bytes.subarray(at, end));
}

function decoded(bytes: Bytes): string {
  let text = '';
  let i = 0;
  while (i < bytes.length) {
    const lead = bytes[i]!;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      i++;
      continue;
    }
    const size = lead >= 0xf0 && lead < 0xf5 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    const point = size === 0 || lead >= 0xf5 ? -1 : continuation(bytes, i, size);
    text += point < 0 ? '�' : String.fromCodePoint(point);
    i += point < 0 ? 1 : size;
  }
  return text;
}

/** Texts up to this length are looked through for what is not ASCII: most have nothing, and are made at one stroke. */
const asciiLookMax = 256;

function areAscii(bytes: Bytes, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}

function codePointAt(text: string, index: number): number {
  const point = text.codePointAt(index)!;
  return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
}

/** Writes one code point as UTF-8 and returns the position behind it. */
function putCodePoint(bytes: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    bytes[at] = point;
    return at + 1;
  }
  const size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  let rest = point;
  for (let i = size - 1; i > 0; i--) {
    bytes[at + i] = 0x80 | (rest & 0x3f);
    rest >>= 6;
  }
  bytes[at] = (size === 2 ? 0xc0 : size === 3 ? 0xe0 : 0xf0) | rest;
  return at + size;
}

/** The code point of a sequence of `size` bytes, or -1 where it is cut, overlong, a surrogate or out of range. */
function continuation(bytes: Bytes, start: number, size: number): number {
  let point = bytes[start]! & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) {
    const byte = bytes[start + i];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (byte & 0x3f);
  }
  if (size === 3 && (point < 0x800 || (point >= 0xd800 && point <= 0xdfff))) return -1;
  if (size === 4 && (point < 0x10000 || point > 0x10ffff)) return -1;
  return point;
}
