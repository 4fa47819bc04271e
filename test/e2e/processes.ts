import { type ChildProcess, execFile, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const program = join(import.meta.dirname, '../../dist/cli/main.js');
const readyMsMax = 30_000;

/** One peer as a process of its own. */
export interface PeerProcess {
  readonly name: string;
  readonly child: ChildProcess;
  /** Where it listens for peers, for Redis clients and for HTTP: `host:port`. */
  readonly address: string;
  readonly redis: string;
  readonly http: string;
}

/** Some peers of one system, each a process, in folders that go with them. */
export class Processes {
  readonly folder = mkdtempSync(join(tmpdir(), 'selfman-e2e-'));
  readonly peers: PeerProcess[] = [];

  static async start(count: number): Promise<Processes> {
    const processes = new Processes();
    for (let i = 0; i < count; i++) await processes.startPeer(String.fromCharCode(0x61 + i));
    return processes;
  }

  /** Starts a peer, new or known, and waits until it serves. */
  async startPeer(name: string): Promise<PeerProcess> {
    const any = '127.0.0.1:0';
    const words = ['start', '--name', name, '--data', join(this.folder, name), '--listen', any, '--redis', any];
    const contacts = this.peers.map(({ address }) => address);
    const joining = contacts.length > 0 ? ['--join', contacts.join(',')] : [];
    const child = fork(program, [...words, '--http', any, ...joining], { silent: true });
    const peer = { name, child, ...(await untilReady(name, child)) };
    this.peers.push(peer);
    return peer;
  }

  /** Stops all, gracefully, and removes their folders. */
  async stop(): Promise<void> {
    for (const { child } of this.peers) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Ready {
  readonly kind: 'ready';
  readonly address: string;
  readonly redis: string;
  readonly http: string;
}

function untilReady(name: string, child: ChildProcess): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.on('data', (chunk) => (said += chunk));
    child.stderr?.on('data', (chunk) => (said += chunk));
    const late = setTimeout(() => reject(new Error(`peer ${name} is not ready; it said:\n${said}`)), readyMsMax);
    child.once('exit', (code) => reject(new Error(`peer ${name} ended with ${code}; it said:\n${said}`)));
    child.on('message', (report: Ready | { readonly kind: 'progress' }) => {
      if (report.kind !== 'ready') return;
      clearTimeout(late);
      resolve(report);
    });
  });
}

/** Runs a program and answers what it printed. */
export async function run(command: string, words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, words, { timeout: 60_000 });
  return stdout;
}

/** The port of `host:port`. */
export function portOf(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}
