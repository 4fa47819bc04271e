import {
  type Bytes,
  bytesOfKey,
  bytesOfText,
  type Key,
  keyOfBytes,
  prefixRange,
  type Range,
  textOfBytes,
} from '../base/index.ts';

/** Turns keys of a program into keys of the store so that their order stays, and back. */
export interface KeyCodec<K> {
  encode(key: K): Key;
  decode(key: Key): K;
  /** Where all its keys lie, where that is not everywhere: ranges and watches go no further. */
  readonly bounds?: Range;
}

/** Texts, in the order of their UTF-8 bytes: that of their code points. */
export const textKey: KeyCodec<string> = {
  encode: (text) => keyOfBytes(bytesOfText(text)),
  decode: (key) => textOfBytes(bytesOfKey(key)),
};

/** Bytes as they are. */
export const bytesKey: KeyCodec<Bytes> = { encode: keyOfBytes, decode: bytesOfKey };

/** A part of a tuple. Parts of different kinds sort by kind: texts, numbers, bytes, moments, truth values, tuples. */
export type TuplePart = string | number | Bytes | Moment | boolean | readonly TuplePart[];
/** A date: milliseconds since 1970, as `date.getTime()` gives them. */
export interface Moment {
  readonly atMs: number;
}
export type Tuple = readonly TuplePart[];

const textMark = '\x02';
const numberMark = '\x03';
const bytesMark = '\x04';
const dateMark = '\x05';
const truthMark = '\x06';
const tupleMark = '\x07';
const end = '\0';
/** A zero byte inside a part, so that the end of a part sorts before everything that a part may hold. */
const escapedZero = '\0\xff';

/**
 * Tuples, in the order of their parts: all keys of a shorter tuple's prefix lie together, and `range({ prefix: ['de'] })` finds
 * them. With a `space` all of them begin with its parts, which whoever uses the keys does not see: a subspace.
 */
export function tupleKey<T extends Tuple>(space: Tuple = []): KeyCodec<T> {
  const before = encodeTuple(space);
  return {
    encode: (parts) => before + encodeTuple(parts),
    decode: (key) => decodeTuple(key.slice(before.length)) as unknown as T,
    bounds: prefixRange(before),
  };
}

function encodeTuple(parts: Tuple): Key {
  return parts.map(encodePart).join('');
}

function encodePart(part: TuplePart): Key {
  if (typeof part === 'string') return textMark + escapeZeros(keyOfBytes(bytesOfText(part))) + end;
  if (typeof part === 'number') return numberMark + encodeNumber(part);
  if (typeof part === 'boolean') return truthMark + (part ? '\x01' : '\0');
  if (part instanceof Uint8Array) return bytesMark + escapeZeros(keyOfBytes(part)) + end;
  if ('atMs' in part) return dateMark + encodeNumber(part.atMs);
  return tupleMark + escapeZeros(encodeTuple(part)) + end;
}

function decodeTuple(key: Key): TuplePart[] {
  const parts: TuplePart[] = [];
  let at = 0;
  while (at < key.length) {
    const mark = key[at]!;
    if (mark === numberMark || mark === dateMark) {
      const value = decodeNumber(key.slice(at + 1, at + 9));
      parts.push(mark === dateMark ? { atMs: value } : value);
      at += 9;
    } else if (mark === truthMark) {
      parts.push(key[at + 1] === '\x01');
      at += 2;
    } else {
      const stop = endOf(key, at + 1);
      parts.push(decodeEnded(mark, key.slice(at + 1, stop).replaceAll(escapedZero, '\0')));
      at = stop + 1;
    }
  }
  return parts;
}

function decodeEnded(mark: string, raw: Key): TuplePart {
  if (mark === tupleMark) return decodeTuple(raw);
  return mark === textMark ? textOfBytes(bytesOfKey(raw)) : bytesOfKey(raw);
}

function escapeZeros(raw: Key): Key {
  return raw.replaceAll('\0', escapedZero);
}

/** The index of the zero that ends a part: one that no 0xff follows. */
function endOf(key: Key, from: number): number {
  let at = key.indexOf(end, from);
  while (at >= 0 && key[at + 1] === '\xff') at = key.indexOf(end, at + 2);
  return at < 0 ? key.length : at;
}

/** A double as eight bytes that sort as numbers do: the sign bit turned, all bits of negative ones. */
function encodeNumber(value: number): Key {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bytes = new Uint8Array(view.buffer);
  const isNegative = (bytes[0]! & 0x80) !== 0;
  for (let i = 0; i < 8; i++) bytes[i] = isNegative ? ~bytes[i]! : i === 0 ? bytes[i]! ^ 0x80 : bytes[i]!;
  return keyOfBytes(bytes);
}

function decodeNumber(key: Key): number {
  const bytes = bytesOfKey(key);
  const isNegative = (bytes[0]! & 0x80) === 0;
  for (let i = 0; i < 8; i++) bytes[i] = isNegative ? ~bytes[i]! : i === 0 ? bytes[i]! ^ 0x80 : bytes[i]!;
  return new DataView(bytes.buffer).getFloat64(0);
}
