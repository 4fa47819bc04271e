import type { TraceLine, Watched } from '../simulator/index.ts';
import { aheadMs, linesMax, messagesShownMax, scenesMax, stepEventsMax } from './limits.ts';

/** A message on its way, or just arrived. */
export interface Message {
  readonly from: string;
  readonly to: string;
  readonly sentMs: number;
  readonly heardMs: number;
  readonly text: string;
}

/**
 * A run that can be gone forward and back in. It is computed a little ahead of the moment that is shown; what has been
 * computed is remembered, and going back changes nothing. An intervention happens at the end of what has been computed.
 */
export class Playback<Scene extends { readonly atMs: number }, Deed> {
  readonly #run: Watched<Scene, Deed>;
  readonly #lines: TraceLine[] = [];
  readonly #scenes: Scene[] = [];
  #shownMs = 0;
  /** How many of the lines have happened at the moment that is shown. */
  #cursor = 0;

  constructor(run: Watched<Scene, Deed>) {
    this.#run = run;
    this.#compute(0);
  }

  get shownMs(): number {
    return this.#shownMs;
  }

  /** The first moment that is remembered. */
  get firstMs(): number {
    return this.#scenes[0]!.atMs;
  }

  /** The end of what has been computed. */
  get headMs(): number {
    return this.#run.nowMs;
  }

  /** Goes on by so much virtual time. */
  advance(ms: number): void {
    const toMs = this.#shownMs + ms;
    if (toMs + aheadMs > this.headMs) this.#compute(toMs + aheadMs);
    this.seek(toMs);
  }

  /** Goes to a moment that was computed already. */
  seek(ms: number): void {
    this.#shownMs = Math.min(Math.max(ms, this.firstMs), this.headMs);
    this.#cursor = countUpTo(this.#lines, this.#shownMs);
  }

  /** Goes on to the next line of the trace. */
  step(): void {
    for (let i = 0; this.#cursor >= this.#lines.length && i < stepEventsMax; i++) {
      this.#run.step();
      this.#remember();
    }
    const line = this.#lines[this.#cursor];
    if (line === undefined) return;
    this.#cursor++;
    this.#shownMs = line.atMs;
  }

  /** Intervenes, and shows the moment in which it is done. A sentence says why it cannot be done. */
  perform(deed: Deed): string | undefined {
    const refusal = this.#run.perform(deed);
    this.#remember();
    this.seek(this.headMs);
    return refusal;
  }

  /** What is wrong with what happened so far, as far as it was computed. */
  judge(): readonly string[] {
    return this.#run.judge();
  }

  /** The system at the moment that is shown. */
  scene(): Scene {
    return this.#scenes[Math.max(0, countUpTo(this.#scenes, this.#shownMs) - 1)]!;
  }

  /** The latest lines of some kinds (of all where none is named) at the moment that is shown, the newest first. */
  lines(most: number, kinds: ReadonlySet<string>): readonly TraceLine[] {
    const found: TraceLine[] = [];
    for (let i = this.#cursor - 1; i >= 0 && found.length < most; i--) {
      const line = this.#lines[i]!;
      if (kinds.size === 0 || kinds.has(line.kind)) found.push(line);
    }
    return found;
  }

  /** Messages that are on their way at the moment that is shown, or arrived less than `trailMs` ago. */
  messages(trailMs: number): readonly Message[] {
    const found: Message[] = [];
    const first = countUpTo(this.#lines, this.#shownMs - trailMs);
    for (let i = first; i < this.#lines.length; i++) {
      const message = messageOf(this.#lines[i]!);
      if (message !== undefined && message.sentMs <= this.#shownMs) found.push(message);
    }
    return found.slice(-messagesShownMax);
  }

  #compute(toMs: number): void {
    this.#run.advanceTo(toMs);
    this.#remember();
  }

  #remember(): void {
    this.#lines.push(...this.#run.takeLines());
    this.#scenes.push(this.#run.look());
    const surplus = this.#lines.length - linesMax;
    if (surplus > linesMax / 10) {
      this.#lines.splice(0, surplus);
      this.#cursor = Math.max(0, this.#cursor - surplus);
    }
    if (this.#scenes.length > scenesMax * 1.1) this.#scenes.splice(0, this.#scenes.length - scenesMax);
  }
}

/** The message that a line tells the arrival of: `from @ when it was sent  what`. */
function messageOf({ kind, peer, atMs, text }: TraceLine): Message | undefined {
  const parts = kind === 'hears' ? /^(\S+) @ (\d+\.\d+) +(.*)$/.exec(text) : null;
  return parts === null
    ? undefined
    : { from: parts[1]!, to: peer, sentMs: Number(parts[2]), heardMs: atMs, text: parts[3]! };
}

/** How many of the moments, in the order of time, are not after `ms`. */
function countUpTo(moments: readonly { readonly atMs: number }[], ms: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (moments[middle]!.atMs <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
