import { Caller } from '../chaos/caller.mjs';
import { pause } from '../chaos/town.mjs';

const thinkMs = 10;
const patienceMs = 1_000;

/** Somebody who writes through one peer alone, one key after the other, and remembers when each was asked and answered. */
export class Probe {
  #served = [];
  #isOver = false;
  #peer;
  #running;

  constructor(peer) {
    this.#peer = peer;
    this.#running = this.#live();
  }

  end() {
    this.#isOver = true;
    return this.#running;
  }

  /** When the first write was answered that was asked after a moment: infinity where none was. */
  firstServedAfter(ms) {
    return this.#served.find(({ askedMs }) => askedMs > ms)?.answeredMs ?? Number.POSITIVE_INFINITY;
  }

  /** How many were asked and answered between two moments. */
  servedWithin(fromMs, toMs) {
    return this.#served.filter(({ askedMs, answeredMs }) => askedMs > fromMs && answeredMs < toMs).length;
  }

  async untilServed(ms, limitMs) {
    while (this.firstServedAfter(ms) === Number.POSITIVE_INFINITY) {
      if (performance.now() - ms > limitMs) throw new Error(`nothing is answered through ${this.#peer.name}`);
      await pause(thinkMs);
    }
    return this.firstServedAfter(ms);
  }

  async #live() {
    let caller = new Caller({ peers: [this.#peer] }, 0, patienceMs);
    for (let n = 0; !this.#isOver; n++) {
      const askedMs = performance.now();
      try {
        await caller.call('SET', `probe:${this.#peer.name}:${n % 100}`, String(n));
        this.#served.push({ askedMs, answeredMs: performance.now() });
        await pause(thinkMs);
      } catch (failed) {
        if (failed.mayHaveHappened === undefined) throw failed;
        caller.close();
        caller = new Caller({ peers: [this.#peer] }, 0, patienceMs);
        await pause(thinkMs);
      }
    }
    caller.close();
  }
}
