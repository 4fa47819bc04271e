import { Random } from '../base/index.ts';
import type { Reply } from '../store/index.ts';
import { splitPatienceMs, splitsMost } from './limits.ts';
import type { SplitStep, Step } from './step.ts';
import type { Home } from './workload.ts';

/** Borders among the keys of the clients, and on both sides of those that transactions need in one cell. */
const borders = [
  'a',
  'bank/',
  'bank0',
  'k00',
  'k01',
  'k03',
  'k04',
  'k06',
  'k09',
  'k11',
  'k13',
  'n0',
  'n2',
  'r2',
  'r4',
  'z',
];

/**
 * Has cells split while everything else goes on. Whether a seed does, when and where is drawn from a generator of its
 * own: where nothing splits, a seed tells the story that it would tell without this.
 */
export class Splits {
  readonly #subject: Home['subject'];
  readonly #record: (step: Step) => void;
  readonly #random: Random;
  #isRunning = false;

  constructor({ subject, record }: Omit<Home, 'history'>, seed: number) {
    this.#subject = subject;
    this.#record = record;
    this.#random = new Random(Math.imul(seed, 0x85ebca6b) >>> 0);
  }

  /** Draws how often the seed splits, and lets it do so at random moments of the time that is left. */
  start(probability: number, withinMs: number): void {
    this.#isRunning = true;
    if (!this.#random.chance(probability)) return;
    const count = this.#random.between(1, splitsMost);
    for (let i = 0; i < count; i++) {
      const at = this.#random.pick(borders);
      this.#subject.after(this.#random.fraction() * withinMs, () => {
        if (!this.#isRunning) return;
        const step: SplitStep = { kind: 'split', atMs: this.#subject.nowMs, at };
        this.#record(step);
        this.perform(step);
      });
    }
  }

  /** Asks for a border now. */
  perform(step: SplitStep): void {
    this.#subject.note('operator', 'asks', () => `border at ${step.at}`);
    const done = (reply: Reply | 'lost'): void => {
      this.#subject.note('operator', 'told', () => `border at ${step.at}: ${reply === 'lost' ? reply : reply.kind}`);
    };
    this.#subject.ask({ kind: 'border', at: step.at }, splitPatienceMs, done);
  }

  stop(): void {
    this.#isRunning = false;
  }
}
