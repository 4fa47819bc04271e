import { Caller } from '../chaos/caller.mjs';

const thinkMs = 8;
const patienceMs = 10_000;
const tryMs = 2_000;
const keys = 50;

export function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** A client that tries again what was not answered well, and remembers how long each operation took with all its tries. */
export class Patient {
  taken = [];
  retries = 0;
  errors = 0;
  #kept = new Map();
  #caller;
  #town;
  #index;
  #isOver = false;
  #running;

  constructor(town, index) {
    this.#town = town;
    this.#index = index;
    this.#caller = new Caller(town, index, tryMs);
    this.#running = this.#live();
  }

  /** What comes from now on belongs to another phase. */
  begin() {
    this.taken = [];
    this.retries = 0;
    this.errors = 0;
  }

  async end() {
    this.#isOver = true;
    await this.#running;
  }

  /** Reads all that was acknowledged, and counts what is not there. */
  async countLost() {
    const caller = new Caller(this.#town, 0);
    let lost = 0;
    for (const [key, value] of this.#kept) if ((await caller.call('GET', key)) !== value) lost++;
    caller.close();
    return lost;
  }

  async #live() {
    for (let n = 0; !this.#isOver; n++) {
      const key = `growth:${this.#index}:${n % keys}`;
      const startedMs = performance.now();
      // Putting the same value again changes nothing: it may be tried again whatever became of it.
      const isDone = await this.#persist(n % 2 === 0 ? ['SET', key, String(n)] : ['GET', key], startedMs + patienceMs);
      if (isDone && n % 2 === 0) this.#kept.set(key, String(n));
      if (isDone) this.taken.push(performance.now() - startedMs);
      else this.errors++;
      await pause(thinkMs);
    }
    this.#caller.close();
  }

  async #persist(words, deadlineMs) {
    while (performance.now() < deadlineMs) {
      try {
        await this.#caller.call(...words);
        return true;
      } catch (failed) {
        if (failed.mayHaveHappened === undefined) throw failed;
        this.retries++;
        await this.#caller.turn();
      }
    }
    return false;
  }
}
