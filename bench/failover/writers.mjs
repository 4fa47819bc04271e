import { Redis } from 'ioredis';
import { pause } from './peers.mjs';

/** How long a client waits for a reply before it turns to the next peer. */
export const clientPatienceMs = 1_000;
/** Keys of each client: what was last acknowledged for each is remembered, and looked at again. */
const keysPerClient = 500;

/** Clients that write, each the next value as soon as the last one is acknowledged. */
export class Writers {
  constructor(addresses, count) {
    this.addresses = addresses;
    this.acknowledged = 0;
    this.unknown = 0;
    this.longestGapMs = 0;
    this.lastMs = performance.now();
    this.isStopping = false;
    this.writers = Array.from({ length: count }, (_, id) => ({ id, at: id, begunMs: 0, kept: new Map() }));
    this.running = Promise.all(this.writers.map((writer) => this.#live(writer)));
  }

  /** Forgets the longest gap so far: what follows belongs to a new fault. */
  mark() {
    this.longestGapMs = 0;
    this.markMs = performance.now();
    // The gap counts from the fault, not from the last write before it.
    this.lastMs = this.markMs;
    for (const writer of this.writers) writer.servedMs = undefined;
  }

  /** Whether every client had a write acknowledged that it began after the mark. */
  get allServed() {
    return this.writers.every(({ servedMs }) => servedMs !== undefined);
  }

  /** How long after the mark the last client was served. */
  get slowestMs() {
    return Math.max(...this.writers.map(({ servedMs }) => servedMs)) - this.markMs;
  }

  async stop() {
    this.isStopping = true;
    await this.running;
  }

  async #live(writer) {
    let client = this.#connect(writer);
    for (let n = 0; !this.isStopping; n++) {
      const key = `failover:${writer.id}:${n % keysPerClient}`;
      const value = String(n);
      const begunMs = performance.now();
      try {
        await client.set(key, value);
        this.#acknowledge(writer, key, value, begunMs);
      } catch {
        this.unknown++;
        writer.kept.get(key)?.push(value) ?? writer.kept.set(key, [undefined, value]);
        client.disconnect();
        await pause(20);
        writer.at++;
        client = this.#connect(writer);
      }
    }
    client.disconnect();
  }

  #acknowledge(writer, key, value, begunMs) {
    const nowMs = performance.now();
    this.acknowledged++;
    this.longestGapMs = Math.max(this.longestGapMs, nowMs - this.lastMs);
    this.lastMs = nowMs;
    if (begunMs > this.markMs) writer.servedMs ??= nowMs;
    // The first of what may be there is what was acknowledged; others, of unknown outcome, may come behind it.
    const earlierUnknown = writer.kept.get(key)?.slice(1) ?? [];
    writer.kept.set(key, [value, ...earlierUnknown]);
  }

  #connect(writer) {
    const [host, port] = this.addresses[writer.at % this.addresses.length].split(':');
    const client = new Redis({
      host,
      port: Number(port),
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      enableReadyCheck: false,
      retryStrategy: () => null,
      connectTimeout: clientPatienceMs,
      commandTimeout: clientPatienceMs,
    });
    // Every command that fails tells it too.
    client.on('error', () => {});
    return client;
  }

  /** Reads all that was acknowledged through one peer, and counts what is not there. */
  async countLost(address) {
    const [host, port] = address.split(':');
    const client = new Redis({ host, port: Number(port) });
    let lost = 0;
    for (const { kept } of this.writers) {
      const keys = [...kept.keys()];
      if (keys.length === 0) continue;
      const values = await client.mget(keys);
      for (const [i, key] of keys.entries()) {
        const [acknowledged, ...unknown] = kept.get(key);
        const isRight = values[i] === acknowledged || unknown.includes(values[i]);
        if (acknowledged !== undefined && !isRight) lost++;
      }
    }
    client.disconnect();
    return lost;
  }
}
