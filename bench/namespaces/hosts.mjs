import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisClient } from '../redisClient.mjs';
import { Namespaces } from './network.mjs';

const program = join(import.meta.dirname, '../../dist/cli/main.js');
const [peerPort, redisPort, httpPort] = [7401, 6401, 8401];
const lookEveryMs = 200;

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** One peer of the product in each namespace. */
export class Hosts {
  network;
  #folder = mkdtempSync(join(tmpdir(), 'selfman-namespaces-'));
  #children = [];
  names;

  constructor(count) {
    this.network = new Namespaces(count);
    this.names = Array.from({ length: count }, (_, i) => String.fromCharCode(0x61 + i));
  }

  async start(i) {
    const { network } = this;
    const words = ['start', '--name', this.names[i - 1], '--data', join(this.#folder, String(i)), '--insecure'];
    words.push(
      '--listen',
      `${network.peerAddress(i)}:${peerPort}`,
      '--redis',
      `${network.lookAddress(i)}:${redisPort}`,
    );
    words.push('--http', `${network.lookAddress(i)}:${httpPort}`);
    if (i > 1) words.push('--join', `${network.peerAddress(1)}:${peerPort}`);
    const [command, all] = network.command(i, process.execPath, [program, ...words]);
    const child = spawn(command, all, { stdio: ['ignore', 'ignore', 'inherit'] });
    this.#children.push(child);
    await this.until(`peer ${this.names[i - 1]} serves`, 60_000, async () => (await this.status(i))?.cells.length > 0);
  }

  async status(i) {
    try {
      const url = `http://${this.network.lookAddress(i)}:${httpPort}/status`;
      return await (await fetch(url, { signal: AbortSignal.timeout(2_000) })).json();
    } catch {
      return undefined;
    }
  }

  client(i) {
    return new RedisClient(`${this.network.lookAddress(i)}:${redisPort}`);
  }

  /** Whether all of these see one ring, all alive on it, and one table of cells with leaders. */
  async agree(hosts, aliveMust = hosts.length) {
    const views = await Promise.all(hosts.map((i) => this.status(i)));
    if (views.some((view) => view === undefined)) return false;
    const of = ({ peers, cells }) => ({
      ring: peers.filter(({ status }) => status === 'alive').map(({ name, seat }) => `${name}@${seat}`),
      cells: cells.map(({ cell, epoch, leader, members }) => [cell, epoch, leader, [...members].sort()]),
    });
    const [first, ...others] = views.map(of);
    const isWhole = first.ring.length === aliveMust && first.cells.every(([, , leader]) => leader !== '');
    return isWhole && others.every((one) => JSON.stringify(one) === JSON.stringify(first));
  }

  /** Milliseconds until something holds; throws where it does not in time. */
  async until(what, patienceMs, holds) {
    const startedMs = performance.now();
    while (!(await holds())) {
      if (performance.now() - startedMs > patienceMs) throw new Error(`${what}: not within ${patienceMs / 1_000} s`);
      await pause(lookEveryMs);
    }
    return Math.round(performance.now() - startedMs);
  }

  async end() {
    for (const child of this.#children) child.kill('SIGTERM');
    await Promise.race([
      Promise.all(this.#children.map((child) => new Promise((done) => child.once('exit', done)))),
      pause(5_000),
    ]);
    for (const child of this.#children) child.kill('SIGKILL');
    this.network.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
