import { type Key, Random } from '../base/index.ts';
import type { Reply } from '../store/index.ts';
import { dividingMost, splitPatienceMs, splitsMost } from './limits.ts';
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

/** What the borders of many cells begin with: some lie among the keys of the clients, none between keys that are needed together. */
const beginnings = ['a', 'bank', 'c', 'd', 'f', 'k', 'k', 'k', 'm', 'z'];

/** Borders between keys that transactions need together. */
const dividing = ['bank/1', 'bank/2', 'bank/3', 'bank/4', 'n1', 'x1', 'x2', 'x3', 'x4', 'x5'];

/**
 * Has cells split while everything else goes on. Whether a seed does, when and where is drawn from a generator of its
 * own: where nothing splits, a seed tells the story that it would tell without this.
 */
export class Splits {
  readonly #subject: Home['subject'];
  readonly #record: (step: Step) => void;
  readonly #random: Random;
  #isRunning = false;
  readonly #dividing: Random;
  readonly #seed: number;

  constructor({ subject, record }: Omit<Home, 'history'>, seed: number) {
    this.#subject = subject;
    this.#record = record;
    this.#seed = seed;
    this.#random = new Random(Math.imul(seed, 0x85ebca6b) >>> 0);
    this.#dividing = dividingRandom(seed);
  }

  /** Has cells split early between keys that transactions need together, and later once more. */
  divide(withinMs: number): void {
    this.#isRunning = true;
    const borders = this.#dividing.shuffle(dividing).slice(0, this.#dividing.between(2, dividingMost));
    for (const [i, at] of borders.entries()) {
      const share = i < 2 ? 0.1 : 1;
      this.#later(at, this.#dividing.fraction() * withinMs * share);
    }
  }

  /** Has the store come to many cells early, of which most hold little: up to `most`, few more often than many. */
  scatter(most: number, withinMs: number): void {
    this.#isRunning = true;
    const random = new Random(Math.imul(this.#seed, 0x27d4eb2f) >>> 0);
    const count = Math.floor(most ** random.fraction());
    for (let i = 1; i < count; i++) {
      const at = random.pick(beginnings) + String(random.between(0, 99)).padStart(2, '0') + random.pick(['', '-', 'm']);
      this.#later(at, random.fraction() * withinMs);
    }
  }

  /** Draws how often the seed splits, and lets it do so at random moments of the time that is left. */
  start(probability: number, withinMs: number): void {
    this.#isRunning = true;
    if (!this.#random.chance(probability)) return;
    const count = this.#random.between(1, splitsMost);
    for (let i = 0; i < count; i++) {
      const at = this.#random.pick(borders);
      this.#later(at, this.#random.fraction() * withinMs);
    }
  }

  #later(at: Key, delayMs: number): void {
    this.#subject.after(delayMs, () => {
      if (!this.#isRunning) return;
      const step: SplitStep = { kind: 'split', atMs: this.#subject.nowMs, at };
      this.#record(step);
      this.perform(step);
    });
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

/** Whether a seed has cells split between keys that transactions need together. */
export function dividesCells(seed: number, probability: number): boolean {
  return probability > 0 && dividingRandom(Math.imul(seed, 31)).chance(probability);
}

function dividingRandom(seed: number): Random {
  return new Random(Math.imul(seed, 0xc2b2ae35) >>> 0);
}
