import { bytesOfKey, type Key } from '../base/index.ts';
import { clockwise, type PeerInfo, type View } from '../overlay/index.ts';
import { parseTraceLine, type TraceLine } from '../world/simulated/index.ts';
import { History } from './history.ts';
import { settleMs, watchedOperationsMax } from './limits.ts';
import { checkLinearizable } from './linearizability.ts';
import { Meddler, type Meddling } from './meddler.ts';
import { SimulatedSubject } from './subject.ts';
import type { Watched } from './watched.ts';
import { Workload } from './workload.ts';

/** What somebody who watches a run can do to it. Peers stand by their names. */
export type Intervention = Meddling | { readonly kind: 'join' };

/** One peer at a moment. */
export interface WatchedPeer {
  readonly name: string;
  readonly isUp: boolean;
  readonly isStalled: boolean;
  readonly hasLeft: boolean;
  /** Where its seat stands in the key space, from 0 to 1; undefined before anybody has heard of it. */
  readonly place: number | undefined;
  readonly role: 'leader' | 'member' | 'none';
  /** Who comes next on the ring as this peer sees it; undefined where it sees nobody else, or does not run. */
  readonly successor: string | undefined;
  /** Who is not there, as this peer sees it. */
  readonly misses: readonly string[];
  readonly cutFrom: readonly string[];
}

/** A whole system at a moment. */
export interface Scene {
  readonly atMs: number;
  readonly peers: readonly WatchedPeer[];
  /** Commands of clients: answered as done, refused, and of unknown outcome. */
  readonly commands: { readonly done: number; readonly refused: number; readonly unknown: number };
  /** What went wrong so far, in sentences. */
  readonly violations: readonly string[];
}

/**
 * A run that is watched while it happens: it goes on as far as it is told to, and whoever watches may crash, cut and heal.
 * Clients work on it from `settleMs` on, up to `watchedOperationsMax`. The same seed and the same interventions at the same moments give the same run.
 */
export class WatchedRun implements Watched<Scene, Intervention> {
  readonly #subject: SimulatedSubject;
  readonly #history = new History();
  readonly #workload: Workload;
  readonly #places = new Map<string, number>();
  readonly #meddler: Meddler;

  constructor({ seed, peers }: { readonly seed: number; readonly peers: number }) {
    this.#subject = new SimulatedSubject({ seed, peers, reads: 'lease', trace: {} });
    this.#meddler = new Meddler(this.#subject, 'Three peers');
    const { universe } = this.#subject;
    const home = { subject: this.#subject, history: this.#history, record: () => undefined };
    const calls = { patienceMs: 2_000, pauseMs: 400 };
    this.#workload = new Workload(home, universe.random.fork(), { ...calls, clients: 3, keys: 12, expiringKeys: 0 });
    universe.after(settleMs, () => this.#workload.start());
  }

  get nowMs(): number {
    return this.#subject.nowMs;
  }

  /** Lets everything happen up to a moment of virtual time. */
  advanceTo(ms: number): void {
    if (this.#history.operations.length >= watchedOperationsMax) this.#workload.stop();
    this.#subject.universe.run(ms);
  }

  /** Lets the next event happen. */
  step(): void {
    this.#subject.universe.step();
  }

  /** The lines of the trace that were added since the last call. */
  takeLines(): readonly TraceLine[] {
    return this.#subject.universe.trace.take().map((line) => parseTraceLine(line)!);
  }

  /** Intervenes now. A sentence says why it cannot be done. */
  perform(intervention: Intervention): string | undefined {
    if (intervention.kind !== 'join') return this.#meddler.perform(intervention);
    return this.#subject.join() === undefined ? 'There are as many peers as fit.' : undefined;
  }

  /** How everything is now, as the peers said last. */
  look(): Scene {
    const residents = this.#subject.witnesses();
    const known = residents.flatMap(({ view }) => view?.peers ?? []);
    for (const { name, seat } of known) this.#places.set(name, placeOf(seat));
    const { done, refused, unknown } = this.#workload;
    return {
      atMs: this.nowMs,
      peers: residents.map((resident) => this.#peer(resident)),
      commands: { done, refused, unknown },
      violations: this.#violations(),
    };
  }

  /** What went wrong, and whether what clients saw so far can be explained by an order of their commands; sentences where it cannot. */
  judge(): readonly string[] {
    return [...this.#violations(), ...checkLinearizable(this.#history)];
  }

  #peer({ host, hasLeft, view, role }: ReturnType<SimulatedSubject['witnesses']>[number]): WatchedPeer {
    const { name, isRunning, isStalled } = host;
    const others = view === undefined ? [] : othersOf(view);
    return {
      name,
      isUp: isRunning,
      isStalled,
      hasLeft,
      place: this.#places.get(name),
      role: role === 'leader' ? 'leader' : role === undefined ? 'none' : 'member',
      successor: others[0]?.name,
      misses: missedIn(view),
      cutFrom: this.#meddler.cutFrom(name),
    };
  }

  #violations(): readonly string[] {
    const { universe, log, coverage, refusals } = this.#subject;
    const bugs = universe.faults.map(({ host, fault }) => `${host} had a bug, in ${fault.path} at ${fault.event}`);
    return [...bugs, ...log.violations, ...coverage.violations, ...refusals, ...this.#workload.surprises];
  }
}

/** The others that are there in the eyes of a peer, clockwise from its own seat. */
function othersOf(view: View): readonly PeerInfo[] {
  const self = view.peers.find(({ id }) => id === view.self);
  return self === undefined ? [] : clockwise(view, self.seat).filter(({ id }) => id !== view.self);
}

/** The first bytes of a key, read as a fraction. */
function placeOf(seat: Key): number {
  return bytesOfKey(seat)
    .subarray(0, 4)
    .reduce((sum, byte, i) => sum + byte / 256 ** (i + 1), 0);
}

/** Who is dead in the eyes of a peer, in the order of their names. */
function missedIn(view: View | undefined): readonly string[] {
  const dead = view?.peers.filter(({ status }) => status === 'dead') ?? [];
  return dead.map(({ name }) => name).sort();
}
