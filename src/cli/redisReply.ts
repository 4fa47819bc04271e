/** A reply of the Redis protocol, version 2. */
export type RedisReply =
  | { readonly kind: 'text' | 'error' | 'integer'; readonly text: string }
  | { readonly kind: 'bulk'; readonly bytes: Buffer }
  | { readonly kind: 'nil' }
  | { readonly kind: 'list'; readonly items: readonly RedisReply[] };

/** Gathers chunks until they hold a whole reply. */
export class ReplyReader {
  #bytes: Buffer = Buffer.alloc(0);

  add(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
  }

  /** The next reply, or undefined while it is not whole. */
  take(): RedisReply | undefined {
    const found = read(this.#bytes, 0);
    if (found === undefined) return undefined;
    this.#bytes = this.#bytes.subarray(found.end);
    return found.reply;
  }
}

interface Found {
  readonly reply: RedisReply;
  readonly end: number;
}

function read(bytes: Buffer, at: number): Found | undefined {
  const lineEnd = bytes.indexOf('\r\n', at);
  if (lineEnd < 0) return undefined;
  const text = bytes.toString('utf8', at + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(bytes[at]!)) {
    case '+':
      return { reply: { kind: 'text', text }, end };
    case '-':
      return { reply: { kind: 'error', text }, end };
    case ':':
      return { reply: { kind: 'integer', text }, end };
    case '$':
      return readBulk(bytes, Number(text), end);
    case '*':
      return readList(bytes, Number(text), end);
    default:
      return { reply: { kind: 'error', text: `what came is no reply of the Redis protocol: ${text}` }, end };
  }
}

function readBulk(bytes: Buffer, length: number, at: number): Found | undefined {
  if (length < 0) return { reply: { kind: 'nil' }, end: at };
  if (bytes.length < at + length + 2) return undefined;
  return { reply: { kind: 'bulk', bytes: bytes.subarray(at, at + length) }, end: at + length + 2 };
}

function readList(bytes: Buffer, count: number, at: number): Found | undefined {
  if (count < 0) return { reply: { kind: 'nil' }, end: at };
  const items: RedisReply[] = [];
  let end = at;
  for (let i = 0; i < count; i++) {
    const found = read(bytes, end);
    if (found === undefined) return undefined;
    items.push(found.reply);
    end = found.end;
  }
  return { reply: { kind: 'list', items }, end };
}

/** As redis-cli shows a reply: with types for people, bare for programs. */
export function formatReply(reply: RedisReply, forPeople: boolean, indent = ''): string {
  switch (reply.kind) {
    case 'text':
      return reply.text;
    case 'error':
      return forPeople ? `(error) ${reply.text}` : reply.text;
    case 'integer':
      return forPeople ? `(integer) ${reply.text}` : reply.text;
    case 'nil':
      return forPeople ? '(nil)' : '';
    case 'bulk':
      return forPeople ? quote(reply.bytes) : reply.bytes.toString('utf8');
    case 'list':
      return formatList(reply.items, forPeople, indent);
  }
}

function formatList(items: readonly RedisReply[], forPeople: boolean, indent: string): string {
  if (items.length === 0) return forPeople ? '(empty array)' : '';
  if (!forPeople) return items.map((item) => formatReply(item, false)).join('\n');
  const width = String(items.length).length;
  const lines = items.map((item, i) => {
    const head = `${String(i + 1).padStart(width)}) `;
    return head + formatReply(item, true, indent + ' '.repeat(head.length));
  });
  return lines.join(`\n${indent}`);
}

function quote(bytes: Buffer): string {
  let text = '"';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (character === '"' || character === '\\') text += `\\${character}`;
    else if (byte === 0x0a) text += '\\n';
    else if (byte === 0x0d) text += '\\r';
    else if (byte === 0x09) text += '\\t';
    else if (byte < 0x20 || byte > 0x7e) text += `\\x${byte.toString(16).padStart(2, '0')}`;
    else text += character;
  }
  return `${text}"`;
}
