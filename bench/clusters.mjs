// Starts three peers, or three members of etcd, or a Redis Cluster, each a process of its own, on one file system.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** Each peer with these further words of its command line. */
export async function startPeers(folder, basePort = 7610, further = []) {
  const at = (offset) => `127.0.0.1:${basePort + offset}`;
  const processes = [];
  for (let i = 0; i < 3; i++) {
    const name = 'abc'[i];
    const words = ['start', '--name', name, '--data', join(folder, name), '--listen', at(i)];
    words.push('--redis', at(10 + i), '--http', at(20 + i), ...further);
    if (i > 0) words.push('--join', at(0));
    const extra = process.env.BENCH_NODE_ARGS?.split(' ') ?? [];
    processes.push(spawn(process.execPath, [...extra, program, ...words], { stdio: ['ignore', 'ignore', 'inherit'] }));
    if (i === 0) await untilReachable(at(10));
  }
  await Promise.all([11, 12].map((offset) => untilReachable(at(offset))));
  await untilWhole(`http://${at(20)}/status`);
  return new Peers('selfman', [10, 11, 12].map(at), processes, at(20));
}

export async function startEtcd(folder, basePort = 7650) {
  const at = (offset) => `127.0.0.1:${basePort + offset}`;
  const names = ['a', 'b', 'c'];
  const all = names.map((name, i) => `${name}=http://${at(10 + i)}`).join(',');
  const processes = names.map((name, i) => {
    const words = ['--name', name, '--data-dir', join(folder, name), '--initial-cluster', all, '--log-level', 'error'];
    words.push('--listen-client-urls', `http://${at(i)}`, '--advertise-client-urls', `http://${at(i)}`);
    words.push('--listen-peer-urls', `http://${at(10 + i)}`, '--initial-advertise-peer-urls', `http://${at(10 + i)}`);
    return spawn('etcd', words, { stdio: 'ignore', env: { ...process.env, ETCD_UNSUPPORTED_ARCH: process.arch } });
  });
  await Promise.all([0, 1, 2].map((i) => untilReachable(at(i))));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  return new Cluster('etcd', [0, 1, 2].map(at), processes);
}

/** Three masters with a replica each, which sync every write before they answer. */
export async function startRedis(folder, basePort = 7710) {
  const at = (offset) => `127.0.0.1:${basePort + offset}`;
  const all = [0, 1, 2, 3, 4, 5];
  const processes = all.map((i) => {
    const own = join(folder, String(i));
    mkdirSync(own);
    const words = ['--port', String(basePort + i), '--dir', own, '--cluster-enabled', 'yes', '--save', ''];
    words.push('--appendonly', 'yes', '--appendfsync', 'always', '--daemonize', 'no', '--loglevel', 'warning');
    return spawn('redis-server', words, { stdio: 'ignore' });
  });
  await Promise.all(all.map((i) => untilReachable(at(i))));
  const words = ['--cluster', 'create', ...all.map(at), '--cluster-replicas', '1', '--cluster-yes'];
  execFileSync('redis-cli', words, { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  return new Cluster('redis', [0, 1, 2].map(at), processes);
}

class Cluster {
  constructor(store, addresses, processes) {
    this.store = store;
    this.addresses = addresses;
    this.processes = processes;
  }

  /** Seconds of CPU that all its processes have used so far. */
  cpuSeconds() {
    let ticks = 0;
    for (const { pid } of this.processes) {
      const parts = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      ticks += Number(parts[11]) + Number(parts[12]);
    }
    return ticks / 100;
  }

  /** What each of its processes holds in memory. */
  residentBytes() {
    return this.processes.map(({ pid }) => {
      const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
      return Number(kib) * 1_024;
    });
  }

  async stop() {
    for (const one of this.processes) one.kill('SIGTERM');
    await Promise.all(this.processes.map((one) => new Promise((resolve) => one.once('exit', resolve))));
  }
}

/** What can be asked of peers, over HTTP, and of no other store here. */
class Peers extends Cluster {
  #http;

  constructor(store, addresses, processes, http) {
    super(store, addresses, processes);
    this.#http = http;
  }

  /** Where Redis clients reach the peer that leads the first cell. */
  async leaderAddress() {
    const { cells, peers } = await this.status();
    return peers.find(({ name }) => name === cells[0].leader).redis;
  }

  /** Has a cell begin at this key, and waits until it is led. */
  async split(key) {
    const answer = await fetch(`http://${this.#http}/split?key=${encodeURIComponent(key)}`, { method: 'POST' });
    if (!answer.ok) throw new Error(`no split at ${key}: ${await answer.text()}`);
    for (;;) {
      const { cells } = await this.status();
      if (cells.length > 1 && cells.every(({ leader }) => leader !== '')) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Has the keys of a prefix held by so many peers, and waits until they are. */
  async setDegree(prefix, replicas) {
    const url = `http://${this.#http}/replicas?prefix=${encodeURIComponent(prefix)}&n=${replicas}`;
    const answer = await fetch(url, { method: 'POST' });
    if (!answer.ok) throw new Error(`no ${replicas} copies of ${prefix}: ${await answer.text()}`);
    for (;;) {
      const cell = (await this.status()).cells.find(({ from }) => from === prefix);
      if (cell?.members.length === replicas && cell.leader !== '' && cell.repairs.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** How the first of them sees the system. */
  async status() {
    return (await fetch(`http://${this.#http}/status`)).json();
  }

  /** Asks for a change by its path, again while that says that it is not so yet. */
  async ask(path) {
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`http://${this.#http}${path}`, { method: 'POST' });
      if (answer.ok) return;
      if (tries === 20) throw new Error(`${path}: ${await answer.text()}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** The changes of all keys of a prefix, as server-sent events: a stream of bytes. */
  async watch(prefix, signal) {
    return (await fetch(`http://${this.#http}/watch?prefix=${encodeURIComponent(prefix)}`, { signal })).body;
  }
}

async function untilReachable(address) {
  const [host, port] = address.split(':');
  for (let tries = 0; tries < 300; tries++) {
    const isOpen = await new Promise((resolve) => {
      const socket = connect({ host, port: Number(port) });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      setTimeout(() => socket.destroy(), 50);
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing listens at ${address} after 30 seconds`);
}

async function untilWhole(url) {
  for (let tries = 0; tries < 100; tries++) {
    const report = await fetch(url)
      .then((response) => response.json())
      .catch(() => undefined);
    if (report?.cells?.[0]?.survivesFailuresNow >= 1) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url}: the cell does not come to survive a failure`);
}
