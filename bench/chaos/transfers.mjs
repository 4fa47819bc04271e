import { strictlySerializable } from '../../dist/simulator/index.js';
import { Caller } from './caller.mjs';

const accounts = 6;
const balance = 100;
const letters = 'cimqsw';
/** Transactions over one set of accounts before others take their place. */
const transactionsPerBank = 250;

const check = strictlySerializable({ transaction: (call, answer) => (answer === 'refused' ? undefined : call.did) });

/**
 * Money that moves between accounts in different cells: read under WATCH and written by EXEC, or all accounts written anew by
 * one MSET, while others read all at once by MGET. Each value is the balance and a number of its own.
 */
export class Transfers {
  name = 'transfers';
  figures = { done: 0, refused: 0, unknown: 0, conflicts: 0 };
  #town;
  #label;
  #random;
  #banks = [];
  #written = 0;
  #wrongSums = [];

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
    const bank = this.#bank();
    const chance = this.#random.fraction();
    if (!bank.isOpen) await this.#setAll(caller, client, bank);
    else if (chance < 0.4) await this.#audit(caller, client, bank);
    else if (chance < 0.5) await this.#setAll(caller, client, bank);
    else await this.#move(caller, client, bank);
  }

  #bank() {
    const last = this.#banks.at(-1);
    if (last !== undefined && last.exchanges.length < transactionsPerBank) return last;
    const number = this.#banks.length;
    const keys = Array.from({ length: accounts }, (_, i) => `${letters[i]}:bank:${this.#label}${number}`);
    this.#banks.push({ keys, exchanges: [], isOpen: false });
    return this.#banks.at(-1);
  }

  /** Every account is given the same again: the sum stays, whatever was there. */
  async #setAll(caller, client, bank) {
    const writes = bank.keys.map((key) => [key, this.#value(balance)]);
    const isDone = await this.#exchange(caller, client, bank, { reads: [], writes }, () =>
      caller.call('MSET', ...writes.flat()),
    );
    bank.isOpen ||= isDone;
  }

  async #audit(caller, client, { keys, ...bank }) {
    const did = { reads: [], writes: [] };
    const isDone = await this.#exchange(caller, client, bank, did, async () => {
      const values = await caller.call('MGET', ...keys);
      did.reads = keys.map((key, i) => [key, values[i] ?? undefined]);
    });
    const sum = did.reads.reduce((total, [, value]) => total + balanceOf(value), 0);
    if (isDone && sum !== accounts * balance)
      this.#wrongSums.push(`the accounts held ${sum}: ${JSON.stringify(did.reads)}`);
  }

  async #move(caller, client, bank) {
    const [from, to] = this.#random.shuffle([...bank.keys]);
    const did = { reads: [], writes: [] };
    await this.#exchange(caller, client, bank, did, async () => {
      await mustNotHaveHappened(caller.call('WATCH', from, to));
      const [payer, payee] = [await this.#get(caller, from), await this.#get(caller, to)];
      const amount = this.#random.between(1, 10);
      await mustNotHaveHappened(caller.call('MULTI'));
      const writes = [
        [from, this.#value(balanceOf(payer) - amount)],
        [to, this.#value(balanceOf(payee) + amount)],
      ];
      for (const [key, value] of writes) await mustNotHaveHappened(caller.call('SET', key, value));
      did.writes = writes;
      const reply = await caller.call('EXEC');
      if (reply === null) {
        this.figures.conflicts++;
        return 'refused';
      }
      did.reads = [
        [from, payer],
        [to, payee],
      ];
      return 'done';
    });
  }

  async #get(caller, key) {
    return (await mustNotHaveHappened(caller.call('GET', key))) ?? undefined;
  }

  /** Notes what a transaction did; whether it was answered well. */
  async #exchange(caller, client, { exchanges }, did, act) {
    const one = {
      client,
      call: { did },
      via: '',
      invokedMs: performance.now(),
      returnedMs: Number.POSITIVE_INFINITY,
      answer: undefined,
    };
    exchanges.push(one);
    try {
      one.answer = (await act()) === 'refused' ? 'refused' : 'done';
      one.returnedMs = performance.now();
      this.figures.done++;
      return true;
    } catch (failed) {
      if (failed.mayHaveHappened === undefined) throw failed;
      const isRefused = !failed.mayHaveHappened || did.writes.length === 0;
      this.figures[isRefused ? 'refused' : 'unknown']++;
      if (isRefused) one.answer = 'refused';
      await caller.turn();
      return false;
    }
  }

  #value(amount) {
    return `${amount}#${++this.#written}`;
  }

  async readAll(peer) {
    const caller = new Caller({ peers: [peer] }, 0);
    for (const bank of this.#banks) if (bank.isOpen) await this.#audit(caller, -1, bank);
    caller.close();
  }

  judge() {
    return [...this.#wrongSums, ...this.#banks.flatMap(({ exchanges }) => check.judge(exchanges))];
  }
}

function balanceOf(value) {
  return Number(value?.split('#')[0]);
}

/** Before EXEC nothing has been written yet, whatever fails. */
async function mustNotHaveHappened(reply) {
  try {
    return await reply;
  } catch (failed) {
    failed.mayHaveHappened = false;
    throw failed;
  }
}
