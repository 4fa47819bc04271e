import { type Bytes, bytesOfText, Writer } from '../base/index.ts';
import type { Integer } from '../command/index.ts';

const endOfLine = bytesOfText('\r\n');
const okReply = bytesOfText('+OK\r\n');
const nilReply = bytesOfText('$-1\r\n');
const nilArrayReply = bytesOfText('*-1\r\n');
const nullReply = bytesOfText('_\r\n');
const zero = 0x30;

/** Writes replies in the version of RESP that the client chose. One is reused for all connections. */
export class ReplyWriter {
  readonly #writer = new Writer();
  #peakBytes = 0;
  protocol: 2 | 3 = 2;

  get length(): number {
    return this.#writer.length;
  }

  /** The longest that it was: its memory. */
  get peakBytes(): number {
    return Math.max(this.#peakBytes, this.#writer.length);
  }

  reset(protocol: 2 | 3): void {
    this.#peakBytes = this.peakBytes;
    this.#writer.reset();
    this.protocol = protocol;
  }

  /** An exact copy of what was written. */
  take(): Bytes {
    return this.#writer.take();
  }

  raw(bytes: Bytes): void {
    this.#writer.raw(bytes);
  }

  ok(): void {
    this.#writer.raw(okReply);
  }

  simple(text: string): void {
    this.#line(0x2b, text);
  }

  /** The first word is the code of the error: `ERR` for most. */
  error(text: string): void {
    this.#line(0x2d, text);
  }

  integer(value: Integer): void {
    this.#writer.u8(0x3a);
    this.#integer(value);
  }

  bulk(bytes: Bytes): void {
    this.#head(0x24, bytes.length);
    this.#writer.raw(bytes);
    this.#writer.raw(endOfLine);
  }

  /** Characters from 0 to 255, a byte each: a key, or a plain text. */
  bulkKey(key: string): void {
    this.#head(0x24, key.length);
    for (let i = 0; i < key.length; i++) this.#writer.u8(key.charCodeAt(i));
    this.#writer.raw(endOfLine);
  }

  bulkText(text: string): void {
    this.bulk(bytesOfText(text));
  }

  /** A number with a fraction, as a text. */
  double(text: string): void {
    if (this.protocol === 3) this.#line(0x2c, text);
    else this.bulkKey(text);
  }

  nil(): void {
    this.#writer.raw(this.protocol === 3 ? nullReply : nilReply);
  }

  nilArray(): void {
    this.#writer.raw(this.protocol === 3 ? nullReply : nilArrayReply);
  }

  array(count: number): void {
    this.#head(0x2a, count);
  }

  /** `count` pairs of key and value follow; an array of both where the protocol has no maps. */
  map(count: number): void {
    if (this.protocol === 3) this.#head(0x25, count);
    else this.#head(0x2a, 2 * count);
  }

  set(count: number): void {
    this.#head(this.protocol === 3 ? 0x7e : 0x2a, count);
  }

  /** A text for people. */
  verbatim(text: string): void {
    if (this.protocol === 3) this.#verbatim(bytesOfText(`txt:${text}`));
    else this.bulkText(text);
  }

  #verbatim(bytes: Bytes): void {
    this.#head(0x3d, bytes.length);
    this.#writer.raw(bytes);
    this.#writer.raw(endOfLine);
  }

  #head(type: number, count: number): void {
    this.#writer.u8(type);
    this.#integer(count);
  }

  #integer(value: Integer): void {
    if (typeof value === 'number' && value >= 0 && value < 10) this.#writer.u8(zero + value);
    else {
      const digits = String(value);
      for (let i = 0; i < digits.length; i++) this.#writer.u8(digits.charCodeAt(i));
    }
    this.#writer.raw(endOfLine);
  }

  /** What the text quotes of a client's bytes must not end the line. */
  #line(type: number, text: string): void {
    this.#writer.u8(type);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      this.#writer.u8(code === 0x0d || code === 0x0a ? 0x20 : code);
    }
    this.#writer.raw(endOfLine);
  }
}
