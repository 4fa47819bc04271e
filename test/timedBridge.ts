import { SortedMap } from '../src/base/index.ts';
import type { Bridge } from '../src/client/index.ts';
import { type Command, isRead } from '../src/command/index.ts';
import type { Reply } from '../src/store/index.ts';
import { LoggedState, startMs } from './loggedState.ts';

const stepMs = 1;
const pauseMs = 10;

/** The store of one cell without replication, as a client library sees it, in a time of its own: each call is an entry of the log, and takes a step. */
export class TimedBridge implements Bridge {
  readonly cell = new LoggedState();
  nowMs = 0;
  /** From then on nothing of what is asked arrives. */
  isCut = false;
  readonly #due = new SortedMap<() => void>();
  #last = 0;
  #isRunning = false;

  call(command: Command, patienceMs: number): Promise<Reply> {
    const untilMs = this.nowMs + patienceMs;
    return new Promise((done) => this.#after(stepMs, () => this.#try(command, untilMs, done)));
  }

  sleep(ms: number): Promise<void> {
    return new Promise((done) => this.#after(ms, done));
  }

  fraction(): number {
    // Names differ, and that is all.
    this.#last++;
    return 0.5 + this.#last / 1e6;
  }

  #try(command: Command, untilMs: number, done: (reply: Reply) => void): void {
    this.cell.timeMs = startMs + this.nowMs;
    if (this.isCut) {
      if (this.nowMs < untilMs) return this.#after(untilMs - this.nowMs, () => this.#try(command, untilMs, done));
      return done({ kind: 'refused', tag: 0, reason: 'nobody answers' });
    }
    if (isRead(command)) {
      const answer = this.cell.read(command);
      if (typeof answer === 'string') throw new Error(`a read ${answer}`);
      return done({ kind: 'done', tag: 0, answer });
    }
    const [result] = this.cell.apply([{ sequence: this.cell.sequence++, command }]);
    if (result?.kind === 'done') return done({ kind: 'done', tag: 0, answer: result.answer });
    if (result?.kind !== 'reserved') throw new Error(`a write was ${result?.kind}`);
    if (this.nowMs < untilMs) return this.#after(pauseMs, () => this.#try(command, untilMs, done));
    done({ kind: 'refused', tag: 0, reason: `${result.label} has it`, because: 'reserved' });
  }

  #after(delayMs: number, run: () => void): void {
    this.#due.set(`${String(Math.round((this.nowMs + delayMs) * 1000)).padStart(15, '0')} ${++this.#last}`, run);
    if (this.#isRunning) return;
    this.#isRunning = true;
    setTimeout(() => this.#step(), 0);
  }

  #step(): void {
    for (const [when, run] of this.#due.entries()) {
      this.#due.delete(when);
      this.nowMs = Number(when.slice(0, 15)) / 1000;
      run();
      break;
    }
    // What waits for what has just run goes on first.
    this.#isRunning = this.#due.size > 0;
    if (this.#isRunning) setTimeout(() => this.#step(), 0);
  }
}
