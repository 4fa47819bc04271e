import { type Bytes, bytesOfKey, bytesOfText, type Key, keyOfBytes, textOfBytes } from '../base/index.ts';

/** Turns keys of a program into keys of the store so that their order stays, and back. */
export interface KeyCodec<K> {
  encode(key: K): Key;
  decode(key: Key): K;
}

/** Texts, in the order of their UTF-8 bytes: that of their code points. */
export const textKey: KeyCodec<string> = {
  encode: (text) => keyOfBytes(bytesOfText(text)),
  decode: (key) => textOfBytes(bytesOfKey(key)),
};

/** Bytes as they are. */
export const bytesKey: KeyCodec<Bytes> = { encode: keyOfBytes, decode: bytesOfKey };

/** A part of a tuple. Parts of different kinds sort by kind: texts before numbers before bytes. */
export type TuplePart = string | number | Bytes;

const textMark = '\x02';
const numberMark = '\x03';
const bytesMark = '\x04';
const end = '\0';
/** A zero byte inside a part, so that the end of a part sorts before everything that a part may hold. */
const escapedZero = '\0\xff';

/**
 * Tuples of texts, numbers and bytes, in the order of their parts: all keys of a shorter tuple's prefix lie together,
 * and `range({ prefix: ['de'] })` finds them.
 */
export function tupleKey<T extends readonly TuplePart[]>(): KeyCodec<T> {
  return { encode: encodeTuple, decode: (key) => decodeTuple(key) as unknown as T };
}

function encodeTuple(parts: readonly TuplePart[]): Key {
  let key = '';
  for (const part of parts) {
    if (typeof part === 'number') key += numberMark + encodeNumber(part);
    else if (typeof part === 'string') key += textMark + escapeZeros(keyOfBytes(bytesOfText(part))) + end;
    else key += bytesMark + escapeZeros(keyOfBytes(part)) + end;
  }
  return key;
}

function decodeTuple(key: Key): TuplePart[] {
  const parts: TuplePart[] = [];
  let at = 0;
  while (at < key.length) {
    const mark = key[at]!;
    if (mark === numberMark) {
      parts.push(decodeNumber(key.slice(at + 1, at + 9)));
      at += 9;
      continue;
    }
    const stop = endOf(key, at + 1);
    const raw = bytesOfKey(key.slice(at + 1, stop).replaceAll(escapedZero, '\0'));
    parts.push(mark === textMark ? textOfBytes(raw) : raw);
    at = stop + 1;
  }
  return parts;
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
