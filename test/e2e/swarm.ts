import { Redis } from 'ioredis';
import { type Act, History, type Operation, type Seen } from '../../src/simulator/history.ts';
import { pause } from './processes.ts';

/** Keys in use at one time, and after how many operations others take their place: each history stays short. */
const keysAtOnce = 16;
const operationsPerGeneration = 1_500;
/** What a client does between two operations, so that two cores carry clients, peers and the record. */
const thinkMs = 2;
const patienceMs = 7_000;

/** Many clients that read and write through all peers, each one operation at a time, and remember what they saw. */
export class Swarm {
  readonly history = new History();
  /** Operations answered well, in all and as writes, and those that were refused or left unknown. */
  done = 0;
  writes = 0;
  refused = 0;
  unknown = 0;
  /** When the last write was acknowledged: on the clock of `performance.now()`. */
  lastWriteMs = 0;
  readonly #addresses: readonly string[];
  readonly #label: string;
  #isStopping = false;
  #running: Promise<unknown> = Promise.resolve();
  #begun = 0;
  readonly #keys = new Set<string>();

  /** `addresses` are the Redis addresses of all peers; each client begins with one of them. `label` begins its keys. */
  constructor(label: string, addresses: readonly string[]) {
    this.#label = label;
    this.#addresses = addresses;
  }

  start(clients: number): void {
    this.#running = Promise.all(Array.from({ length: clients }, (_, client) => this.#live(client)));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  /** Reads every key that was ever in use, once, through one peer: what was acknowledged must be there. */
  async readAll(address: string): Promise<number> {
    const client = new Caller([address], 0);
    for (const key of this.#keys) await this.#perform(client, -1, key, { kind: 'get' });
    client.close();
    return this.#keys.size;
  }

  async #live(client: number): Promise<void> {
    const caller = new Caller(this.#addresses, client);
    while (!this.#isStopping) {
      const generation = Math.floor(this.#begun++ / operationsPerGeneration);
      const key = `${this.#label}:${generation}:${Math.floor(Math.random() * keysAtOnce)}`;
      this.#keys.add(key);
      await this.#perform(caller, client, key, this.#choose(key));
      await pause(thinkMs);
    }
    caller.close();
  }

  /** Keys with an even number count, the others hold unique values. */
  #choose(key: string): Act {
    if (Math.random() < 0.4) return { kind: 'get' };
    if (Number(key.at(-1)) % 2 === 0) return { kind: 'increment', by: 1 };
    return { kind: 'put', value: `v${this.#begun}` };
  }

  async #perform(caller: Caller, client: number, key: string, act: Act): Promise<void> {
    const operation = this.history.begin(client, key, act, performance.now());
    try {
      operation.seen = await caller.perform(operation);
      operation.returnedMs = performance.now();
      this.done++;
      if (act.kind !== 'get') {
        this.writes++;
        this.lastWriteMs = operation.returnedMs;
      }
    } catch (thrown) {
      if (wasNotDone(thrown) || act.kind === 'get') {
        this.refused++;
        this.history.forget(operation);
      } else {
        this.unknown++;
      }
      await caller.next();
    }
  }
}

/** There was no connection to send it over. */
class NotSent extends Error {}

/** Refused before anything was proposed, or never sent: the operation did not happen and never will. */
function wasNotDone(error: unknown): boolean {
  if (error instanceof NotSent) return true;
  const { message } = error as Error;
  return message.startsWith('CLUSTERDOWN') || message.startsWith("Stream isn't writeable");
}

/** One client that turns to the next peer when one fails it. Never sends an operation twice. */
class Caller {
  readonly #addresses: readonly string[];
  #at: number;
  #redis: Redis;

  constructor(addresses: readonly string[], at: number) {
    this.#addresses = addresses;
    this.#at = at;
    this.#redis = this.#open();
  }

  async perform({ key, act }: Operation): Promise<Seen> {
    await this.#connect();
    switch (act.kind) {
      case 'get':
        return { kind: 'value', value: (await this.#redis.get(key)) ?? undefined };
      case 'put':
        return { kind: 'done', isDone: (await this.#redis.set(key, act.value)) === 'OK' };
      case 'increment':
        return { kind: 'number', value: await this.#redis.incrby(key, act.by) };
      default:
        throw new Error(`no client of this test does ${act.kind}`);
    }
  }

  /** Turns to the next peer. */
  async next(): Promise<void> {
    this.close();
    this.#at++;
    await pause(20);
    this.#redis = this.#open();
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #connect(): Promise<void> {
    if (this.#redis.status !== 'wait') return;
    try {
      await this.#redis.connect();
    } catch (error) {
      throw new NotSent(String(error));
    }
  }

  #open(): Redis {
    const [host, port] = this.#addresses[this.#at % this.#addresses.length]!.split(':') as [string, string];
    const redis = new Redis({
      host,
      port: Number(port),
      lazyConnect: true,
      enableOfflineQueue: false,
      enableReadyCheck: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
      connectTimeout: 500,
      commandTimeout: patienceMs,
    });
    // Told by each command that fails, too.
    redis.on('error', () => {});
    return redis;
  }
}
