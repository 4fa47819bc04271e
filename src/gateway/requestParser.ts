import type { Bytes } from '../base/index.ts';
import { parseInteger } from '../command/index.ts';
import { splitLine } from './inlineRequest.ts';
import { argumentBytesMax, argumentsMax, lineBytesMax } from './limits.ts';
import { Request } from './request.ts';

const star = 0x2a;
const dollar = 0x24;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const notYet = -1;
const tooLong = -2;
const keptBufferBytesMax = 64 * 1024;
const noBytes: Bytes = new Uint8Array(0);

/** What the parser found: a request, nothing whole yet, or a breach of the protocol after which nothing follows. */
export type Parsed = Request | undefined | { readonly error: string };

/**
 * Takes requests out of a client's bytes however they are cut: RESP arrays of bulk strings, or lines. Memory grows with
 * what came, never with what was announced, and no byte is looked at twice for being cut off in the middle.
 */
export class RequestParser {
  /** The chunk that is being handled, or the parser's own buffer. */
  #bytes: Bytes = noBytes;
  #isOwn = true;
  /** Where the request under way begins, where parsing stands, and where the bytes end. */
  #start = 0;
  #at = 0;
  #end = 0;
  #argumentsLeft = 0;
  /** The length of the argument that comes next, or -1 before it is announced. */
  #length = -1;
  #spans: number[] = [];
  readonly #request = new Request();

  /** Bytes that wait to be understood. */
  get waitingBytes(): number {
    return this.#end - this.#start;
  }

  /** Adds a chunk, which is good until `release`. */
  add(chunk: Bytes): void {
    if (this.#start === this.#end) {
      this.#bytes = chunk;
      this.#isOwn = false;
      this.#start = 0;
      this.#at = 0;
      this.#end = chunk.length;
      return;
    }
    if (!this.#isOwn) this.release();
    this.#reserve(chunk.length);
    (this.#bytes as Uint8Array).set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The next request, good until the next call or `release`. */
  next(): Parsed {
    for (;;) {
      if (this.#argumentsLeft > 0) return this.#nextArguments();
      if (this.#at >= this.#end) return undefined;
      const isArray = this.#bytes[this.#at] === star;
      const found = isArray ? this.#beginArray() : this.#line();
      if (found !== 'nothing') return found;
    }
  }

  /** The chunk is no longer good: what is left of it is copied. */
  release(): void {
    if (this.#start === this.#end) {
      this.#forget();
      return;
    }
    if (this.#isOwn) return;
    const rest = this.#bytes.slice(this.#start, this.#end);
    this.#move(rest);
    this.#isOwn = true;
  }

  /** An empty request (`*0`) is no request: 'nothing'. */
  #beginArray(): Parsed | 'nothing' {
    const end = this.#lineEnd();
    if (end === tooLong) return failed('too big mbulk count string');
    if (end < 0) return undefined;
    const count = this.#announced(end);
    if (count === undefined || count > argumentsMax) return failed('invalid multibulk length');
    this.#at = end + 2;
    if (count <= 0) {
      this.#start = this.#at;
      return 'nothing';
    }
    this.#argumentsLeft = count;
    this.#spans = [];
    return this.#nextArguments();
  }

  #nextArguments(): Parsed {
    while (this.#argumentsLeft > 0) {
      if (this.#length < 0) {
        const end = this.#lineEnd();
        if (end === tooLong) return failed('too big bulk count string');
        if (end < 0) return undefined;
        if (this.#bytes[this.#at] !== dollar) {
          return failed(`expected '$', got '${String.fromCharCode(this.#bytes[this.#at]!)}'`);
        }
        const length = this.#announced(end);
        if (length === undefined || length < 0 || length > argumentBytesMax) return failed('invalid bulk length');
        this.#length = length;
        this.#at = end + 2;
      }
      if (this.#end - this.#at < this.#length + 2) return undefined;
      this.#spans.push(this.#at, this.#at + this.#length);
      this.#at += this.#length + 2;
      this.#length = -1;
      this.#argumentsLeft--;
    }
    return this.#finish(this.#bytes, this.#spans);
  }

  #line(): Parsed | 'nothing' {
    const end = this.#find(lineFeed);
    if (end === tooLong) return failed('too big inline request');
    if (end < 0) return undefined;
    const hasReturn = end > this.#at && this.#bytes[end - 1] === carriageReturn;
    const line = splitLine(this.#bytes.subarray(this.#at, hasReturn ? end - 1 : end));
    this.#at = end + 1;
    if (line === undefined) return failed('unbalanced quotes in request');
    if (line.spans.length === 0) {
      this.#start = this.#at;
      return 'nothing';
    }
    return this.#finish(line.bytes, line.spans);
  }

  #finish(bytes: Bytes, spans: readonly number[]): Request {
    this.#start = this.#at;
    this.#request.fill(bytes, spans);
    return this.#request;
  }

  /** Where the line that begins here ends (at its CR), if the LF behind it is there too. */
  #lineEnd(): number {
    const end = this.#find(carriageReturn);
    return end >= 0 && end + 1 >= this.#end ? notYet : end;
  }

  /** The next place of a byte, `notYet`, or `tooLong` where no line goes on that far. */
  #find(byte: number): number {
    const found = this.#bytes.indexOf(byte, this.#at);
    const isThere = found >= 0 && found < this.#end;
    if ((isThere ? found : this.#end) - this.#at > lineBytesMax) return tooLong;
    return isThere ? found : notYet;
  }

  /** The number between the first character of the line and its end: strict, as a length must be. */
  #announced(end: number): number | undefined {
    if (end - this.#at === 2) {
      const digit = this.#bytes[this.#at + 1]! - 0x30;
      return digit >= 0 && digit <= 9 ? digit : undefined;
    }
    const value = parseInteger(this.#bytes.subarray(this.#at + 1, end));
    return typeof value === 'number' ? value : undefined;
  }

  /** Makes room for `count` bytes behind the end, in a buffer of its own. */
  #reserve(count: number): void {
    const needed = this.#end - this.#start + count;
    if (this.#end + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, Math.min(2 * needed, needed + argumentBytesMax)));
    grown.set(this.#bytes.subarray(this.#start, this.#end));
    this.#move(grown);
  }

  /** Goes on in `bytes`, where the request under way now begins at 0. */
  #move(bytes: Bytes): void {
    const by = this.#start;
    for (let i = 0; i < this.#spans.length; i++) this.#spans[i]! -= by;
    this.#end -= by;
    this.#at -= by;
    this.#start = 0;
    this.#bytes = bytes;
  }

  #forget(): void {
    this.#start = 0;
    this.#at = 0;
    this.#end = 0;
    if (!this.#isOwn || this.#bytes.length > keptBufferBytesMax) this.#bytes = noBytes;
    this.#isOwn = true;
  }
}

function failed(what: string): { readonly error: string } {
  return { error: `Protocol error: ${what}` };
}
