// A bare client of the Redis protocol, one request in flight: as little CPU as a client can take.
import { connect } from 'node:net';

export class RedisClient {
  #socket;
  #waiting = [];
  #rest = '';
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
    return this.#ask(`*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$${value.length}\r\n${value.latin1Slice()}\r\n`);
  }

  get(key) {
    return this.#ask(`*2\r\n$3\r\nGET\r\n$${key.length}\r\n${key}\r\n`);
  }

  /** Whether there is such a key. */
  async has(key) {
    await this.#ask(`*2\r\n$6\r\nEXISTS\r\n$${key.length}\r\n${key}\r\n`);
    return this.#lastReply === ':1';
  }

  increment(key) {
    const counter = `n${key}`;
    return this.#ask(`*2\r\n$4\r\nINCR\r\n$${counter.length}\r\n${counter}\r\n`);
  }

  close() {
    this.#socket.destroy();
  }

  #ask(text) {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#socket.write(text, 'latin1');
    });
  }

  #read(text) {
    let at = 0;
    while (this.#waiting.length > 0) {
      const end = text.indexOf('\r\n', at);
      if (end < 0) break;
      let next = end + 2;
      if (text[at] === '$' && text[at + 1] !== '-') next += Number(text.slice(at + 1, end)) + 2;
      if (next > text.length) break;
      const ok = text[at] !== '-';
      this.#lastReply = text.slice(at, end);
      if (!ok) RedisClient.lastError = text.slice(at, end);
      at = next;
      this.#waiting.shift()(ok);
    }
    this.#rest = text.slice(at);
  }
}
