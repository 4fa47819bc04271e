import { type Bytes, bytesOfText, textOfBytes } from '../base/index.ts';

/** Turns values of a program into bytes, and back. `decode` may throw on bytes that another program wrote. */
export interface ValueCodec<V> {
  encode(value: V): Bytes;
  decode(bytes: Bytes): V;
}

/** Anything that JSON can say. The type is the program's promise: what is read is not checked against it. */
export function json<V = unknown>(): ValueCodec<V> {
  return {
    encode: (value) => bytesOfText(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(textOfBytes(bytes)) as V,
  };
}

/** Texts, as UTF-8. */
export const text: ValueCodec<string> = { encode: bytesOfText, decode: textOfBytes };

/** Bytes as they are; what is read is a copy. */
export const bytes: ValueCodec<Bytes> = { encode: (value) => value, decode: (value) => new Uint8Array(value) };
