import { type Bytes, copyBytes, type Random } from '../../base/index.ts';
import type { SimulatedHost } from './host.ts';
import { clientLatencyMs } from './limits.ts';
import { Pipe } from './pipe.ts';
import type { Connection, SimulatedStreams } from './streams.ts';
import type { Universe } from './universe.ts';

/** What a client hears. The bytes are its own. */
export interface ClientEars {
  opened?(): void;
  data(bytes: Bytes): void;
  /** The stream ended, was refused or broke: nothing comes behind it. */
  closed(): void;
}

/** How often a chunk comes in two pieces, as streams may cut it anywhere. */
const cutProbability = 0.25;

/** A client of a simulated peer: a byte stream to its listener. It is not a peer, and no fault of the network hits it. */
export class SimulatedClient implements Connection {
  readonly #random: Random;
  readonly #ears: ClientEars;
  readonly #toPeer: Pipe;
  readonly #toClient: Pipe;
  #streams: SimulatedStreams | undefined;
  #number = 0;
  #isClosed = false;
  #isCongested = false;

  constructor(universe: Universe, host: SimulatedHost, random: Random, ears: ClientEars) {
    this.#random = random;
    this.#ears = ears;
    const later = (run: () => void): void => void universe.after(clientLatencyMs, run);
    this.#toPeer = new Pipe(later, (item) => this.#arriveAtPeer(item));
    this.#toClient = new Pipe(later, (item) => this.#arriveAtClient(item));
    this.#toPeer.pause();
    later(() => this.#connect(host));
  }

  get isOpen(): boolean {
    return this.#streams !== undefined && !this.#isClosed;
  }

  /** Sends bytes; what is sent before the connection stands waits for it. */
  send(bytes: Bytes): void {
    if (this.#isClosed) return;
    const own = copyBytes(bytes);
    if (own.length < 2 || !this.#random.chance(cutProbability)) {
      this.#toPeer.push(own);
      return;
    }
    const at = this.#random.between(1, own.length - 1);
    this.#toPeer.push(own.subarray(0, at));
    this.#toPeer.push(own.subarray(at));
  }

  /** Closes behind what was sent. */
  close(): void {
    this.#toPeer.push('end');
  }

  /** Reads nothing until `startReading`: what the peer writes waits. */
  stopReading(): void {
    this.#toClient.pause();
  }

  startReading(): void {
    this.#toClient.resume();
  }

  /** @internal */
  write(bytes: Bytes): void {
    this.#toClient.push(bytes);
    this.#isCongested = this.#streams!.reportWaiting(this.#number, this.#toClient.waitingBytes, this.#isCongested);
  }

  /** @internal */
  end(): void {
    this.#toClient.push('end');
  }

  /** @internal */
  pause(): void {
    this.#toPeer.pause();
  }

  /** @internal */
  resume(): void {
    this.#toPeer.resume();
  }

  /** The peer died. @internal */
  break(): void {
    this.#toPeer.break();
    this.#toClient.break();
    this.#toClient.resume();
    this.#toClient.push('end');
  }

  #connect(host: SimulatedHost): void {
    this.#streams = host.accept();
    if (this.#streams === undefined) {
      this.#finish();
      return;
    }
    this.#number = this.#streams.open(this);
    this.#ears.opened?.();
    this.#toPeer.resume();
  }

  #arriveAtPeer(item: Bytes | 'end'): void {
    if (this.#isClosed) return;
    if (item === 'end') {
      this.#finish();
      return;
    }
    this.#streams?.report({ kind: 'data', connection: this.#number, bytes: item });
  }

  #arriveAtClient(item: Bytes | 'end'): void {
    if (this.#isClosed) return;
    if (item === 'end') {
      this.#finish();
      return;
    }
    this.#isCongested = this.#streams!.reportWaiting(this.#number, this.#toClient.waitingBytes, this.#isCongested);
    this.#ears.data(item);
  }

  #finish(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#streams?.closed(this.#number);
    this.#ears.closed();
  }
}
