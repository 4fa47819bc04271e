import { bytesEqual, bytesOfText, copyBytes, encode, type Result } from '../src/base/index.ts';
import { cellProtocol } from '../src/cell/cellMessages.ts';
import type { CellReport } from '../src/cell/cellReport.ts';
import type { CellStatus } from '../src/cell/cellStatus.ts';
import { Cells } from '../src/cell/cells.ts';
import { checkpointBytes } from '../src/cell/limits.ts';
import type { CellPolicy } from '../src/cell/replicaContext.ts';
import type { Loss } from '../src/cell/rescue.ts';
import { type AccessMessage, accessProtocol } from '../src/command/accessMessages.ts';
import { operationGroup } from '../src/command/operation.ts';
import { component, type InsideProvided, type InsideRequired } from '../src/component/index.ts';
import { Membership, type PeerInfo, type PeerStatus } from '../src/overlay/index.ts';
import { type Life, type NetworkConditions, type SimulatedHost, Universe } from '../src/world/simulated/index.ts';
import { CounterState, counterRanges, decodeCount } from './counterState.ts';

const systemId = '5e1f5e1f5e1f5e1f';

/** A peer with nothing but cells: the rig tells it who is there. */
export class RigPeer {
  readonly rig: CellsRig;
  readonly name: string;
  readonly host: SimulatedHost;
  readonly seat: string;
  status: PeerStatus = 'alive';
  membership: InsideProvided<typeof Membership> | undefined;
  reports: readonly CellReport[] = [];
  hasVacated = false;
  ask: () => void = () => {};
  /** Wishes to go on alone; what comes of it is in `losses`. */
  rescue: (consent: string | undefined) => void = () => {};
  readonly losses: Result<Loss, string>[] = [];
  state: CounterState | undefined;

  constructor(rig: CellsRig, name: string) {
    this.rig = rig;
    this.name = name;
    this.seat = name;
    this.host = rig.universe.addHost(name, (life) => this.#boot(life));
  }

  get id(): string {
    return `${this.name}#${this.host.disk.incarnation}`;
  }

  get info(): PeerInfo {
    const { id, name, seat, status } = this;
    return {
      id,
      name,
      address: this.host.address,
      redis: '',
      http: '',
      zone: '',
      host: '',
      seat,
      status,
      statement: 0,
      life: 0,
      cut: 0,
    };
  }

  /** The report of its replica, or undefined where it has none or does not run. */
  get report(): CellReport | undefined {
    this.reports = [];
    if (this.host.isRunning) this.ask();
    this.rig.universe.runFor(1, () => this.reports.length > 0);
    return this.reports[0];
  }

  #boot({ system, platform }: Life): void {
    const { rig, host, id } = this;
    const onMembership = (port: InsideProvided<typeof Membership>): void => {
      this.membership = port;
    };
    const onStatus = (port: InsideRequired<typeof CellStatus>, ask: () => void): void => {
      this.ask = ask;
      port.on.vacated(() => {
        this.hasVacated = true;
      });
    };
    const setReports = (reports: readonly CellReport[]): void => {
      this.reports = reports;
    };
    const members = component('membership', {
      provides: { membership: Membership },
      setup: (context) => {
        const { membership } = context.provides;
        membership.on.publish((hint) => rig.hints.push(hint));
        onMembership(membership);
      },
    });
    const peer = component('peer', {
      setup: (context) => {
        const transport = context.create(platform.transport({ cells: cellProtocol, access: accessProtocol }));
        const durability = context.create(platform.durability);
        const membership = context.create(members);
        const cells = context.create(Cells, {
          world: platform.world,
          self: { id, address: host.address },
          genesis: rig.genesis === this.name && !rig.hasBegun,
          makeState: (cell, _range, rows) => {
            this.state = new CounterState(rows, cell, (position, bytes) =>
              rig.onApply(this.name, position.index, position.epoch, bytes),
            );
            return this.state;
          },
          stateRanges: counterRanges,
          policy: rig.policy,
        });
        const links = context.attach(transport.provides.links);
        context.onStart(() => links.emit.setSystem({ systemId }));
        context.connect(transport.provides.cells, cells.requires.network);
        context.connect(transport.provides.access, cells.requires.access);
        context.connect(durability.provides.durability, cells.requires.durability);
        context.connect(membership.provides.membership, cells.requires.membership);
        const status = context.attach(cells.provides.status);
        onStatus(status, () => status.emit.ask({ reply: context.ref(setReports) }));
        const tellLoss = context.ref((loss: Result<Loss, string>) => void this.losses.push(loss));
        this.rescue = (consent) => status.emit.rescue({ cell: '1', consent, reply: tellLoss });
      },
    });
    system.create(peer).start();
    rig.tellView();
  }
}

/** A caller that keeps one operation and one read under way at a time and asks again until each is answered. */
export class RigClient {
  readonly rig: CellsRig;
  readonly name: string;
  readonly host: SimulatedHost;
  #send: ((to: string, message: AccessMessage) => void) | undefined;
  #target = 0;
  #readTarget = 0;
  #sequence = 0;
  #read = 0;
  #readFloor = 0;
  #sentMs = 0;
  #readSentMs = 0;
  acknowledged: string[] = [];
  /** How long it says that it waits. */
  patienceMs = 5_000;
  reads = 0;
  isStopped = false;

  constructor(rig: CellsRig, name: string) {
    this.rig = rig;
    this.name = name;
    this.host = rig.universe.addHost(name, (life) => this.#boot(life));
    this.host.start();
    this.#next();
    this.#nextRead();
    rig.universe.after(50, () => this.#tick());
  }

  #boot({ system, platform }: Life): void {
    const client = component('client', {
      setup: (context) => {
        const transport = context.create(platform.transport({ access: accessProtocol }));
        const links = context.attach(transport.provides.links);
        const access = context.attach(transport.provides.access);
        context.onStart(() => links.emit.setSystem({ systemId }));
        access.on.received(({ message }) => this.#receive(message));
        this.#send = (to, message) => access.emit.send({ to, message });
      },
    });
    system.create(client).start();
  }

  #address(target: number): string {
    return this.rig.peers[target % this.rig.peers.length]!.host.address;
  }

  #next(): void {
    this.#sequence++;
    this.rig.started++;
    this.#resend();
  }

  #resend(): void {
    this.#sentMs = this.rig.universe.nowMs;
    const operations = [{ sequence: this.#sequence, after: 0, command: bytesOfText('add') }];
    const group = encode(operationGroup, { session: this.name, acknowledgedBelow: this.#sequence, operations });
    this.#send?.(this.#address(this.#target), { kind: 'forward', cell: '1', patienceMs: this.patienceMs, group });
  }

  #nextRead(): void {
    this.#read++;
    this.#readFloor = this.rig.floor;
    this.#resendRead();
  }

  #resendRead(): void {
    this.#readSentMs = this.rig.universe.nowMs;
    const reads = [{ id: this.#read, command: new Uint8Array(0) }];
    this.#send?.(this.#address(this.#readTarget), { kind: 'read', cell: '1', reader: this.name, reads });
  }

  #receive(message: AccessMessage): void {
    if (message.kind === 'results') {
      for (const { sequence, result } of message.results) {
        if (message.session !== this.name || sequence !== this.#sequence) continue;
        this.acknowledged.push(`${this.name}-${sequence}`);
        this.rig.floor = Math.max(this.rig.floor, decodeCount(result));
        if (!this.isStopped) this.#next();
      }
    } else if (message.kind === 'answers') {
      for (const { id, result } of message.answers) if (id === this.#read) this.#onRead(decodeCount(result));
    } else if (message.kind === 'elsewhere') {
      this.#redirect(message);
    }
  }

  #redirect({ leader, sequences, ids }: Extract<AccessMessage, { kind: 'elsewhere' }>): void {
    const found = this.rig.peers.findIndex(({ host }) => host.address === leader);
    if (found < 0) return;
    if (sequences.includes(this.#sequence) && found !== this.#target % this.rig.peers.length) {
      this.#target = found;
      this.#resend();
    }
    if (ids.includes(this.#read) && found !== this.#readTarget % this.rig.peers.length) {
      this.#readTarget = found;
      this.#resendRead();
    }
  }

  /** What was answered before the read began must be in it, and nothing that nobody asked for. */
  #onRead(count: number): void {
    this.reads++;
    if (count < this.#readFloor) this.rig.violations.push(`${this.name} read ${count} after ${this.#readFloor}`);
    if (count > this.rig.started) this.rig.violations.push(`${this.name} read ${count} of ${this.rig.started}`);
    this.rig.floor = Math.max(this.rig.floor, count);
    if (!this.isStopped) this.#nextRead();
  }

  #tick(): void {
    const now = this.rig.universe.nowMs;
    // Reads and writes find their way apart: who answers the one may have lost the other.
    if (now - this.#sentMs > 150) {
      this.#target++;
      this.#resend();
    }
    if (now - this.#readSentMs > 150) {
      this.#readTarget++;
      this.#resendRead();
    }
    if (!this.isStopped) this.rig.universe.after(50, () => this.#tick());
  }
}

/** Peers with cells in a simulated world, an overlay that knows everything, and checks that go on all the time. */
export class CellsRig {
  readonly universe: Universe;
  readonly policy: CellPolicy;
  readonly peers: RigPeer[] = [];
  readonly hints: { topic: string; version: number; bytes: Uint8Array }[] = [];
  readonly violations: string[] = [];
  readonly genesis: string | undefined;
  /** Operations that were asked for, and the highest count that anybody was told. */
  started = 0;
  floor = 0;
  /** The system exists: a peer with an empty disk joins it. */
  hasBegun = false;
  /** A copy was taken away for good in this run. */
  isSpent = false;
  readonly #entries: { readonly bytes: Uint8Array; readonly epoch: number }[] = [];

  constructor(seed: number, options: { policy?: Partial<CellPolicy>; network?: Partial<NetworkConditions> } = {}) {
    this.universe = new Universe({ seed, network: options.network ?? {}, trace: {} });
    this.policy = { replicas: 3, reads: 'lease', memberDeadMs: 5_000, checkpointBytes, ...options.policy };
    this.genesis = 'a';
  }

  /** Starts a peer under that name. */
  add(name: string): RigPeer {
    const peer = new RigPeer(this, name);
    this.peers.push(peer);
    peer.host.start();
    return peer;
  }

  /** Starts peers and waits until the cell has as many members. */
  addAll(names: string): void {
    for (const name of names) this.add(name);
    this.hasBegun = true;
    this.until(20_000, () => this.leader?.members.length === oddUpTo(Math.min(names.length, this.policy.replicas)));
  }

  peer(name: string): RigPeer {
    return this.peers.find((peer) => peer.name === name)!;
  }

  /** The report of the leader of the highest ballot. */
  get leader(): CellReport | undefined {
    const reports = this.peers.map(({ report }) => report).filter((report) => report?.role === 'leader');
    reports.sort((a, b) => b!.epoch - a!.epoch || b!.ballot.n - a!.ballot.n);
    return reports[0];
  }

  get leaderPeer(): RigPeer | undefined {
    const id = this.leader?.leader;
    return this.peers.find((peer) => peer.id === id);
  }

  setStatus(name: string, status: PeerStatus): void {
    this.peer(name).status = status;
    this.tellView();
  }

  tellView(): void {
    const peers = this.peers.map(({ info }) => info).sort((a, b) => (a.seat < b.seat ? -1 : 1));
    for (const peer of this.peers) {
      if (!peer.host.isRunning) continue;
      peer.membership?.emit.view({ systemId, self: peer.id, number: 0, peers });
      const hint = this.hints.reduce<(typeof this.hints)[number] | undefined>(
        (best, one) => (best === undefined || one.version > best.version ? one : best),
        undefined,
      );
      if (hint !== undefined) peer.membership?.emit.hint(hint);
    }
  }

  /** Lets time pass until the condition holds; throws where it does not come to hold in time. */
  until(withinMs: number, isDone: () => boolean): void {
    const endMs = this.universe.nowMs + withinMs;
    while (this.universe.nowMs < endMs) {
      this.universe.runFor(20);
      if (isDone()) return;
    }
    throw new Error(`not within ${withinMs} ms:\n${this.describe()}`);
  }

  describe(): string {
    const faults = this.universe.faults.map(({ host, fault }) => `${host}: ${(fault.error as Error).stack}`);
    return [...this.peers.map(({ name, report }) => `${name}: ${JSON.stringify(report)}`), ...faults].join('\n');
  }

  /** All replicas apply the same entries at the same places. */
  onApply(name: string, index: number, epoch: number, bytes: Uint8Array): void {
    const known = this.#entries[index];
    if (known === undefined) this.#entries[index] = { bytes: copyBytes(bytes), epoch };
    else if (known.epoch !== epoch || !bytesEqual(known.bytes, bytes)) {
      this.violations.push(`${name} applied another entry ${index} in epoch ${epoch}`);
    }
  }

  /** Faults and violations so far: none in a sound run. */
  get problems(): readonly string[] {
    const faults = this.universe.faults.map(({ host, fault }) => `${host}: ${(fault.error as Error).stack}`);
    return [...faults, ...this.violations];
  }
}

function oddUpTo(count: number): number {
  return count % 2 === 0 ? count - 1 : count;
}
