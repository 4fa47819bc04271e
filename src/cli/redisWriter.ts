import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { bytesOfElements, commandsOf } from './collectionRow.ts';
import { Exit } from './exit.ts';
import { isFirst, type Row } from './jsonLine.ts';
import { type RedisReply, ReplyReader } from './redisReply.ts';

/** What is sent before its replies are awaited. */
const batchCommandsMax = 512;
const batchBytesMax = 2 * 1024 * 1024;
/** How long peers may refuse, or be gone, before the work is given up. */
const patienceMs = 30_000;
const againMs = 200;
const replyMsMax = 30_000;
/** What a peer says that cannot serve now, and may soon. */
const passing = /^(BUSY|CLUSTERDOWN|LOADING|TRYAGAIN|MASTERDOWN|UNKNOWN)/;

type Words = readonly (string | Buffer)[];

/**
 * Writes rows through peers' Redis addresses, many at a time. A batch that a peer did not answer goes to the next peer:
 * each row is written at least once, in an order among rows that nobody should rely on.
 */
export class RedisWriter {
  readonly #addresses: readonly string[];
  #at = 0;
  #socket: Socket | undefined;
  #batch: Words[] = [];
  #batchBytes = 0;
  /** Keys that the batch begins with. */
  #rows = 0;
  /** Rows that peers have acknowledged. */
  written = 0;

  constructor(addresses: readonly string[]) {
    this.#addresses = addresses;
  }

  /** How many keys the store holds. */
  async countKeys(): Promise<number> {
    const [reply] = await this.#exchangeUntilDone([['DBSIZE']]);
    return reply?.kind === 'integer' ? Number(reply.text) : 0;
  }

  /** Resolves when there is room for the next. */
  async put(row: Row): Promise<void> {
    this.#rows += isFirst(row) ? 1 : 0;
    if ('of' in row) {
      this.#batch.push(...commandsOf(row));
      this.#batchBytes += bytesOfElements(row);
    } else {
      const expiry = row.expiresAtMs === undefined ? [] : ['PXAT', String(row.expiresAtMs)];
      this.#batch.push(['SET', row.key, row.value, ...expiry]);
      this.#batchBytes += row.key.length + row.value.length;
    }
    if (this.#batch.length >= batchCommandsMax || this.#batchBytes >= batchBytesMax) await this.flush();
  }

  /** Resolves when all that was put has been acknowledged. */
  async flush(): Promise<void> {
    const batch = this.#batch;
    const rows = this.#rows;
    this.#batch = [];
    this.#batchBytes = 0;
    this.#rows = 0;
    if (batch.length === 0) return;
    await this.#exchangeUntilDone(batch);
    this.written += rows;
  }

  close(): void {
    this.#socket?.destroy();
  }

  async #exchangeUntilDone(commands: readonly Words[]): Promise<readonly RedisReply[]> {
    const deadlineMs = performance.now() + patienceMs;
    for (;;) {
      const replies = await this.#exchange(commands).catch((error: Error) => error.message);
      const trouble = typeof replies === 'string' ? replies : errorIn(replies);
      if (trouble === undefined) return replies as readonly RedisReply[];
      if (typeof replies !== 'string' && !passing.test(trouble))
        throw new Exit(1, `A peer refused a write: ${trouble}.`);
      if (performance.now() > deadlineMs) {
        throw new Exit(3, `No peer took writes for ${patienceMs / 1000} s: ${trouble}. See selfman status.`);
      }
      this.#socket?.destroy();
      this.#socket = undefined;
      this.#at++;
      await pause(againMs);
    }
  }

  async #exchange(commands: readonly Words[]): Promise<readonly RedisReply[]> {
    const socket = await this.#connected();
    return new Promise((resolve, reject) => {
      const reader = new ReplyReader();
      const replies: RedisReply[] = [];
      const settle = (end: () => void): void => {
        socket.removeAllListeners();
        socket.on('error', () => socket.destroy());
        end();
      };
      const fail = (reason: string): void => settle(() => reject(new Error(reason)));
      socket.setTimeout(replyMsMax, () => fail('no reply in time'));
      socket.on('error', (error) => fail(error.message));
      socket.on('close', () => fail('the connection was closed'));
      socket.on('data', (chunk) => {
        reader.add(chunk);
        for (let reply = reader.take(); reply !== undefined; reply = reader.take()) replies.push(reply);
        if (replies.length >= commands.length) settle(() => resolve(replies));
      });
      for (const words of commands) socket.write(encodeCommand(words));
    });
  }

  #connected(): Promise<Socket> {
    if (this.#socket !== undefined && !this.#socket.destroyed) return Promise.resolve(this.#socket);
    const address = this.#addresses[this.#at % this.#addresses.length]!;
    const colon = address.lastIndexOf(':');
    const socket = connect({
      host: address.slice(0, colon).replace(/^\[|\]$/g, ''),
      port: Number(address.slice(colon + 1)),
    });
    return new Promise((resolve, reject) => {
      socket.once('error', (error) => reject(error));
      socket.once('connect', () => {
        this.#socket = socket;
        resolve(socket);
      });
    });
  }
}

function errorIn(replies: readonly RedisReply[]): string | undefined {
  const found = replies.find((reply) => reply.kind === 'error');
  return found?.kind === 'error' ? found.text : undefined;
}

export function encodeCommand(words: Words): Buffer {
  const parts: Buffer[] = [Buffer.from(`*${words.length}\r\n`)];
  for (const word of words) {
    const bytes = typeof word === 'string' ? Buffer.from(word) : word;
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}
