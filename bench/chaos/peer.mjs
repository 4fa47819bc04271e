import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../../dist/cli/main.js');
const [peerPort, redisPort, httpPort] = [7401, 6401, 8401];
const readyMsMax = 180_000;
const statusMsMax = 3_000;
const niceness = '5';
const pageBytes = 4096;

/** One peer as a process on a host and a disk of its own. */
export class Peer {
  name;
  host;
  disk;
  isPaused = false;
  /** It was told to leave: that its process ends is as it should be. */
  isLeaving = false;
  /** It was started, and nobody ended it. */
  isExpected = false;
  startedMs = 0;
  #network;
  #environment;
  #logPath;
  #child;

  constructor({ name, host, disk, network, logs, environment }) {
    this.name = name;
    this.host = host;
    this.disk = disk;
    this.#network = network;
    this.#environment = environment;
    this.#logPath = join(logs, `${name}.log`);
  }

  get address() {
    return `${this.#network.peerAddress(this.host)}:${peerPort}`;
  }

  get redis() {
    return `${this.#network.lookAddress(this.host)}:${redisPort}`;
  }

  get http() {
    return `${this.#network.lookAddress(this.host)}:${httpPort}`;
  }

  get pid() {
    return this.#child?.pid;
  }

  get isRunning() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get isServing() {
    return this.isRunning && !this.isPaused && this.isExpected;
  }

  /** All that its processes have said. */
  get said() {
    return readFileSync(this.#logPath, 'utf8');
  }

  /** Starts it, new or known, and waits until it serves. */
  async start(contacts, words) {
    const addresses = ['--listen', this.address, '--redis', this.redis, '--http', this.http, '--insecure'];
    const joining = contacts.length > 0 ? ['--join', contacts.join(',')] : [];
    const all = ['start', '--name', this.name, '--data', this.disk.folder, ...addresses, ...joining, ...words];
    const [command, given] = this.#network.command(this.host, process.execPath, [program, ...all]);
    const log = openSync(this.#logPath, 'a');
    this.#child = spawn('nice', ['-n', niceness, command, ...given], {
      stdio: ['ignore', log, log, 'ipc'],
      env: { ...process.env, SELFMAN_LOG: 'info', ...this.#environment },
    });
    closeSync(log);
    this.isPaused = false;
    await this.#untilReady(this.#child);
    this.isExpected = true;
    this.startedMs = performance.now();
  }

  /** SIGKILL: nothing is said, nothing is written any more. SIGTERM: it stops by itself. */
  async end(signal) {
    this.isExpected = false;
    if (!this.isRunning) return;
    const gone = new Promise((done) => this.#child.once('exit', done));
    this.#child.kill(signal);
    if (this.isPaused) this.resume();
    await gone;
  }

  pause() {
    this.isPaused = true;
    this.#child.kill('SIGSTOP');
  }

  resume() {
    this.isPaused = false;
    this.#child.kill('SIGCONT');
  }

  /** How it sees the system; undefined where it does not answer. */
  async status() {
    if (!this.isRunning || this.isPaused) return undefined;
    try {
      const response = await fetch(`http://${this.http}/status`, { signal: AbortSignal.timeout(statusMsMax) });
      return response.ok ? await response.json() : undefined;
    } catch {
      return undefined;
    }
  }

  /** Sets an attribute of its components. */
  async set(path, value) {
    const url = `http://${this.http}/components?path=${encodeURIComponent(path)}&value=${value}`;
    const response = await fetch(url, { method: 'POST' });
    if (!response.ok) throw new Error(`${path} of ${this.name} cannot be set: ${await response.text()}`);
  }

  /** What the process takes of the machine now. */
  gauge() {
    try {
      const resident = Number(readFileSync(`/proc/${this.pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
      return { resident, handles: readdirSync(`/proc/${this.pid}/fd`).length, disk: this.disk.bytes };
    } catch {
      return undefined;
    }
  }

  #untilReady(child) {
    return new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error(`peer ${this.name} is not ready in time`)), readyMsMax);
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        fail(new Error(`peer ${this.name} ended with ${code ?? signal}, see ${this.#logPath}`));
      });
      child.on('message', (report) => {
        if (report.kind !== 'ready') return;
        clearTimeout(late);
        done();
      });
    });
  }
}
