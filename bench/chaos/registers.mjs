import { checkLinearizable, History } from '../../dist/simulator/index.js';
import { Caller } from './caller.mjs';

/** Keys in use at one time, and after how many operations others take their place: each history stays short. */
const keysAtOnce = 24;
const operationsPerGeneration = 2_000;
const letters = 'bdfhjlnprtvx';
const largeProbability = 0.05;
const largeBytesMax = 16 * 1024;
const askOutcomeProbability = 0.5;

/** Clients that get, put, append, count and delete single keys; each key is judged by itself. */
export class Registers {
  name = 'single keys';
  history = new History();
  figures = { done: 0, refused: 0, unknown: 0, resolved: 0 };
  #town;
  #label;
  #random;
  #begun = 0;
  #keys = new Set();

  /** `label` tells its keys from those of others. */
  constructor(town, random, label = '') {
    this.#town = town;
    this.#label = label;
    this.#random = random;
  }

  client(index) {
    const caller = new Caller(this.#town, index);
    return {
      step: () => this.#step(caller, index),
      close: () => caller.close(),
    };
  }

  async #step(caller, client) {
    const generation = Math.floor(this.#begun++ / operationsPerGeneration);
    const n = this.#random.below(keysAtOnce);
    // Their first letters spread them over all cells.
    const key = `${letters[n % letters.length]}:register:${this.#label}${generation}:${n}`;
    this.#keys.add(key);
    await this.#perform(caller, client, key, this.#choose(n));
  }

  /** One key in three counts, one in three grows, the others hold unique values. */
  #choose(n) {
    const random = this.#random;
    if (random.chance(0.35)) return { kind: 'get' };
    if (n % 3 === 0) return { kind: 'increment', by: random.between(1, 3) };
    const value = `v${this.#begun}${random.chance(largeProbability) ? '.'.repeat(random.below(largeBytesMax)) : ''}`;
    if (n % 3 === 1) return random.chance(0.9) ? { kind: 'append', value: `${value},` } : { kind: 'delete' };
    if (random.chance(0.15)) return { kind: 'delete' };
    return { kind: random.chance(0.3) ? 'putIfAbsent' : 'put', value };
  }

  async #perform(caller, client, key, act) {
    const operation = this.history.begin(client, key, act, performance.now());
    try {
      operation.seen = seenOf(act, await caller.call(...wordsOf(key, act)));
      operation.returnedMs = performance.now();
      this.figures.done++;
    } catch (failed) {
      if (act.kind === 'get' || failed.mayHaveHappened === false) {
        this.figures.refused++;
        this.history.forget(operation);
      } else {
        this.figures.unknown++;
        if (failed.id !== undefined && this.#random.chance(askOutcomeProbability))
          await this.#resolve(caller, operation, failed.id);
      }
      if (failed.mayHaveHappened === undefined) throw failed;
      await caller.turn();
    }
  }

  /** Asks what became of it. What never happened must be seen by nobody. */
  async #resolve(caller, operation, id) {
    const [state] = await caller.call('SELFMAN', 'OUTCOME', id).catch(() => ['unknown']);
    if (state === 'never') this.history.forget(operation);
    if (state === 'executed') {
      operation.isExecuted = true;
      operation.returnedMs = performance.now();
    }
    if (state === 'never' || state === 'executed') this.figures.resolved++;
  }

  /** Reads every key that was ever in use, through one peer: what was acknowledged must be there. */
  async readAll(peer) {
    const caller = new Caller({ peers: [peer] }, 0);
    for (const key of this.#keys) await this.#perform(caller, -1, key, { kind: 'get' });
    caller.close();
  }

  judge() {
    return checkLinearizable(this.history);
  }
}

function wordsOf(key, act) {
  switch (act.kind) {
    case 'get':
      return ['GET', key];
    case 'put':
      return ['SET', key, act.value];
    case 'putIfAbsent':
      return ['SET', key, act.value, 'NX'];
    case 'append':
      return ['APPEND', key, act.value];
    case 'delete':
      return ['DEL', key];
    case 'increment':
      return ['INCRBY', key, String(act.by)];
    default:
      throw new Error(`no client does ${act.kind}`);
  }
}

function seenOf(act, reply) {
  if (act.kind === 'get') return { kind: 'value', value: reply ?? undefined };
  if (act.kind === 'put' || act.kind === 'putIfAbsent') return { kind: 'done', isDone: reply === 'OK' };
  return { kind: 'number', value: reply };
}
