import { connect, type Socket } from 'node:net';
import type { Bytes } from '../../base/index.ts';
import { type Address, outboundBytesMax, type WireReport } from '../index.ts';
import { parseAddress } from './address.ts';
import { connectTimeoutMs, looksBeforeFlush, redialFirstMs, redialMaxMs } from './limits.ts';

/** The way to one peer: dialled when there is something to send, again with back-off after it broke. */
export class OutboundLink {
  readonly #address: Address;
  readonly #report: (report: WireReport) => void;
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

  constructor(address: Address, report: (report: WireReport) => void) {
    this.#address = address;
    this.#report = report;
  }

  transmit(frame: Bytes): void {
    const queued = this.#waitingBytes + (this.#socket?.writableLength ?? 0);
    if (queued + frame.length > outboundBytesMax || this.#isClosed) {
      this.dropped++;
      return;
    }
    this.#waiting.push(frame);
    this.#waitingBytes += frame.length;
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
    // Nobody speaks on this stream but us; reading on lets its end be noticed.
    socket.resume();
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
    this.#redialMs = redialFirstMs;
    this.#flush(socket);
    this.#report({ kind: 'up', address: this.#address });
  }

  #lose(reason: string): void {
    this.#socket = undefined;
    this.#isUp = false;
    this.#forgetWaiting();
    if (this.#isClosed) return;
    this.#report({ kind: 'down', address: this.#address, reason });
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
