import { Random } from '../base/index.ts';
import type { CellReport } from '../cell/index.ts';
import type { Reply } from '../store/index.ts';
import { mergePatienceMs, mergesMost } from './limits.ts';
import type { MergeStep, Step } from './step.ts';
import type { Subject } from './workload.ts';

/** What merges are done to: a system that says which cells it has. */
export interface Merged extends Subject {
  leaders(): readonly CellReport[];
}

/**
 * Has cells merged while everything else goes on. Whether a seed does, when and which is drawn from a generator of its own: where
 * nothing is merged, a seed tells the story that it would tell without this.
 */
export class Merges {
  readonly #subject: Merged;
  readonly #record: (step: Step) => void;
  readonly #random: Random;
  #isRunning = false;

  constructor({ subject, record }: { subject: Merged; record: (step: Step) => void }, seed: number) {
    this.#subject = subject;
    this.#record = record;
    this.#random = new Random(Math.imul(seed, 0x7feb352d) >>> 0);
  }

  /** Draws how often the seed merges, and lets it do so at random moments of the time that is left. */
  start(probability: number, withinMs: number): void {
    if (!this.#random.chance(probability)) return;
    this.#isRunning = true;
    const count = this.#random.between(1, mergesMost);
    for (let i = 0; i < count; i++) this.#later(this.#random.fraction() * withinMs);
  }

  /** Asks that no cell begin at a key. */
  perform(step: MergeStep): void {
    this.#subject.note('operator', 'asks', () => `no border at ${step.at}`);
    const done = (reply: Reply | 'lost'): void => {
      const what = reply === 'lost' ? reply : reply.kind;
      this.#subject.note('operator', 'told', () => `no border at ${step.at}: ${what}`);
    };
    this.#subject.ask({ kind: 'merge', at: step.at }, mergePatienceMs, done);
  }

  stop(): void {
    this.#isRunning = false;
  }

  #later(delayMs: number): void {
    this.#subject.after(delayMs, () => {
      const borders = this.#subject.leaders().flatMap(({ from }) => (from === '' ? [] : [from]));
      if (!this.#isRunning || borders.length === 0) return;
      const at = this.#random.pick(borders.sort());
      const step: MergeStep = { kind: 'merge', atMs: this.#subject.nowMs, at };
      this.#record(step);
      this.perform(step);
    });
  }
}
