import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const program = join(import.meta.dirname, '../../dist/cli/main.js');
const lookEveryMs = 50;
const patienceMs = 60_000;

export function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** Asks again and again until there is an answer. */
export async function until(what, look) {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${patienceMs / 1000} s`);
    await pause(lookEveryMs);
  }
}

/** One peer as a process, which can be killed, paused and started again at the same addresses. */
class PeerProcess {
  constructor(name, folder, contacts) {
    this.name = name;
    this.folder = folder;
    this.contacts = contacts;
    this.address = this.redis = this.http = '127.0.0.1:0';
  }

  async start() {
    const addresses = ['--listen', this.address, '--redis', this.redis, '--http', this.http];
    const joining = this.contacts.length > 0 ? ['--join', this.contacts.join(',')] : [];
    const words = ['start', '--name', this.name, '--data', join(this.folder, this.name), ...addresses, ...joining];
    this.child = fork(program, words, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await new Promise((done, fail) => {
      this.child.once('exit', (code, signal) => fail(new Error(`peer ${this.name} ended with ${code ?? signal}`)));
      this.child.on('message', (report) => {
        if (report.kind !== 'ready') return;
        Object.assign(this, { address: report.address, redis: report.redis, http: report.http });
        done();
      });
    });
  }

  async end(signal) {
    const gone = new Promise((done) => this.child.once('exit', done));
    this.child.kill(signal);
    await gone;
  }

  async status() {
    try {
      return await (await fetch(`http://${this.http}/status`, { signal: AbortSignal.timeout(1_000) })).json();
    } catch {
      return undefined;
    }
  }
}

/** Three peers, and what can be done to their leader. */
export class Peers {
  static async start(count, where) {
    const peers = new Peers();
    peers.folder = mkdtempSync(join(resolve(where), 'bench-failover-'));
    peers.all = [];
    for (let i = 0; i < count; i++) {
      const contacts = peers.all.map(({ address }) => address);
      const peer = new PeerProcess(String.fromCharCode(0x61 + i), peers.folder, contacts);
      peers.all.push(peer);
      await peer.start();
    }
    await peers.untilWhole();
    return peers;
  }

  /** Waits until every peer sees every member alive and nothing left to repair. */
  untilWhole() {
    return until('all members in sound health', async () => {
      const reports = await Promise.all(this.all.map((peer) => peer.status()));
      return reports.every((report) =>
        report?.cells.every(
          ({ members, leader, repairs }) => members.length === this.all.length && leader !== '' && repairs.length === 0,
        ),
      );
    });
  }

  /** The leader, once all peers agree on who it is. */
  leader() {
    return until('one leader', async () => {
      const reports = await Promise.all(this.all.map((peer) => peer.status()));
      const names = new Set(reports.map((report) => report?.cells[0]?.leader));
      return names.size === 1 && this.all.find((peer) => names.has(peer.name));
    });
  }

  async stop() {
    await Promise.all(this.all.map((peer) => peer.end('SIGTERM')));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
