import { Caller } from './caller.mjs';

const letters = 'abcdefghijklmnopqrstuvwxyz';
const keysMax = 2_000;
const scanProbability = 0.1;
const pageRows = 100;

/** Keys that are only added, all over the store, and scans over all of them: what was there before a scan began is in it. */
export class Ranges {
  name = 'ranges';
  figures = { done: 0, refused: 0, unknown: 0, scans: 0 };
  #town;
  #random;
  #keys = [];
  #violations = [];

  constructor(town, random) {
    this.#town = town;
    this.#random = random;
  }

  client(index) {
    const caller = new Caller(this.#town, index);
    return {
      step: () => this.#step(caller),
      close: () => caller.close(),
    };
  }

  async #step(caller) {
    try {
      if (this.#keys.length > keysMax || this.#random.chance(scanProbability)) await this.#scan(caller);
      else await this.#add(caller);
      this.figures.done++;
    } catch (failed) {
      if (failed.mayHaveHappened === undefined) throw failed;
      this.figures[failed.mayHaveHappened ? 'unknown' : 'refused']++;
      await caller.turn();
    }
  }

  async #add(caller) {
    const number = this.#keys.length;
    const one = { key: `${this.#random.pick([...letters])}:range:${number}`, isThere: false };
    this.#keys.push(one);
    await caller.call('SET', one.key, String(number));
    one.isThere = true;
  }

  /** Page by page: it may hold what was added meanwhile, and nothing that nobody wrote. */
  async #scan(caller) {
    const before = this.#keys.filter(({ isThere }) => isThere).map(({ key }) => key);
    const found = [];
    let cursor = '0';
    do {
      const [next, keys] = await caller.call('SCAN', cursor, 'MATCH', '*:range:*', 'COUNT', String(pageRows));
      found.push(...keys);
      cursor = next;
    } while (cursor !== '0');
    this.figures.scans++;
    this.#judge(before, found);
  }

  #judge(before, found) {
    const seen = new Set(found);
    const begun = new Set(this.#keys.map(({ key }) => key));
    const missing = before.filter((key) => !seen.has(key));
    const strange = found.filter((key) => !begun.has(key));
    if (missing.length > 0) this.#violations.push(`a scan of ${found.length} keys misses ${missing.join(', ')}`);
    if (strange.length > 0) this.#violations.push(`a scan holds ${strange.join(', ')}, which nobody wrote`);
    if (seen.size < found.length)
      this.#violations.push(`a scan of ${found.length} keys says ${found.length - seen.size} twice`);
  }

  async readAll(peer) {
    const caller = new Caller({ peers: [peer] }, 0);
    await this.#scan(caller);
    caller.close();
  }

  judge() {
    return this.#violations;
  }
}
