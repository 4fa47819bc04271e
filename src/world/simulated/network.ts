import type { Random } from '../../base/index.ts';
import { type Address, type Frame, frameBytes } from '../index.ts';
import type { Bandwidth } from './bandwidth.ts';
import type { SimulatedHost } from './host.ts';
import type { Latency } from './latency.ts';
import { linkTimeoutMs } from './limits.ts';
import { type Access, reachBetween } from './nat.ts';
import { Transfers } from './transfers.ts';
import type { Universe } from './universe.ts';

/** How the network behaves everywhere, until it is told otherwise. */
export interface NetworkConditions {
  /** The least time from peer to peer. */
  readonly latencyMs: number;
  /** The mean of what comes on top, drawn from an exponential distribution: what makes frames overtake one another. */
  readonly tailMs: number;
  readonly lossProbability: number;
  readonly duplicateProbability: number;
  /** How long each frame takes, in place of `latencyMs` and `tailMs`. */
  readonly latency?: Latency | undefined;
  /** What each host can send and receive: its frames share it fairly, and wait. Without end where it is left out. */
  readonly bandwidth?: ((host: string) => Bandwidth) | undefined;
  /** What each host stands behind. Pairs that could not come to talk do not. All are open where it is left out. */
  readonly access?: ((host: string) => Access) | undefined;
  /** Whether two hosts never come to talk, whatever is healed. The same for (a, b) and (b, a). */
  readonly apart?: ((a: string, b: string) => boolean) | undefined;
}

const calm: NetworkConditions = { latencyMs: 0.2, tailMs: 0.2, lossProbability: 0, duplicateProbability: 0 };

const noMessages: readonly string[] = [];

const endless: Bandwidth = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };

/** One direction between two hosts. */
interface Path {
  isCut: boolean;
  clogMs: number;
  /** What the sender believes of it; undefined before it tried. */
  isUp: boolean | undefined;
}

/** A frame on its way. */
interface Sent {
  readonly from: SimulatedHost;
  readonly to: SimulatedHost;
  readonly path: Path;
  readonly frame: Frame;
  readonly sentMs: number;
}

/** The network between hosts: paths in one direction each, with latency, loss, duplication, cuts and clogs. */
export class SimulatedNetwork {
  readonly #universe: Universe;
  readonly #random: Random;
  /** As they were at the beginning. */
  readonly #usual: NetworkConditions;
  #conditions: NetworkConditions;
  /** By the index of the sender, then of the receiver: only pairs that had to do with one another have a path. */
  readonly #paths: Map<number, Path>[] = [];
  readonly #transfers: Transfers;
  readonly #hosts = new Map<Address, SimulatedHost>();
  framesSent = 0;
  framesLost = 0;

  constructor(universe: Universe, random: Random, conditions: Partial<NetworkConditions>) {
    this.#universe = universe;
    this.#random = random;
    this.#usual = { ...calm, ...conditions };
    this.#conditions = this.#usual;
    this.#transfers = new Transfers(universe, (host) => this.#conditions.bandwidth?.(host) ?? endless);
  }

  /** Changes how the network behaves from now on. */
  setConditions(conditions: Partial<NetworkConditions>): void {
    this.#conditions = { ...this.#conditions, ...conditions };
    this.#universe.note('network', 'conditions', () => JSON.stringify(this.#conditions));
  }

  /** It behaves again as it did at the beginning. */
  restoreConditions(): void {
    this.setConditions(this.#usual);
  }

  /** Nothing passes from one host to the other; the way back stays open. */
  cutOneWay(from: SimulatedHost, to: SimulatedHost): void {
    this.#path(from, to).isCut = true;
    this.#universe.note('network', 'cut', () => `${from.name} > ${to.name}`);
  }

  /** Nothing passes between the two hosts. */
  cut(a: SimulatedHost, b: SimulatedHost): void {
    this.cutOneWay(a, b);
    this.cutOneWay(b, a);
  }

  /** Full partition: hosts of different groups do not reach each other. */
  partition(groups: readonly (readonly SimulatedHost[])[]): void {
    for (const group of groups) {
      for (const other of groups) {
        if (group !== other) for (const a of group) for (const b of other) this.cutOneWay(a, b);
      }
    }
  }

  /** Two groups that only `bridge` reaches both of: nobody but it sees a whole system. */
  partitionWithBridge(left: readonly SimulatedHost[], bridge: SimulatedHost, right: readonly SimulatedHost[]): void {
    const without = (group: readonly SimulatedHost[]) => group.filter((host) => host !== bridge);
    this.partition([without(left), without(right)]);
  }

  /** What goes from one host to the other takes longer by this. */
  clog(from: SimulatedHost, to: SimulatedHost, delayMs: number): void {
    this.#path(from, to).clogMs = delayMs;
    this.#universe.note('network', 'clog', () => `${from.name} > ${to.name} by ${delayMs} ms`);
  }

  /** Everything passes between the two hosts again. */
  healBetween(a: SimulatedHost, b: SimulatedHost): void {
    for (const path of [this.#path(a, b), this.#path(b, a)]) {
      path.isCut = false;
      path.clogMs = 0;
    }
    this.#universe.note('network', 'heal', () => `${a.name} = ${b.name}`);
  }

  /** Everything passes again. */
  heal(): void {
    for (const path of this.#paths.flatMap((paths) => [...paths.values()])) {
      path.isCut = false;
      path.clogMs = 0;
    }
    this.#universe.note('network', 'heal', () => 'everywhere');
  }

  isCut(from: SimulatedHost, to: SimulatedHost): boolean {
    return this.#path(from, to).isCut;
  }

  /** Whether two hosts could talk if nothing was cut. */
  canTalk(a: SimulatedHost, b: SimulatedHost): boolean {
    return a === b || !this.#isShut(a, b);
  }

  /** @internal */
  attach(host: SimulatedHost): void {
    this.#hosts.set(host.address, host);
  }

  /** A host's peer starts, and knows nothing of its paths, whatever the one before it learned, or was told when it had died. @internal */
  begin(host: SimulatedHost): void {
    for (const path of this.#paths[host.index]?.values() ?? []) path.isUp = undefined;
  }

  /** A host's peer died: what others believed of its paths goes. @internal */
  forget(host: SimulatedHost): void {
    for (const other of this.#hosts.values()) {
      if (other === host) continue;
      const back = this.#paths[host.index]?.get(other.index);
      const path = this.#paths[other.index]?.get(host.index);
      if (path?.isUp && !path.isCut && !back?.isCut) this.#lose(other, host, path, 'it closed the connection');
    }
  }

  /** @internal */
  transmit(from: SimulatedHost, address: Address, frame: Frame): void {
    this.framesSent++;
    const to = this.#hosts.get(address);
    if (to === undefined) {
      from.hearWire({ kind: 'down', address, reason: 'there is nobody at this address' });
      return;
    }
    const path = this.#path(from, to);
    if (path.isCut || this.#isShut(from, to) || this.#random.chance(this.#conditions.lossProbability)) {
      this.#drop(from, to, path, frame);
      return;
    }
    this.#deliverLater(from, to, path, frame);
    if (this.#random.chance(this.#conditions.duplicateProbability)) this.#deliverLater(from, to, path, frame);
  }

  #drop(from: SimulatedHost, to: SimulatedHost, path: Path, frame: Frame): void {
    this.framesLost++;
    for (const message of this.#messages(from, 'lost', frame))
      this.#universe.note(from.name, 'lost', () => `> ${to.name}  ${message}`);
    const isShut = (): boolean => path.isCut || this.#isShut(from, to);
    if (!isShut() || path.isUp === false) return;
    this.#universe.after(linkTimeoutMs, () => {
      if (isShut() && path.isUp !== false) this.#lose(from, to, path, 'no answer');
    });
  }

  #deliverLater(from: SimulatedHost, to: SimulatedHost, path: Path, frame: Frame): void {
    const sent = { from, to, path, frame, sentMs: this.#universe.nowMs };
    if (this.#conditions.bandwidth === undefined) this.#travel(sent);
    else this.#transfers.begin(from.name, to.name, frameBytes(frame), () => this.#travel(sent));
  }

  #travel(sent: Sent): void {
    this.#universe.afterWith(this.#delayMs(sent), this.#arrive, sent);
  }

  /** One function for all frames: a closure for each would be a good part of what a small message costs. */
  readonly #arrive = ({ from, to, path, frame, sentMs }: Sent): void => {
    if (!to.isRunning) {
      this.framesLost++;
      if (path.isUp !== false) this.#lose(from, to, path, 'connection refused');
      return;
    }
    if (!path.isUp) {
      path.isUp = true;
      from.hearWire({ kind: 'up', address: to.address });
    }
    this.#universe.trace.mixPart(frame);
    for (const message of this.#messages(to, 'hears', frame))
      this.#universe.note(to.name, 'hears', () => `${from.name} @ ${sentMs.toFixed(3)}  ${message}`);
    const { start, bytes, at, end } = frame;
    to.hearWire({ kind: 'frame', link: from.index, sender: start, bytes, at, end });
  };

  /** What the trace says of a frame: a line for each message, and nothing to be paid where it is off. */
  #messages(reader: SimulatedHost, kind: string, frame: Frame): readonly string[] {
    return this.#universe.trace.keeps(reader.name, kind) ? reader.read(frame) : noMessages;
  }

  #lose(from: SimulatedHost, to: SimulatedHost, path: Path, reason: string): void {
    path.isUp = false;
    this.#universe.after(this.#conditions.latencyMs, () =>
      from.hearWire({ kind: 'down', address: to.address, reason }),
    );
  }

  /** Whether what the two stand behind lets nothing through. */
  #isShut(from: SimulatedHost, to: SimulatedHost): boolean {
    const { access, apart } = this.#conditions;
    if (apart?.(from.name, to.name)) return true;
    return access !== undefined && reachBetween(access(from.name), access(to.name)) === 'none';
  }

  #delayMs({ from, to, path }: Sent): number {
    const { latencyMs, tailMs, latency } = this.#conditions;
    if (latency !== undefined) return path.clogMs + latency(from, to, this.#random);
    return latencyMs + path.clogMs - Math.log(1 - this.#random.fraction()) * tailMs;
  }

  #path(from: SimulatedHost, to: SimulatedHost): Path {
    const paths = (this.#paths[from.index] ??= new Map());
    let path = paths.get(to.index);
    if (path === undefined) {
      path = { isCut: false, clogMs: 0, isUp: undefined };
      paths.set(to.index, path);
    }
    return path;
  }
}
