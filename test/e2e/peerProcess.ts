import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { StatusReport } from '../../src/api/index.ts';

const program = join(import.meta.dirname, '../../dist/cli/main.js');
const readyMsMax = 30_000;
const answerMsMax = 3_000;

export interface PeerOptions {
  readonly name: string;
  readonly data: string;
  /** Peers to join through. */
  readonly contacts: readonly string[];
  /** Further words of the command line. */
  readonly words: readonly string[];
  /** What the environment of its process has besides. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it listens from the first start on; anywhere where it is left out. */
  readonly at?: Addresses;
}

/** Where a peer listens: `host:port`. */
export interface Addresses {
  readonly address: string;
  readonly redis: string;
  readonly http: string;
}

const anyFree: Addresses = { address: '127.0.0.1:0', redis: '127.0.0.1:0', http: '127.0.0.1:0' };

/** One peer as a process of its own, which can be killed, paused and started again at the same addresses. */
export class PeerProcess {
  readonly name: string;
  readonly data: string;
  isPaused = false;
  readonly #options: PeerOptions;
  #child: ChildProcess | undefined;
  #addresses: Addresses;
  #said = '';

  constructor(options: PeerOptions) {
    this.name = options.name;
    this.data = options.data;
    this.#options = options;
    this.#addresses = options.at ?? anyFree;
  }

  get address(): string {
    return this.#addresses.address;
  }

  get redis(): string {
    return this.#addresses.redis;
  }

  get http(): string {
    return this.#addresses.http;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** All that the last process printed. */
  get said(): string {
    return this.#said;
  }

  /** Starts it, new or known, and waits until it serves. */
  async start(): Promise<void> {
    const { name, data, contacts, words } = this.#options;
    const { address, redis, http } = this.#addresses;
    const addresses = ['--listen', address, '--redis', redis, '--http', http];
    const joining = contacts.length > 0 ? ['--join', contacts.join(',')] : [];
    const child = fork(program, ['start', '--name', name, '--data', data, ...addresses, ...joining, ...words], {
      silent: true,
      env: { ...process.env, ...this.#options.environment },
    });
    this.#child = child;
    this.#said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#said += chunk;
      });
    }
    this.#addresses = await this.#untilReady(child);
  }

  /** SIGKILL: nothing is said, nothing is written any more. */
  async kill(): Promise<void> {
    this.isPaused = false;
    await this.#end('SIGKILL');
  }

  /** A graceful stop. */
  async stop(): Promise<void> {
    this.resume();
    await this.#end('SIGTERM');
  }

  pause(): void {
    this.isPaused = true;
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.isPaused = false;
    this.#child?.kill('SIGCONT');
  }

  /** How it sees the system; undefined where it does not answer. */
  async status(): Promise<StatusReport | undefined> {
    if (!this.isRunning || this.isPaused) return undefined;
    try {
      const response = await fetch(`http://${this.http}/status`, { signal: AbortSignal.timeout(answerMsMax) });
      return response.ok ? ((await response.json()) as StatusReport) : undefined;
    } catch {
      return undefined;
    }
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.isRunning) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  #untilReady(child: ChildProcess): Promise<Addresses> {
    return new Promise((resolve, reject) => {
      const fail = (what: string): void => reject(new Error(`peer ${this.name} ${what}; it said:\n${this.#said}`));
      const late = setTimeout(() => fail('is not ready in time'), readyMsMax);
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        fail(`ended with ${code ?? signal}`);
      });
      child.on('message', (report: (Addresses & { readonly kind: 'ready' }) | { readonly kind: 'progress' }) => {
        if (report.kind !== 'ready') return;
        clearTimeout(late);
        resolve(report);
      });
    });
  }
}
