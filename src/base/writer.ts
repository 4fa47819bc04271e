import { type Bytes, utf8Length } from './bytes.ts';
import { allocate, copyPart, copyToSlab, type Part } from './slab.ts';

const initialCapacityBytes = 1024;
/** Up to this length a loop beats the view that a bulk copy needs. */
const loopedBytesMax = 64;

/**
 * Appends values to a buffer that grows. One writer is reused for many messages: `take` hands out an exact copy and
 * `reset` starts again, so that encoding allocates once for each message and never for each field. Little-endian.
 */
export class Writer {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor(capacityBytes: number = initialCapacityBytes) {
    this.#bytes = new Uint8Array(capacityBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  reset(): void {
    this.#length = 0;
  }

  /** A copy of what was written, as long as it and no longer. */
  take(): Bytes {
    const copy = allocate(this.#length);
    copyPart(this.#bytes, 0, this.#length, copy, 0);
    return copy;
  }

  /** The same behind a copy of `start`. */
  takeBehind(start: Bytes): Uint8Array {
    const { length } = start;
    const copy = allocate(length + this.#length);
    copyPart(start, 0, length, copy, 0);
    copyPart(this.#bytes, 0, this.#length, copy, length);
    return copy;
  }

  /** The same as a part of bytes that others share: for what is many and short. */
  takePart(): Part {
    return copyToSlab(this.#bytes, this.#length);
  }

  /** What was written, without a copy: good only until the next write. */
  peek(): Bytes {
    return this.#bytes.subarray(0, this.#length);
  }

  /** What a schema writes of a value, behind its length, which is the result. */
  sized<T>(schema: { readonly write: (writer: Writer, value: T) => void }, value: T): number {
    const at = this.#reserve(1);
    schema.write(this, value);
    const length = this.#length - at - 1;
    if (length < 0x80) this.#bytes[at] = length;
    else this.#makeRoom(at, length);
    return length;
  }

  /** The last `length` bytes of what another writer holds, behind their number. */
  sizedEnd(other: Writer, length: number): void {
    this.varint(length);
    const at = this.#reserve(length);
    copyPart(other.#bytes, other.#length - length, length, this.#bytes, at);
  }

  /** A length that does not fit the byte kept free for it at `at`: what stands behind moves on. */
  #makeRoom(at: number, length: number): void {
    const start = at + varintBytes(length);
    this.#reserve(start - at - 1);
    this.#bytes.copyWithin(start, at + 1, at + 1 + length);
    this.#length = at;
    this.varint(length);
    this.#length = start + length;
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.#reserve(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
  }

  /** Overwrites four bytes that were written before, as a length that was not known then. */
  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  f64(value: number): void {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value, true);
  }

  i64(value: bigint): void {
    const at = this.#reserve(8);
    this.#view.setBigInt64(at, value, true);
  }

  /** An integer from 0 to 2^53 - 1 in one to eight bytes, seven bits each, the lowest first. */
  varint(value: number): void {
    let rest = value;
    let at = this.#reserve(8);
    const start = at;
    const bytes = this.#bytes;
    while (rest >= 0x80) {
      bytes[at++] = (rest % 0x80) | 0x80;
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    bytes[at++] = rest;
    this.#length = start + (at - start);
  }

  raw(bytes: Bytes): void {
    const { length } = bytes;
    const at = this.#reserve(length);
    if (length > loopedBytesMax) this.#bytes.set(bytes, at);
    else for (let i = 0; i < length; i++) this.#bytes[at + i] = bytes[i]!;
  }

  /** The length, then the bytes. */
  bytes(bytes: Bytes): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** A string with one character (0 to 255) for each byte: the length, then the bytes. */
  key(key: string): void {
    this.varint(key.length);
    const at = this.#reserve(key.length);
    const bytes = this.#bytes;
    for (let i = 0; i < key.length; i++) bytes[at + i] = key.charCodeAt(i);
  }

  /** A text as UTF-8: the length in bytes, then the bytes. */
  text(text: string): void {
    const length = utf8Length(text);
    if (length === text.length) {
      this.key(text);
      return;
    }
    this.varint(length);
    for (const character of text) this.#codePoint(character.codePointAt(0)!);
  }

  #codePoint(found: number): void {
    const point = found >= 0xd800 && found <= 0xdfff ? 0xfffd : found;
    if (point < 0x80) {
      this.u8(point);
    } else if (point < 0x800) {
      this.u8(0xc0 | (point >> 6));
      this.u8(0x80 | (point & 0x3f));
    } else {
      if (point < 0x10000) {
        this.u8(0xe0 | (point >> 12));
      } else {
        this.u8(0xf0 | (point >> 18));
        this.u8(0x80 | ((point >> 12) & 0x3f));
      }
      this.u8(0x80 | ((point >> 6) & 0x3f));
      this.u8(0x80 | (point & 0x3f));
    }
  }

  #reserve(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#length = needed;
    return at;
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

function varintBytes(value: number): number {
  let count = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) count++;
  return count;
}
