import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { StatusReport } from '../../src/api/index.ts';
import { type Addresses, PeerProcess } from './peerProcess.ts';

const lookEveryMs = 50;

/** Some peers of one system, each a process, in folders that go with them. */
export class Processes {
  readonly folder = mkdtempSync(join(tmpdir(), 'selfman-e2e-'));
  readonly peers: PeerProcess[] = [];
  readonly #words: readonly string[];
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(words: readonly string[], environment: Readonly<Record<string, string>>) {
    this.#words = words;
    this.#environment = environment;
  }

  /** `words` are added to the command line of each peer, `environment` to that of its process. */
  static async start(
    count: number,
    words: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Processes> {
    const processes = new Processes(words, environment);
    for (let i = 0; i < count; i++) await processes.startPeer(String.fromCharCode(0x61 + i));
    return processes;
  }

  /** Starts a new peer, and waits until it serves. It listens wherever it can unless `at` says where. */
  async startPeer(name: string, at?: Addresses): Promise<PeerProcess> {
    const contacts = this.peers.map(({ address }) => address);
    const common = { words: this.#words, environment: this.#environment, ...(at === undefined ? {} : { at }) };
    const peer = new PeerProcess({ name, data: join(this.folder, name), contacts, ...common });
    this.peers.push(peer);
    await peer.start();
    return peer;
  }

  /** How the first peer that answers sees the system. */
  async status(): Promise<StatusReport | undefined> {
    for (const peer of this.peers) {
      const report = await peer.status();
      if (report !== undefined) return report;
    }
    return undefined;
  }

  /** The peer that leads the first cell, once one does. */
  async leader(): Promise<PeerProcess> {
    return until('a leader', async () => {
      const name = (await this.status())?.cells[0]?.leader;
      return this.peers.find((peer) => peer.name === name && peer.isRunning && !peer.isPaused);
    });
  }

  /** Waits until all cells have all their members, and nothing is left to repair. */
  async untilWhole(members = Math.min(3, this.peers.length)): Promise<void> {
    await until(`${members} members in sound health`, async () => {
      const reports = await Promise.all(this.peers.map((peer) => peer.status()));
      const isWhole = reports.every((report) =>
        report?.cells.every(
          (cell) => cell.members.length === members && cell.leader !== '' && cell.repairs.length === 0,
        ),
      );
      return isWhole || undefined;
    });
  }

  /** Stops all, gracefully, and removes their folders. */
  async stop(): Promise<void> {
    await Promise.all(this.peers.map((peer) => peer.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Asks again and again until there is an answer; fails with what was waited for. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, limitMs = 30_000): Promise<T> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${limitMs / 1000} s`);
    await pause(lookEveryMs);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Runs a program and answers what it printed. */
export async function run(command: string, words: readonly string[], limitMs = 60_000): Promise<string> {
  const { stdout } = await promisify(execFile)(command, words, { timeout: limitMs });
  return stdout;
}

/** The port of `host:port`. */
export function portOf(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}
