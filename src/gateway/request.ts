import { allocate, type Bytes, bytesOfText, type Key, keyIn, textOfBytes } from '../base/index.ts';

/**
 * The arguments of one request, the name of the command first. It looks into bytes that are good only until the next
 * request is parsed: what is kept is copied.
 */
export class Request {
  #bytes: Bytes = new Uint8Array(0);
  /** Begin and end of each argument. */
  #spans: readonly number[] = [];

  /** @internal */
  fill(bytes: Bytes, spans: readonly number[]): void {
    this.#bytes = bytes;
    this.#spans = spans;
  }

  get count(): number {
    return this.#spans.length >>> 1;
  }

  /** Bytes of all arguments together. */
  get size(): number {
    let size = 0;
    for (let i = 0; i < this.#spans.length; i += 2) size += this.#spans[i + 1]! - this.#spans[i]!;
    return size;
  }

  /** Bytes of the longest argument. */
  get longest(): number {
    let longest = 0;
    for (let i = 0; i < this.#spans.length; i += 2) {
      longest = Math.max(longest, this.#spans[i + 1]! - this.#spans[i]!);
    }
    return longest;
  }

  /** A view of an argument. */
  view(index: number): Bytes {
    return this.#bytes.subarray(this.#spans[2 * index]!, this.#spans[2 * index + 1]!);
  }

  copy(index: number): Bytes {
    const view = this.view(index);
    const copy = allocate(view.length);
    copy.set(view);
    return copy;
  }

  key(index: number): Key {
    return keyIn(this.#bytes, this.#spans[2 * index]!, this.#spans[2 * index + 1]!);
  }

  /** The arguments from `first` on, as keys. */
  keys(first: number): Key[] {
    const keys: Key[] = [];
    for (let i = first; i < this.count; i++) keys.push(this.key(i));
    return keys;
  }

  text(index: number): string {
    return textOfBytes(this.view(index));
  }

  /** An argument in small letters: command names and options. Only A to Z change. */
  word(index: number): string {
    let word = '';
    for (let i = this.#spans[2 * index]!; i < this.#spans[2 * index + 1]!; i++) {
      const code = this.#bytes[i]!;
      word += String.fromCharCode(code >= 0x41 && code <= 0x5a ? code + 0x20 : code);
    }
    return word;
  }
}

/** A request of texts. */
export function requestOf(...texts: readonly string[]): Request {
  const parts = texts.map(bytesOfText);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  const spans: number[] = [];
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    spans.push(at, at + part.length);
    at += part.length;
  }
  const request = new Request();
  request.fill(bytes, spans);
  return request;
}
