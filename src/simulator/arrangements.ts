import { Random } from '../base/index.ts';
import type { CellReport } from '../cell/index.ts';
import type { Arrangement } from '../command/index.ts';
import type { Reply } from '../store/index.ts';
import { arrangementsMost, arrangePatienceMs } from './limits.ts';
import type { ArrangeStep, Step } from './step.ts';
import type { Subject } from './workload.ts';

/** What arrangements are made in: a system that says which cells and which peers it has. */
export interface Arranged extends Subject {
  leaders(): readonly CellReport[];
  readonly hosts: readonly { readonly name: string }[];
}

/** Prefixes of keys of the clients, of the bank, and of nobody; one begins with another. */
const prefixes = ['k', 'k0', 'k1', 'bank/', 'n'] as const;
/** Not one copy: a seed that spoils a disk would lose what only that one holds. */
const degrees = [0, 3, 3, 5, 5, 7] as const;

/**
 * Has members moved, the lead handed over, and other numbers of copies wanted, while everything else goes on. Whether a seed does, when and
 * what is drawn from a generator of its own: where nothing is arranged, a seed tells the story that it would tell without this.
 */
export class Arrangements {
  readonly #subject: Arranged;
  readonly #record: (step: Step) => void;
  readonly #random: Random;
  #isRunning = false;

  constructor({ subject, record }: { subject: Arranged; record: (step: Step) => void }, seed: number) {
    this.#subject = subject;
    this.#record = record;
    this.#random = new Random(Math.imul(seed, 0x165667b1) >>> 0);
  }

  /** Draws how often the seed arranges something, and lets it do so at random moments of the time that is left. */
  start(probability: number, withinMs: number): void {
    if (!this.#random.chance(probability)) return;
    this.#isRunning = true;
    const count = this.#random.between(1, arrangementsMost);
    for (let i = 0; i < count; i++) this.#later(this.#random.fraction() * withinMs);
  }

  /** Asks the leader of the cell that holds a key. */
  perform({ at, wish }: ArrangeStep): void {
    const text = `${JSON.stringify(wish)} at ${at}`;
    this.#subject.note('operator', 'asks', () => text);
    const done = (reply: Reply | 'lost'): void => {
      const what = reply === 'lost' ? reply : reply.kind === 'done' ? JSON.stringify(reply.answer) : reply.kind;
      this.#subject.note('operator', 'told', () => `${text}: ${what}`);
    };
    this.#subject.ask({ kind: 'arrange', at, wish }, arrangePatienceMs, done);
  }

  stop(): void {
    this.#isRunning = false;
  }

  #later(delayMs: number): void {
    this.#subject.after(delayMs, () => {
      const cells = [...this.#subject.leaders()].sort((a, b) => (a.from < b.from ? -1 : 1));
      if (!this.#isRunning || cells.length === 0) return;
      const cell = this.#random.pick(cells);
      const wish = this.#draw(cell);
      const at = wish.kind === 'degree' ? wish.prefix : cell.from;
      const step: ArrangeStep = { kind: 'arrange', atMs: this.#subject.nowMs, at, wish };
      this.#record(step);
      this.perform(step);
    });
  }

  #draw({ members }: CellReport): Arrangement {
    const { hosts } = this.#subject;
    const peer = this.#random.pick(members).id;
    switch (this.#random.pick(['lead', 'lead', 'move', 'move', 'degree'] as const)) {
      case 'lead':
        return { kind: 'lead', peer };
      case 'move':
        return { kind: 'move', from: peer, to: this.#random.pick(hosts).name };
      case 'degree':
        return { kind: 'degree', prefix: this.#random.pick(prefixes), replicas: this.#random.pick(degrees) };
    }
  }
}
