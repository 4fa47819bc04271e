import { connect, type Socket } from 'node:net';
import type { Bytes } from '../../base/index.ts';
import { type Address, outboundBytesMax, type WireReport } from '../index.ts';
import { parseAddress } from './address.ts';
import { connectTimeoutMs, looksBeforeFlush, redialFirstMs, redialMaxMs } from './limits.ts';

/** What a link needs of the wire that it belongs to. */
export interface LinkSurroundings {
  readonly report: (report: WireReport) => void;
  /** The connection stands: the other side may speak on it too. */
  readonly opened: (socket: Socket) => void;
  /** The connection that the peer at an address made itself, if it stands. */
  readonly wayBack: (address: Address) => Socket | undefined;
}

/**
 * The way to one peer: dialled when there is something to send, again with back-off after it broke. A peer that cannot be dialled,
 * because it stands behind an address translator, is spoken to on the connection that it made itself.
 */
export class OutboundLink {
  readonly #address: Address;
  readonly #surroundings: LinkSurroundings;
  /** Whether the last attempt to dial failed. */
  #isUnreachable = false;
  #socket: Socket | undefined;
  #isUp = false;
  /** Frames that wait for the connection. */
  #waiting: Bytes[] = [];
  #waitingBytes = 0;
  #isFlushDue = false;
  #redialMs = redialFirstMs;
  #redial: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** Frames that found too many bytes before them. */
  dropped = 0;

  constructor(address: Address, surroundings: LinkSurroundings) {
    this.#address = address;
    this.#surroundings = surroundings;
  }

  transmit(frame: Bytes): void {
    const wayBack = this.#isUp || !this.#isUnreachable ? undefined : this.#surroundings.wayBack(this.#address);
    const queued = this.#waitingBytes + ((wayBack ?? this.#socket)?.writableLength ?? 0);
    if (queued + frame.length > outboundBytesMax || this.#isClosed) {
      this.dropped++;
      return;
    }
    if (wayBack === undefined) {
      this.#waiting.push(frame);
      this.#waitingBytes += frame.length;
    } else wayBack.write(frame);
    if (this.#isUp) this.#flushSoon();
    else if (this.#socket === undefined && this.#redial === undefined) this.#dial();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#redial);
    this.#socket?.destroy();
  }

  #dial(): void {
    const parsed = parseAddress(this.#address);
    if (!parsed.ok) {
      this.#lose(parsed.error);
      return;
    }
    const socket = connect({ ...parsed.value, noDelay: true, keepAlive: true, keepAliveInitialDelay: 5000 });
    this.#socket = socket;
    let reason = 'it closed the connection';
    const patience = setTimeout(() => socket.destroy(new Error('no answer')), connectTimeoutMs);
    socket.on('connect', () => {
      clearTimeout(patience);
      this.#open(socket);
    });
    socket.on('error', (error) => {
      reason = error.message;
    });
    socket.on('close', () => {
      clearTimeout(patience);
      this.#lose(reason);
    });
  }

  /**
   * Writes a few looks at the sockets later, whatever came up until then, with one call. A busy peer gathers the frames
   * of several turns that way, which is worth more than the moment it costs; an idle one waits for nobody.
   */
  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    let looks = looksBeforeFlush;
    const look = (): void => {
      looks--;
      if (looks > 0) {
        setImmediate(look);
        return;
      }
      this.#isFlushDue = false;
      if (this.#isUp) this.#flush(this.#socket!);
    };
    setImmediate(look);
  }

  #flush(socket: Socket): void {
    socket.cork();
    for (const frame of this.#waiting) socket.write(frame);
    socket.uncork();
    this.#forgetWaiting();
  }

  #open(socket: Socket): void {
    this.#isUp = true;
    this.#isUnreachable = false;
    this.#redialMs = redialFirstMs;
    this.#surroundings.opened(socket);
    this.#flush(socket);
    this.#surroundings.report({ kind: 'up', address: this.#address });
  }

  #lose(reason: string): void {
    this.#isUnreachable = !this.#isUp;
    this.#socket = undefined;
    this.#isUp = false;
    if (this.#isClosed) return this.#forgetWaiting();
    const wayBack = this.#isUnreachable ? this.#surroundings.wayBack(this.#address) : undefined;
    if (wayBack === undefined) this.#surroundings.report({ kind: 'down', address: this.#address, reason });
    else for (const frame of this.#waiting) wayBack.write(frame);
    this.#forgetWaiting();
    this.#redialLater();
  }

  #redialLater(): void {
    const waitMs = this.#redialMs * (0.5 + Math.random());
    this.#redialMs = Math.min(this.#redialMs * 2, redialMaxMs);
    this.#redial = setTimeout(() => {
      this.#redial = undefined;
      if (this.#waiting.length > 0) this.#dial();
    }, waitMs);
  }

  #forgetWaiting(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
