import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hindrance, Namespaces } from '../namespaces/network.mjs';
import { Disk } from './disk.mjs';
import { Loopback } from './loopback.mjs';
import { Peer } from './peer.mjs';

/** Peers that there may be at once. */
export const hostsMax = 9;
const lookEveryMs = 250;
/** Checkpoints come often, so that a run sees many of them, short logs and snapshots. */
const checkpointBytes = 256 * 1024;

export function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** Peers of one system, each a process, as somebody would start them who has as many machines. */
export class Town {
  folder;
  network;
  /** Why links cannot be cut and disks not be filled here; undefined where they can. */
  hindrance = hindrance();
  peers = [];
  #words;
  #environment;
  #born = 0;

  /** `environment` says by the folder of a peer what its process is given besides; a town that is not `isApart` has no links to cut. */
  constructor(where, words, { isApart = true, environment = () => ({}) } = {}) {
    mkdirSync(where, { recursive: true });
    this.folder = mkdtempSync(join(resolve(where), 'chaos-'));
    mkdirSync(join(this.folder, 'logs'));
    this.#words = words;
    this.#environment = environment;
    if (!isApart) this.hindrance ??= 'all is to be on one disk and one network';
    const place = process.pid % 200;
    const options = { prefix: `chaos${place}`, nets: [`10.${20 + place}.1`, `10.${20 + place}.2`] };
    this.network = this.hindrance === undefined ? new Namespaces(hostsMax, options) : new Loopback(hostsMax, options);
  }

  /** Those that run, are not paused, and were not told to end. */
  get serving() {
    return this.peers.filter((peer) => peer.isServing);
  }

  /** A new peer on a host that is free, with an empty disk. */
  async add() {
    const host = Array.from({ length: hostsMax }, (_, i) => i + 1).find((i) => !this.peers.some((p) => p.host === i));
    const name = `${String.fromCharCode(0x60 + host)}${++this.#born}`;
    const disk = new Disk(join(this.folder, name), this.hindrance === undefined && existsSync('/dev/loop-control'));
    const environment = this.#environment(disk.folder);
    const peer = new Peer({ name, host, disk, network: this.network, logs: join(this.folder, 'logs'), environment });
    this.peers.push(peer);
    await this.start(peer);
    return peer;
  }

  async start(peer) {
    const contacts = this.peers.filter((other) => other !== peer && other.isExpected).map(({ address }) => address);
    await peer.start(contacts, this.#words);
    await peer.set('//cells/@checkpointBytes', checkpointBytes);
  }

  /** A peer that has left: its host is free. */
  forget(peer) {
    this.peers = this.peers.filter((other) => other !== peer);
    peer.disk.remove();
  }

  /** Why not all is well by what each peer sees: undefined where every cell has its members, a leader, and nothing to repair. */
  async ailment() {
    const reports = await Promise.all(this.peers.map(async (peer) => [peer.name, await peer.status()]));
    const members = Math.min(3, this.peers.length);
    for (const [name, report] of reports) {
      if (report === undefined) return `${name} does not answer`;
      const away = report.peers.find(({ status }) => status !== 'alive' && status !== 'left' && status !== 'dead');
      if (away !== undefined) return `to ${name}, ${away.name} is ${away.status}`;
      for (const cell of report.cells) {
        const what = `${name} sees cell ${cell.cell} (${cell.from} ..) of ${cell.members} led by ${cell.leader || 'nobody'}`;
        if (cell.members.length !== members || cell.leader === '') return what;
        if (cell.repairs.length > 0) return `${what}: ${cell.repairs.join(', ')}`;
      }
    }
    return undefined;
  }

  /** Peers whose processes ended though nobody told them to. */
  unexpectedEnds() {
    return this.peers
      .filter((peer) => peer.isExpected && !peer.isRunning)
      .map((peer) => `${peer.name} ended of itself: ${peer.said.trimEnd().split('\n').at(-1)}`);
  }

  /** Waits until all is well; what still was not, where it does not come in time. */
  async untilWhole(patienceMs) {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const ailment = await this.ailment();
      if (ailment === undefined || performance.now() > deadline) return ailment;
      await pause(lookEveryMs);
    }
  }

  /** Keeps beside their logs how all peers see the system now. */
  async keepViews(what) {
    const views = await Promise.all(this.peers.map(async (peer) => [peer.name, await peer.status()]));
    const path = join(this.folder, 'logs', `${what.replaceAll(/\W+/g, '-')}.json`);
    writeFileSync(path, JSON.stringify(Object.fromEntries(views), undefined, 1));
  }

  /** Ends all that is left, and gives the machine back what was taken of it. */
  async stop(isKept) {
    this.network.heal();
    await Promise.all(this.peers.map((peer) => peer.end('SIGKILL')));
    for (const { disk } of this.peers) {
      if (isKept) disk.unmount();
      else disk.remove();
    }
    this.network.remove();
    if (!isKept) rmSync(this.folder, { recursive: true, force: true });
  }
}
