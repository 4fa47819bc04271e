import { Redis } from 'ioredis';
import { pause } from './town.mjs';

const connectMsMax = 1_000;
const replyMsMax = 8_000;
const turnMs = 50;

/** Why a command was not answered well. `mayHaveHappened` is false where it surely did not, and never will. */
export class Failed extends Error {
  mayHaveHappened;
  /** By which the outcome may be asked for, if at all. */
  id;

  constructor(message, mayHaveHappened) {
    super(message);
    this.mayHaveHappened = mayHaveHappened;
    this.id = /^UNKNOWN outcome of ([^;]+);/.exec(message)?.[1];
  }
}

/** A client that turns to the next peer when one fails it, and never sends a command twice. */
export class Caller {
  #town;
  #at;
  #redis;
  #patienceMs;

  constructor(town, at, patienceMs = replyMsMax) {
    this.#town = town;
    this.#patienceMs = patienceMs;
    this.#at = at;
  }

  /** Sends one command. Rejects with `Failed`. */
  async call(...words) {
    const redis = await this.#connected();
    try {
      return await redis.call(...words);
    } catch (error) {
      const wasNotDone = error.message.startsWith('CLUSTERDOWN') || error.message.startsWith("Stream isn't writeable");
      throw new Failed(error.message, !wasNotDone);
    }
  }

  /** Turns to the next peer. */
  async turn() {
    this.close();
    this.#at++;
    await pause(turnMs);
  }

  close() {
    this.#redis?.disconnect();
    this.#redis = undefined;
  }

  async #connected() {
    if (this.#redis !== undefined) return this.#redis;
    const { peers } = this.#town;
    const [host, port] = peers[this.#at % peers.length].redis.split(':');
    const redis = new Redis({
      host,
      port: Number(port),
      lazyConnect: true,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      connectTimeout: Math.min(connectMsMax, this.#patienceMs),
      commandTimeout: this.#patienceMs,
    });
    // Told by each command that fails, too.
    redis.on('error', () => {});
    this.#redis = redis;
    try {
      await redis.connect();
    } catch (error) {
      throw new Failed(String(error), false);
    }
    return redis;
  }
}
