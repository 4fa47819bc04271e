import { assert, Random } from '../../base/index.ts';
import type { Fault } from '../../component/index.ts';
import { Agenda, type Happening } from './agenda.ts';
import { type ClientEars, SimulatedClient } from './client.ts';
import { type Boot, SimulatedHost } from './host.ts';
import { type NetworkConditions, SimulatedNetwork } from './network.ts';
import { Trace, type TraceFilter } from './trace.ts';

/** The seed of a simulated world, how its network behaves, and what of it is kept. */
export interface UniverseOptions {
  /** From it comes every choice: the same seed gives the same run. */
  readonly seed: number;
  readonly network?: Partial<NetworkConditions>;
  /** Which lines of the trace are kept: none where it is left out. The hash always is. */
  readonly trace?: TraceFilter | undefined;
  /** Where time stops for good; nowhere where it is left out. */
  readonly until?: Moment | undefined;
}

/** A moment of a run: the last millisecond that still happens, or the number of the last event that does. */
export interface Moment {
  readonly ms?: number;
  readonly event?: number;
}

/** A bug that showed itself in a simulated peer. */
export interface HostFault {
  readonly host: string;
  readonly atMs: number;
  readonly fault: Fault;
  /** True where the fault reached the root, so that the peer died of it. */
  readonly isFatal: boolean;
}

/**
 * A world of its own: virtual time, a network, and hosts with disks that peers run on. One thread runs all of it, one
 * happening after the other, and everything that is left open is decided by the seed.
 */
export class Universe {
  readonly trace: Trace;
  readonly network: SimulatedNetwork;
  /** For scenarios that want to choose by the seed: independent of what the peers draw. */
  readonly random: Random;
  /** Bugs that showed themselves so far. */
  readonly faults: HostFault[] = [];
  readonly hosts = new Map<string, SimulatedHost>();
  readonly #ambushes = new Set<{ readonly milestone: string; readonly strike: (host: SimulatedHost) => void }>();
  readonly #agenda = new Agenda();
  readonly #ties: Random;
  readonly #seeds: Random;
  readonly #untilMs: number;
  readonly #untilEvent: number;
  #nowMs = 0;
  #number = 0;
  #happened = 0;
  #isStopped = false;

  constructor(options: UniverseOptions) {
    this.#seeds = new Random(options.seed);
    this.#ties = this.#seeds.fork();
    this.random = this.#seeds.fork();
    this.trace = new Trace(options.trace);
    this.#untilMs = options.until?.ms ?? Number.POSITIVE_INFINITY;
    this.#untilEvent = options.until?.event ?? Number.POSITIVE_INFINITY;
    this.network = new SimulatedNetwork(this, this.#seeds.fork(), options.network ?? {});
  }

  /** Virtual milliseconds since the beginning. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** The number of the event that happens now, or happened last: events are counted from 1. */
  get happened(): number {
    return this.#happened;
  }

  /** Whether time came to the moment that it was to stop at, so that nothing happens any more. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /**
   * Adds a host with an empty disk; `boot` sets up the peer, at `start` and at every restart. The name is that of the
   * peer, and its address is `name:7000`.
   */
  addHost(name: string, boot: Boot): SimulatedHost {
    assert(!this.hosts.has(name), () => `there is a host ${name} already`);
    const host = new SimulatedHost(this, name, this.hosts.size, this.#seeds.fork(), boot);
    this.hosts.set(name, host);
    return host;
  }

  /** Connects a client to the listener of a host's peer. */
  connect(host: SimulatedHost, ears: ClientEars): SimulatedClient {
    return new SimulatedClient(this, host, this.#seeds.fork(), ears);
  }

  /** Calls `run` after a time. Scenarios use it for what they do themselves. */
  after(delayMs: number, run: () => void): Happening {
    return this.afterWith(delayMs, run, undefined);
  }

  /** The same for a function that is called with something. @internal */
  afterWith<T>(delayMs: number, run: (of: T) => void, of: T): Happening {
    const happening = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      tie: this.#ties.u32(),
      number: this.#number++,
      run: run as (of: unknown) => void,
      of,
    };
    this.#agenda.add(happening);
    return happening;
  }

  /** Waits for a host that reaches a milestone, and strikes right there, in the middle of its turn. Gives what calls it off. */
  ambush(milestone: string, strike: (host: SimulatedHost) => void): () => void {
    const ambush = { milestone, strike };
    this.#ambushes.add(ambush);
    return () => void this.#ambushes.delete(ambush);
  }

  /** @internal */
  reached(host: SimulatedHost, milestone: string): void {
    for (const ambush of this.#ambushes) {
      if (ambush.milestone !== milestone) continue;
      this.#ambushes.delete(ambush);
      ambush.strike(host);
    }
  }

  /** Lets the next thing happen; false where nothing is left. */
  step(): boolean {
    const happening = this.#agenda.take();
    if (happening === undefined) return false;
    this.#nowMs = happening.atMs;
    this.#happened++;
    const { run } = happening;
    if (run !== undefined) {
      this.trace.mix(happening.number ^ ((happening.atMs * 1024) | 0));
      run(happening.of);
    }
    return true;
  }

  /** Lets everything happen up to a moment of virtual time, or until `isDone` says so after a happening. */
  run(untilMs: number, isDone?: () => boolean): void {
    for (let next = this.#agenda.nextMs; next !== undefined && next <= untilMs; next = this.#agenda.nextMs) {
      this.#isStopped = next > this.#untilMs || this.#happened >= this.#untilEvent;
      if (this.#isStopped) return;
      this.step();
      if (isDone?.()) return;
    }
    this.#nowMs = Math.max(this.#nowMs, Math.min(untilMs, this.#untilMs));
  }

  /** The same for some more time. */
  runFor(durationMs: number, isDone?: () => boolean): void {
    this.run(this.#nowMs + durationMs, isDone);
  }

  /** A line in the trace. */
  note(peer: string, kind: string, text: () => string): void {
    this.trace.note(this.#happened, this.#nowMs, peer, kind, text);
  }
}
