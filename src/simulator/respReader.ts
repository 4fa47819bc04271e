import { textOfBytes } from '../base/index.ts';

/** A reply of the Redis protocol, as far as simulated clients ask. */
export type RespReply =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'nil' }
  | { readonly kind: 'list'; readonly items: readonly RespReply[] };

/** Reads replies from a stream that may be cut anywhere. */
export class RespReader {
  #text = '';
  #at = 0;

  add(bytes: Uint8Array): void {
    this.#text = this.#text.slice(this.#at) + textOfBytes(bytes);
    this.#at = 0;
  }

  /** The next reply, or undefined while it is not whole. */
  take(): RespReply | undefined {
    const start = this.#at;
    const reply = this.#read();
    if (reply === undefined) this.#at = start;
    return reply;
  }

  #read(): RespReply | undefined {
    const end = this.#text.indexOf('\r\n', this.#at);
    if (end < 0) return undefined;
    const kind = this.#text[this.#at];
    const line = this.#text.slice(this.#at + 1, end);
    this.#at = end + 2;
    if (kind === '+') return { kind: 'text', text: line };
    if (kind === '-') return { kind: 'error', text: line };
    if (kind === ':') return { kind: 'integer', value: Number(line) };
    if (line === '-1') return { kind: 'nil' };
    return kind === '$' ? this.#readBulk(Number(line)) : this.#readList(Number(line));
  }

  #readBulk(length: number): RespReply | undefined {
    if (this.#text.length < this.#at + length + 2) return undefined;
    const text = this.#text.slice(this.#at, this.#at + length);
    this.#at += length + 2;
    return { kind: 'text', text };
  }

  #readList(count: number): RespReply | undefined {
    const items: RespReply[] = [];
    for (let i = 0; i < count; i++) {
      const item = this.#read();
      if (item === undefined) return undefined;
      items.push(item);
    }
    return { kind: 'list', items };
  }
}
