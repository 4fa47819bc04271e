import { assert, type Random } from '../../base/index.ts';
import { System } from '../../component/index.ts';
import {
  type Address,
  durabilityOver,
  type Frame,
  type FrameStart,
  type FrameWriter,
  type Identity,
  listenerOver,
  milestoneTopic,
  type Platform,
  type Protocols,
  transportOver,
  type Wire,
  type WireReport,
} from '../index.ts';
import { SimulatedClock } from './clock.ts';
import { SimulatedDisk } from './disk.ts';
import { frameText } from './frameText.ts';
import { SimulatedStorage } from './storage.ts';
import { SimulatedStreams } from './streams.ts';
import { SimulatedTimer } from './timer.ts';
import type { Universe } from './universe.ts';

/** One run of a peer, from its start to its end: what `boot` sets the peer up with. */
export interface Life {
  readonly system: System;
  readonly platform: Platform;
}

/** Sets up a peer: creates its components in the system and starts them. */
export type Boot = (life: Life) => void;

interface Running extends Life {
  readonly storage: SimulatedStorage;
  readonly streams: SimulatedStreams;
  /** What its transport carries: by it frames are read for the trace. */
  readonly protocols: Record<string, Protocols[string]>;
  hear: ((report: WireReport) => void) | undefined;
}

/** A machine of the simulated world, which outlives the peers that run on it one after another. */
export class SimulatedHost {
  readonly name: string;
  readonly index: number;
  readonly address: Address;
  readonly clock: SimulatedClock;
  readonly disk: SimulatedDisk;
  readonly #universe: Universe;
  readonly #random: Random;
  readonly #boot: Boot;
  #running: Running | undefined;
  #isStalled = false;
  #stalledUntilMs = 0;
  /** Turns that were due while it was stalled. */
  #heldTurns: (() => void)[] = [];

  constructor(universe: Universe, name: string, index: number, random: Random, boot: Boot) {
    this.#universe = universe;
    this.name = name;
    this.index = index;
    this.address = `${name}:7000`;
    this.#random = random;
    this.#boot = boot;
    this.clock = new SimulatedClock(() => universe.nowMs, random.fork());
    this.disk = new SimulatedDisk(random.fork());
    universe.network.attach(this);
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get isStalled(): boolean {
    return this.#isStalled;
  }

  /** The run that goes on now, if one does. */
  get life(): Life | undefined {
    return this.#running;
  }

  /** Boots the peer, on the disk as it is. */
  start(): void {
    assert(this.#running === undefined, () => `${this.name} runs already`);
    this.clock.restart();
    this.#universe.network.begin(this);
    this.#note('start', () => `incarnation ${this.disk.incarnation}`);
    const running = this.#makeLife();
    this.#running = running;
    this.#boot(running);
  }

  /** Power loss: the peer is gone, and of what was not synced a part at most is on the disk. */
  crash(): void {
    this.#end('crash', (storage) => storage.endWithPower());
  }

  /** The process ends, as by kill -9 or after the peer has stopped: what it had written reaches the disk. */
  kill(): void {
    this.#end('kill', (storage) => storage.endWithProcess());
  }

  /** Crashes it if it runs, and boots it again: after a time, on its disk or on a new one. */
  restart(options: { readonly afterMs?: number; readonly isWiped?: boolean } = {}): void {
    if (this.isRunning) this.crash();
    if (options.isWiped) this.disk.wipe();
    this.#universe.after(options.afterMs ?? 0, () => {
      if (!this.isRunning) this.start();
    });
  }

  /**
   * Nothing happens in the peer for a time; then everything that came meanwhile does. Where the host is asleep, its
   * monotonic clock stands still too, as on a laptop whose lid was closed.
   */
  stall(durationMs: number, options: { readonly isAsleep?: boolean } = {}): void {
    if (!this.isRunning) return;
    this.#note('stall', () => `${durationMs} ms${options.isAsleep ? ', asleep' : ''}`);
    this.#isStalled = true;
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, this.#universe.nowMs + durationMs);
    if (options.isAsleep) this.clock.setAsleep(true);
    this.#universe.after(durationMs, () => {
      if (this.#universe.nowMs >= this.#stalledUntilMs) this.wake();
    });
  }

  /** Ends a stall. */
  wake(): void {
    if (!this.#isStalled || this.#running === undefined) return;
    this.#isStalled = false;
    this.clock.setAsleep(false);
    this.#note('wake', () => `${this.#heldTurns.length} turns waited`);
    for (const turn of this.#heldTurns.splice(0)) this.#universe.after(0, turn);
  }

  /** @internal */
  hearWire(report: WireReport): void {
    if (report.kind !== 'frame') this.#note('link', () => `${report.address} ${report.kind}`);
    this.#running?.hear?.(report);
  }

  /** The messages of a frame, as this peer would read them; none where it does not run. @internal */
  read(frame: Frame): readonly string[] {
    return this.#running === undefined ? [] : frameText(frame, this.#running.protocols);
  }

  /** The streams that a client's new connection belongs to; undefined where nobody listens. @internal */
  accept(): SimulatedStreams | undefined {
    const streams = this.#running?.streams;
    return streams?.hasRoom ? streams : undefined;
  }

  #end(topic: string, settle: (storage: SimulatedStorage) => void): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#note(topic, () => `after ${running.system.eventsHandled} events`);
    this.#running = undefined;
    this.#heldTurns = [];
    this.#isStalled = false;
    this.clock.setAsleep(false);
    settle(running.storage);
    running.streams.break();
    this.#universe.network.forget(this);
  }

  #makeLife(): Running {
    const random = this.#random.fork();
    const schedule = (delayMs: number, run: () => void): void => this.#schedule(running, delayMs, run);
    const note = (topic: string, text: () => string): void => this.#note(topic, text);
    const storage = new SimulatedStorage(this.disk, { random: random.fork(), schedule, note });
    const streams = new SimulatedStreams();
    const timer = new SimulatedTimer(this.clock, schedule);
    const log = {
      note: (_level: string, topic: string, text: () => string): void => {
        note(topic, text);
        if (topic === milestoneTopic && this.#running === running) this.#universe.reached(this, text());
      },
    };
    const wire = this.#makeWire(() => running);
    const platform: Platform = {
      identity: this.#makeIdentity(),
      address: this.address,
      world: { clock: this.clock, timer, entropy: random, storage, log },
      transport: (protocols) => {
        Object.assign(running.protocols, protocols);
        return transportOver(wire, protocols);
      },
      listener: listenerOver(streams),
      durability: durabilityOver(storage),
    };
    const system = this.#makeSystem(() => running);
    const running: Running = { system, platform, storage, streams, protocols: {}, hear: undefined };
    return running;
  }

  #makeSystem(running: () => Running): System {
    // A system is woken with one function again and again: what stands around it is made once.
    let woken: { readonly run?: () => void; readonly due: () => void } = { due: () => undefined };
    return new System({
      scheduler: {
        nowMs: () => this.#universe.nowMs,
        wake: (run) => {
          if (woken.run !== run) woken = { run, due: this.#turn(running(), run) };
          this.#universe.after(0, woken.due);
        },
        after: (delayMs, run) => this.#universe.after(delayMs, this.#turn(running(), run)),
      },
      onFault: (fault) => {
        this.#universe.faults.push({ host: this.name, atMs: this.#universe.nowMs, fault, isFatal: false });
        this.#note('fault', () => `${fault.path} at ${fault.event}: ${String(fault.error)}`);
      },
      onHalt: (fault) => {
        this.#universe.faults.push({ host: this.name, atMs: this.#universe.nowMs, fault, isFatal: true });
        this.kill();
      },
    });
  }

  #makeWire(running: () => Running): Wire {
    return {
      address: this.address,
      listen: (reports) => {
        running().hear = reports.tell;
      },
      transmit: (to: Address, start: FrameStart, messages: FrameWriter) => {
        const frame = messages.take(start);
        if (this.#running === running()) this.#universe.network.transmit(this, to, frame);
      },
      // A turn takes no virtual time, so nothing waits to be handled.
      taken: () => undefined,
      reject: (link, reason) => this.#note('reject', () => `a frame of host ${link}: ${reason}`),
    };
  }

  #makeIdentity(): Identity {
    return { name: this.name, incarnation: this.disk.incarnation };
  }

  /** Calls `run` later, unless that run of the peer is over by then. */
  #schedule(running: Running, delayMs: number, run: () => void): void {
    this.#universe.after(delayMs, () => {
      if (this.#running === running) run();
    });
  }

  /** Calls `run` unless that run of the peer is over, and when the stall is over where there is one. */
  #turn(running: Running, run: () => void): () => void {
    const due = (): void => {
      if (this.#running !== running) return;
      if (this.#isStalled) this.#heldTurns.push(due);
      else run();
    };
    return due;
  }

  #note(topic: string, text: () => string): void {
    this.#universe.note(this.name, topic, text);
  }
}
