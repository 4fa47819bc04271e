import { changes, disks, endings, fullness, links } from './faults.mjs';
import { Gate } from './gate.mjs';
import { pause } from './town.mjs';

const restMs = [500, 5_000];

/** Torments a town: faults of processes, links and disks and changes of its shape beside each other, as its seed has them. */
export class Nemesis {
  /** By name: how often each fault was there. */
  counts = new Map();
  /** What should not have happened, as sentences. */
  violations = [];
  #town;
  #random;
  #claimed = new Set();
  #gate = new Gate();
  #isOver = false;
  #only;

  constructor(town, random, only) {
    this.#town = town;
    this.#random = random;
    this.#only = only;
  }

  /** Resolves when all that it began is taken back. */
  async run(ms) {
    const isCuttable = this.#town.hindrance === undefined;
    const lanes = [endings, isCuttable ? links : [], [...disks, ...(isCuttable ? [fullness] : [])], changes];
    const running = lanes
      .map((faults) => faults.filter(({ name }) => this.#only === undefined || this.#only.includes(name)))
      .filter((faults) => faults.length > 0)
      .map((faults) => this.#lane(faults));
    await Promise.race([pause(ms), ...running]);
    this.#isOver = true;
    await Promise.all(running);
  }

  async #lane(faults) {
    while (!this.#isOver) {
      await pause(this.#random.between(...restMs));
      if (this.#isOver) return;
      const fault = this.#draw(faults);
      try {
        if (fault.isAlone) await this.#gate.alone(() => this.#inflict(fault));
        else await this.#gate.beside(() => this.#inflict(fault));
      } catch (error) {
        this.violations.push(`${fault.name}: ${error.message}`);
        await this.#town.keepViews(fault.name);
        this.#isOver = true;
      }
    }
  }

  #draw(faults) {
    let at = this.#random.below(faults.reduce((sum, { weight }) => sum + weight, 0));
    return faults.find(({ weight }) => (at -= weight) < 0);
  }

  async #inflict(fault) {
    const claimed = [];
    const claim = (count) => {
      const free = this.#town.serving.filter((peer) => !this.#claimed.has(peer));
      if (free.length < count) return [];
      const peers = this.#random.shuffle(free).slice(0, count);
      for (const peer of peers) this.#claimed.add(peer);
      claimed.push(...peers);
      return peers;
    };
    try {
      const peers = claim(fault.peers ?? 0);
      if (peers.length < (fault.peers ?? 0)) return;
      console.log(`${stamp()} ${fault.name} ${peers.map(({ name }) => name).join(' ')}`);
      const isDone = await fault.inflict({ town: this.#town, random: this.#random, peers, claim });
      if (isDone !== false) this.counts.set(fault.name, (this.counts.get(fault.name) ?? 0) + 1);
      console.log(`${stamp()} ${fault.name} is over`);
    } finally {
      for (const peer of claimed) this.#claimed.delete(peer);
    }
  }
}

function stamp() {
  return (performance.now() / 1000).toFixed(1).padStart(7);
}
