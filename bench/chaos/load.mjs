import { Ranges } from './ranges.mjs';
import { Registers } from './registers.mjs';
import { pause } from './town.mjs';
import { Transfers } from './transfers.mjs';
import { Watchers } from './watchers.mjs';

/** What a client does between two steps, so that few cores carry clients, peers and the record. */
const thinkMs = 6;

/** All clients: half of them work on single keys, a quarter moves money, the others add keys and write what is watched. */
export class Load {
  workloads;
  #isStopping = false;
  #running;
  #town;

  constructor(town, random, clients) {
    this.#town = town;
    const [registers, transfers, ranges, watchers] = [
      new Registers(town, random),
      new Transfers(town, random),
      new Ranges(town, random),
      new Watchers(town),
    ];
    this.workloads = [registers, transfers, ranges, watchers];
    const eighth = Math.max(1, Math.round(clients / 8));
    const shares = [
      [registers, 4 * eighth],
      [transfers, 2 * eighth],
      [ranges, eighth],
      [watchers, eighth],
    ];
    this.#running = Promise.all(
      shares.flatMap(([workload, count]) =>
        Array.from({ length: count }, (_, index) => this.#live(workload.client(index, count))),
      ),
    );
  }

  async stop() {
    this.#isStopping = true;
    await this.#running;
  }

  /** Reads all through every peer. */
  async readAll() {
    for (const workload of this.workloads) for (const peer of this.#town.peers) await workload.readAll(peer);
  }

  judge() {
    return this.workloads.flatMap((workload) => workload.judge());
  }

  async #live(client) {
    while (!this.#isStopping) {
      await client.step();
      await pause(thinkMs);
    }
    client.close();
  }
}
