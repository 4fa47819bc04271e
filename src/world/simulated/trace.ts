import type { Part } from '../../base/index.ts';
import { traceLinesMax, traceSampleBytes } from './limits.ts';

/** Which lines a trace keeps: those of these kinds and these peers. What is not named is not chosen by. */
export interface TraceFilter {
  readonly kinds?: readonly string[];
  readonly peers?: readonly string[];
}

/** A line of a trace, taken apart into its columns. */
export interface TraceLine {
  /** The number of the happening in its run: where `--until-event` stops. */
  readonly event: number;
  readonly atMs: number;
  /** The peer that it happened to; `client-1`, `network` or `nemesis` where it is none. */
  readonly peer: string;
  readonly kind: string;
  readonly text: string;
}

/**
 * What happened, one line an event in five columns: number of the event, time in milliseconds, peer, kind, text. The
 * latest lines are kept. Beside it a running hash of all that happens, kept also when nobody reads the lines.
 */
export class Trace {
  readonly isOn: boolean;
  readonly #kinds: ReadonlySet<string> | undefined;
  readonly #peers: ReadonlySet<string> | undefined;
  readonly #lines: string[] = [];
  #next = 0;
  #a = 0x9e3779b9;
  #b = 0x85ebca6b;

  /** Keeps no lines without a filter; all lines with an empty one. */
  constructor(filter?: TraceFilter) {
    this.isOn = filter !== undefined;
    this.#kinds = filter?.kinds && new Set(filter.kinds);
    this.#peers = filter?.peers && new Set(filter.peers);
  }

  /** Whether lines of this kind are kept of this peer. */
  keeps(peer: string, kind: string): boolean {
    return this.isOn && this.#kinds?.has(kind) !== false && this.#peers?.has(peer) !== false;
  }

  /** Adds a line. The text is built only when the line is kept. */
  note(event: number, atMs: number, peer: string, kind: string, text: () => string): void {
    if (!this.keeps(peer, kind)) return;
    this.#lines[this.#next] = traceLineText({ event, atMs, peer, kind, text: text() });
    this.#next = (this.#next + 1) % traceLinesMax;
  }

  /** The lines that are kept, the oldest first. */
  lines(): readonly string[] {
    return [...this.#lines.slice(this.#next), ...this.#lines.slice(0, this.#next)];
  }

  /** The same, and forgets them. */
  take(): readonly string[] {
    const lines = this.lines();
    this.#lines.length = 0;
    this.#next = 0;
    return lines;
  }

  /** Mixes a number into the hash. */
  mix(value: number): void {
    this.#a = Math.imul(this.#a ^ value, 0x01000193);
    this.#b = Math.imul(this.#b ^ (this.#a >>> 15), 0x21f0aaad) + value;
  }

  /** Mixes the length and the last bytes of what travels, which are what differs from frame to frame, into the hash. */
  mixPart({ bytes, at, end }: Part): void {
    let sum = end - at;
    for (let i = Math.max(at, end - traceSampleBytes); i < end; i++) sum = Math.imul(sum ^ bytes[i]!, 0x01000193);
    this.mix(sum);
  }

  /** The hash of everything so far: two runs of one seed agree in it. */
  get hash(): string {
    return (this.#a >>> 0).toString(16).padStart(8, '0') + (this.#b >>> 0).toString(16).padStart(8, '0');
  }
}

/** A line as it is printed. */
export function traceLineText({ event, atMs, peer, kind, text }: TraceLine): string {
  const number = String(event).padStart(8);
  return `${number}  ${atMs.toFixed(3).padStart(11)}  ${peer.padEnd(8)}  ${kind.padEnd(10)}  ${text}`;
}

/** The columns of a printed line; undefined for text that is no such line. */
export function parseTraceLine(line: string): TraceLine | undefined {
  const columns = /^ *(\d+) +(\d+\.\d+) +(\S+) +(\S+) +(.*)$/.exec(line);
  if (columns === null) return undefined;
  const [, event, atMs, peer, kind, text] = columns;
  return { event: Number(event), atMs: Number(atMs), peer: peer!, kind: kind!, text: text! };
}
