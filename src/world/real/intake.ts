import type { Socket } from 'node:net';

/**
 * How fast a stream is read: what came in and was not handled yet is bounded, so that a peer with too much to do makes
 * those wait that give it work. Whoever uses the stream may pause it beside that.
 */
export class Intake {
  readonly #socket: Socket;
  readonly #waitingBytesMax: number;
  #waitingBytes = 0;
  #isPaused = false;

  constructor(socket: Socket, waitingBytesMax: number) {
    this.#socket = socket;
    this.#waitingBytesMax = waitingBytesMax;
  }

  /** Bytes were read and handed on. */
  arrived(bytes: number): void {
    this.#waitingBytes += bytes;
    if (this.#waitingBytes > this.#waitingBytesMax) this.#socket.pause();
  }

  /** Bytes were handled. */
  taken(bytes: number): void {
    this.#waitingBytes -= bytes;
    this.#flowAgain();
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#flowAgain();
  }

  #flowAgain(): void {
    if (!this.#isPaused && this.#waitingBytes <= this.#waitingBytesMax / 2) this.#socket.resume();
  }
}
