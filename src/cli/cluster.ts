import { type ChildProcess, fork } from 'node:child_process';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StatusReport } from '../api/index.ts';
import { firstAnswer } from './ask.ts';
import { Exit } from './exit.ts';
import { localPrograms } from './localPeers.ts';
import type { StartReport } from './start.ts';
import { survival, table } from './words.ts';

const peersDefault = 3;
const peersMax = 26;
const dataDefault = '.selfman';
const ports = { listen: 7401, redis: 6401, http: 8401 } as const;
/** A peer that stops by itself is started again, unless it does so too often. */
const restartsMax = 5;
const restartPauseMs = 1_000;
/** How long to wait for the cells to have as many members as they should. */
const settleMsMax = 4_000;
const settleLookMs = 100;

interface ClusterFlags {
  readonly peers?: number;
  readonly seats?: number;
  readonly data: string;
}

interface Member {
  readonly name: string;
  readonly index: number;
  child: ChildProcess | undefined;
  report: (StartReport & { kind: 'ready' }) | undefined;
  restarts: number;
}

/** Runs several peers, each a process of its own, until it is told to stop. */
export async function cluster(flags: ClusterFlags): Promise<void> {
  const members = plan(flags);
  const run = new ClusterRun(members, flags);
  const stopped = run.stopOnSignal();
  try {
    await run.startAll();
    await run.showTable();
  } catch (thrown) {
    await run.stopAll();
    throw thrown;
  }
  await stopped;
}

/** Which peers to run: those that exist, and new ones up to the number asked for. */
function plan({ peers, data }: ClusterFlags): Member[] {
  const existing = existingNames(data);
  const wanted = peers ?? Math.max(peersDefault, existing.length);
  if (wanted < 1 || wanted > peersMax) throw new Exit(2, `--peers ${wanted}: choose from 1 to ${peersMax}.`);
  if (wanted < existing.length) {
    const where = data === dataDefault ? '' : ` --data ${data}`;
    const surplus = existing.slice(wanted).map((name) => `npx selfman leave --name ${name}${where}`);
    throw new Exit(
      2,
      `${data} holds ${existing.length} peers, and --peers ${wanted} would leave some out: start them all, and have those ` +
        `leave that should go, so that they hand over what they hold:\n  ${surplus.join('\n  ')}`,
    );
  }
  const left = new Set(
    localPrograms(data)
      .filter((peer) => peer.hasLeft)
      .map((peer) => peer.name),
  );
  const names = [...existing];
  for (let i = 0; names.length < wanted; i++) {
    const name = nameOf(i);
    if (!names.includes(name) && !left.has(name)) names.push(name);
  }
  return names.sort().map((name) => ({ name, index: indexOf(name), child: undefined, report: undefined, restarts: 0 }));
}

/** Peers that were up once. One that never came so far, because its port was taken perhaps, is none yet. */
function existingNames(data: string): string[] {
  return localPrograms(data)
    .filter((peer) => !peer.hasLeft)
    .map((peer) => basename(peer.folder));
}

function nameOf(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}

function indexOf(name: string): number {
  return name.charCodeAt(0) - 97 + 26 * Number(name.slice(1) || 0);
}

class ClusterRun {
  readonly #members: readonly Member[];
  readonly #data: string;
  readonly #seats: number | undefined;
  #isStopping = false;

  constructor(members: readonly Member[], { data, seats }: ClusterFlags) {
    this.#members = members;
    this.#data = data;
    this.#seats = seats;
  }

  /** The first peer of a new system comes first; everybody else may come at once. */
  async startAll(): Promise<void> {
    const known = new Set(existingNames(this.#data));
    const [first, ...others] = this.#members;
    if (known.size > 0) {
      const contact = this.#members.find(({ name }) => known.has(name))!;
      await Promise.all(
        this.#members.map((member) => this.#start(member, known.has(member.name) ? undefined : contact)),
      );
      return;
    }
    await this.#start(first!, undefined);
    await Promise.all(others.map((member) => this.#start(member, first)));
  }

  async showTable(): Promise<void> {
    const report = await this.#settled();
    const rows = this.#members.map(({ name, child, report: ready }) => {
      const state = report?.peers.find((peer) => peer.name === name && peer.status !== 'left')?.status ?? 'unknown';
      const folder = relative('.', join(this.#data, name));
      return [name, String(child?.pid), ready?.redis ?? '', `http://${ready?.http}/`, folder, state];
    });
    console.log(`\n${table(['PEER', 'PROCESS', 'REDIS', 'HTTP', 'DATA', 'STATE'], rows)}`);
    console.log(`\nSurvives now: ${survival(report?.cells ?? [])}.`);
    const port = this.#members[0]?.report?.redis.split(':').at(-1);
    console.log(`Try: npx selfman redis -p ${port} SET hello world      Stop with Ctrl-C.`);
  }

  /** Resolves once all peers were stopped by a signal. */
  stopOnSignal(): Promise<void> {
    return new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.on(signal, () => {
          if (this.#isStopping) return;
          console.log('\nStopping ...');
          void this.stopAll().then(() => {
            console.log(`All peers have stopped; their data stays in ${this.#data}.`);
            resolve();
          });
        });
      }
    });
  }

  async stopAll(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#members.map(({ child }) => child && stop(child)));
  }

  #start(member: Member, contact: Member | undefined): Promise<void> {
    const child = this.#fork(member, contact);
    member.child = child;
    return new Promise((resolve, reject) => {
      child.on('message', (message) => {
        const report = message as StartReport;
        if (report.kind === 'progress') return console.log(report.text);
        member.report = report;
        console.log(`Peer ${member.name} is ready (process ${child.pid}).`);
        resolve();
      });
      child.on('exit', (code) => {
        if (member.report === undefined) reject(new Exit(code ?? 1, `Peer ${member.name} could not start.`));
        else this.#exited(member, code);
      });
    });
  }

  #fork({ name, index }: Member, contact: Member | undefined): ChildProcess {
    const at = (port: number): string => `127.0.0.1:${port + index}`;
    const words = ['start', '--name', name, '--data', join(this.#data, name)];
    if (this.#seats !== undefined) words.push('--seats', String(this.#seats));
    words.push('--listen', at(ports.listen), '--redis', at(ports.redis), '--http', at(ports.http));
    if (contact !== undefined)
      words.push('--join', contact.report?.address ?? `127.0.0.1:${ports.listen + contact.index}`);
    // A group of its own: a Ctrl-C at the terminal is for this process, which stops its peers in order.
    return fork(fileURLToPath(new URL('main.js', import.meta.url)), words, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true,
    });
  }

  /** A peer stopped that nobody had told to. */
  #exited(member: Member, code: number | null): void {
    if (this.#isStopping) return;
    if (localPrograms(this.#data).some(({ name, hasLeft }) => name === member.name && hasLeft)) {
      console.log(`Peer ${member.name} has left the system; ${join(this.#data, member.name)} may be removed.`);
      return;
    }
    const how = code === null ? 'was killed' : `stopped with code ${code}`;
    if (member.restarts >= restartsMax) {
      console.error(`Peer ${member.name} ${how} for the ${restartsMax + 1}th time: it is not started again.`);
      return;
    }
    member.restarts++;
    console.log(`Peer ${member.name} ${how}; it is started again.`);
    setTimeout(() => {
      if (this.#isStopping) return;
      member.report = undefined;
      this.#start(member, undefined).catch((error: Error) => console.error(error.message));
    }, restartPauseMs);
  }

  /** The status once the cells have all the members that they should, or after a while whatever it is then. */
  async #settled(): Promise<StatusReport | undefined> {
    const url = `http://${this.#members[0]!.report!.http}`;
    const until = performance.now() + settleMsMax;
    for (;;) {
      const report = (await (await firstAnswer([url], '/status'))?.json()) as StatusReport | undefined;
      const alive = report?.peers.filter(({ status }) => status === 'alive').length ?? 0;
      const survives = report?.cells.length ? Math.min(...report.cells.map((one) => one.survivesFailuresNow)) : -1;
      const isWhole =
        alive >= this.#members.length && survives >= Math.min(1, Math.floor((this.#members.length - 1) / 2));
      if (isWhole || performance.now() > until) return report;
      await new Promise((resolve) => setTimeout(resolve, settleLookMs));
    }
  }
}

/** Asks a process to stop, and insists after a while. */
function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const insist = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('exit', () => {
      clearTimeout(insist);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
