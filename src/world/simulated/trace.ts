import { traceLinesMax } from './limits.ts';

/**
 * What happened, one line an event in fixed columns: time in milliseconds, peer, topic, text. The latest lines are
 * kept. Beside it a running hash of all that happens, kept also when nobody reads the lines.
 */
export class Trace {
  readonly isOn: boolean;
  readonly #lines: string[] = [];
  #next = 0;
  #a = 0x9e3779b9;
  #b = 0x85ebca6b;

  constructor(isOn: boolean) {
    this.isOn = isOn;
  }

  /** Adds a line. The text is built only when the trace is on. */
  note(atMs: number, peer: string, topic: string, text: () => string): void {
    if (!this.isOn) return;
    const time = atMs.toFixed(3).padStart(12);
    this.#lines[this.#next] = `${time}  ${peer.padEnd(8)}  ${topic.padEnd(10)}  ${text()}`;
    this.#next = (this.#next + 1) % traceLinesMax;
  }

  /** The lines that are kept, the oldest first. */
  lines(): readonly string[] {
    return [...this.#lines.slice(this.#next), ...this.#lines.slice(0, this.#next)];
  }

  /** Mixes a number into the hash. */
  mix(value: number): void {
    this.#a = Math.imul(this.#a ^ value, 0x01000193);
    this.#b = Math.imul(this.#b ^ (this.#a >>> 15), 0x21f0aaad) + value;
  }

  /** The hash of everything so far: two runs of one seed agree in it. */
  get hash(): string {
    return (this.#a >>> 0).toString(16).padStart(8, '0') + (this.#b >>> 0).toString(16).padStart(8, '0');
  }
}
