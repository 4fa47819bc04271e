// A bare client of the Redis protocol: as little CPU as a client can take. What is asked in one turn leaves in one write.
import { connect } from 'node:net';

export class RedisClient {
  #socket;
  #waiting = [];
  #rest = '';
  #out = '';
  #lastReply = '';

  constructor(address) {
    const [host, port] = address.split(':');
    this.#socket = connect({ host, port: Number(port), noDelay: true });
    this.ready = new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve);
      this.#socket.once('error', reject);
    });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text) => this.#read(this.#rest + text));
    this.#socket.on('close', () => {
      for (const done of this.#waiting.splice(0)) done(false);
    });
  }

  put(key, value) {
    return this.ask(`*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$${value.length}\r\n${value.latin1Slice()}\r\n`);
  }

  get(key) {
    return this.ask(`*2\r\n$3\r\nGET\r\n$${key.length}\r\n${key}\r\n`);
  }

  /** Whether there is such a key. */
  async has(key) {
    await this.ask(`*2\r\n$6\r\nEXISTS\r\n$${key.length}\r\n${key}\r\n`);
    return this.#lastReply === ':1';
  }

  increment(key) {
    return this.ask(`*2\r\n$4\r\nINCR\r\n$${key.length}\r\n${key}\r\n`);
  }

  /** Adds a member to a set. */
  add(key, member) {
    return this.ask(`*3\r\n$4\r\nSADD\r\n$${key.length}\r\n${key}\r\n$${member.length}\r\n${member}\r\n`);
  }

  /** Writes two keys at once. */
  pair(one, other, value) {
    const text = value.latin1Slice();
    const set = (key) => `$${key.length}\r\n${key}\r\n$${text.length}\r\n${text}\r\n`;
    return this.ask(`*5\r\n$4\r\nMSET\r\n${set(one)}${set(other)}`);
  }

  /** So many keys from one on, in order, with their values. */
  range(from, rows) {
    const limit = String(rows);
    const head = `*6\r\n$7\r\nSELFMAN\r\n$5\r\nRANGE\r\n$${from.length}\r\n${from}\r\n$0\r\n\r\n`;
    return this.ask(`${head}$5\r\nLIMIT\r\n$${limit.length}\r\n${limit}\r\n`);
  }

  /** The first line of the reply to the last request that was answered. */
  get lastReply() {
    return this.#lastReply;
  }

  close() {
    this.#socket.destroy();
  }

  /** Sends a request that is encoded already. True where the reply is no error. */
  ask(text) {
    if (this.#out === '') queueMicrotask(() => this.#flush());
    this.#out += text;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #flush() {
    this.#socket.write(this.#out, 'latin1');
    this.#out = '';
  }

  #read(text) {
    let at = 0;
    while (this.#waiting.length > 0) {
      const end = text.indexOf('\r\n', at);
      const next = replyEnd(text, at);
      if (next === undefined) break;
      const ok = text[at] !== '-';
      this.#lastReply = text.slice(at, end);
      if (!ok) RedisClient.lastError = text.slice(at, end);
      at = next;
      this.#waiting.shift()(ok);
    }
    this.#rest = text.slice(at);
  }
}

/** Behind the reply that begins there; undefined where it is not whole yet. */
function replyEnd(text, at) {
  const end = text.indexOf('\r\n', at);
  if (end < 0) return undefined;
  const size = Number(text.slice(at + 1, end));
  let next = end + 2;
  if (text[at] === '$' && size >= 0) next += size + 2;
  if (text[at] === '*') for (let i = 0; i < size && next !== undefined; i++) next = replyEnd(text, next);
  return next === undefined || next > text.length ? undefined : next;
}
