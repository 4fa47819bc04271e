const lookEveryMs = 5_000;
/** The first minute of a process is its warming up; the lowest of so many looks stands for what it holds when garbage is gone. */
const warmMs = 60_000;
const looksAtOnce = 6;
/** A process that holds so much more at its end than when it was warm leaks: its cells, nine at most, may hold 16 MiB of changes each between two checkpoints. */
const residentGrowthMax = 1.5;
const residentFreeBytes = 9 * 16 * 1024 * 1024;
const handlesGrowthMax = 30;

/** Looks at memory, handles and disks of all peers while they run. */
export class Gauges {
  #town;
  #timer;
  /** By process: what it took at each look. */
  #lives = new Map();

  constructor(town) {
    this.#town = town;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  async stop() {
    this.#look();
    clearInterval(this.#timer);
  }

  #look() {
    for (const peer of this.#town.peers) {
      const gauge = peer.isServing ? peer.gauge() : undefined;
      if (gauge === undefined) continue;
      const life = this.#lives.get(peer.pid) ?? { name: peer.name, looks: [] };
      this.#lives.set(peer.pid, life);
      life.looks.push({ ageMs: performance.now() - peer.startedMs, ...gauge });
    }
  }

  /** The processes that lived longest: what each took when it was warm, and at its end. */
  get rows() {
    return [...this.#lives.values()]
      .map(({ name, looks }) => {
        const warm = looks.filter(({ ageMs }) => ageMs > warmMs);
        if (warm.length < 2 * looksAtOnce) return undefined;
        const [early, late] = [warm.slice(0, looksAtOnce), warm.slice(-looksAtOnce)].map(least);
        return { name, minutes: looks.at(-1).ageMs / 60_000, early, late };
      })
      .filter((row) => row !== undefined)
      .sort((a, b) => b.minutes - a.minutes);
  }

  judge() {
    return this.rows.flatMap(({ name, minutes, early, late }) => {
      const where = `${name}, which ran for ${minutes.toFixed(1)} minutes,`;
      const residentMax = early.resident * residentGrowthMax + residentFreeBytes;
      return [
        ...(late.resident > residentMax
          ? [`${where} grew from ${early.resident} to ${late.resident} bytes of memory`]
          : []),
        ...(late.handles > early.handles + handlesGrowthMax
          ? [`${where} grew from ${early.handles} to ${late.handles} handles`]
          : []),
      ];
    });
  }
}

function least(looks) {
  const lowest = (name) => Math.min(...looks.map((look) => look[name]));
  return { resident: lowest('resident'), handles: lowest('handles'), disk: lowest('disk') };
}
