import { type Bytes, textIn } from './bytes.ts';
import { charactersOf } from './characters.ts';

/**
 * Thrown by a reader on malformed input, and caught by `Schema.parse` alone, which turns it into a value. It is the
 * one exception that steers control flow: a check after every field would cost the hot path more than it says.
 */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
}

// A view of the bytes themselves would cost more than the number: engines keep small arrays without a buffer until asked.
const eight = new Uint8Array(8);
const eightView = new DataView(eight.buffer);

/** Reads values back from bytes that may come from anyone. Nothing is allocated for a length that is only announced. */
export class Reader {
  readonly #bytes: Bytes;
  #at: number;
  readonly #end: number;

  /** Reads from `at` up to `end`, which is behind the last byte. */
  constructor(bytes: Bytes, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = at;
    this.#end = end;
  }

  get at(): number {
    return this.#at;
  }

  get remaining(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  u16(): number {
    const at = this.#take(2);
    return this.#bytes[at]! | (this.#bytes[at + 1]! << 8);
  }

  u32(): number {
    const at = this.#take(4);
    const bytes = this.#bytes;
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  }

  f64(): number {
    this.#takeEight();
    return eightView.getFloat64(0, true);
  }

  i64(): bigint {
    this.#takeEight();
    return eightView.getBigInt64(0, true);
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) throw new MalformedError('an integer is above 2^53 - 1');
        return value;
      }
      scale *= 0x80;
    }
    throw new MalformedError('an integer takes more than eight bytes');
  }

  /** A view of the next `length` bytes: copy it if it outlives the turn. */
  raw(length: number): Bytes {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  bytes(): Bytes {
    return this.raw(this.varint());
  }

  /** Passes by so many bytes, and says where they began. */
  skip(length: number): number {
    return this.#take(length);
  }

  key(): string {
    const length = this.varint();
    const at = this.#take(length);
    return charactersOf(this.#bytes, at, at + length);
  }

  text(): string {
    const length = this.varint();
    const at = this.#take(length);
    return textIn(this.#bytes, at, at + length);
  }

  /** The same, where it is likely to be `expected`: then that very string, and nothing is made. */
  textLike(expected: string): string {
    const start = this.#at;
    const length = this.varint();
    const at = this.#take(length);
    if (length === expected.length && this.#spells(at, expected)) return expected;
    this.#at = start;
    return this.text();
  }

  /** Whether the bytes from `at` on are those of a text in ASCII. */
  #spells(at: number, text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      const byte = this.#bytes[at + i]!;
      if (byte !== text.charCodeAt(i) || byte >= 0x80) return false;
    }
    return true;
  }

  #takeEight(): void {
    const at = this.#take(8);
    for (let i = 0; i < 8; i++) eight[i] = this.#bytes[at + i]!;
  }

  #take(count: number): number {
    const at = this.#at;
    if (count > this.#end - at) throw new MalformedError(`${count} bytes are missing at position ${at}`);
    this.#at = at + count;
    return at;
  }
}
