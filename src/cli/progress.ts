import { size } from './words.ts';

const showEveryMs = 200;

/** How far a long work has come: one line on a terminal that is written anew; nothing where nobody looks. */
export class Progress {
  readonly #verb: string;
  readonly #beganMs = performance.now();
  #shownMs = 0;
  keys = 0;
  bytes = 0;

  constructor(verb: string) {
    this.#verb = verb;
  }

  add(keys: number, bytes: number): void {
    this.keys += keys;
    this.bytes += bytes;
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#shownMs < showEveryMs) return;
    this.#shownMs = now;
    process.stderr.write(`\r\x1b[K${this.#verb} ${this.amount}, ${size(this.#perSecond())}/s`);
  }

  /** Takes the line away. */
  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }

  get amount(): string {
    return `${this.keys} ${this.keys === 1 ? 'key' : 'keys'}, ${size(this.bytes)}`;
  }

  get seconds(): string {
    return `${((performance.now() - this.#beganMs) / 1000).toFixed(1)} s`;
  }

  #perSecond(): number {
    return (this.bytes * 1000) / Math.max(1, performance.now() - this.#beganMs);
  }
}
