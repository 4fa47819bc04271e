import type { Answer, Command, Work } from '../command/index.ts';
import { problemOf, type Task, taskOf } from '../state/index.ts';
import type { Reply } from './access.ts';
import { Commit, type CommitVerdict } from './commit.ts';
import { ConsistentRead, type ReadVerdict } from './consistentRead.ts';
import { divide, extentOf, wholePart } from './division.ts';
import { freeReadsMax, tryPauseMs, tryPauseMsMax, unorderedTriesMax } from './limits.ts';
import type { Outcomes } from './outcomes.ts';
import type { TransactionsHost } from './round.ts';
import type { TwoPhase } from './twoPhase.ts';

/** What is told to who asked, without the tag of the call. */
export type Verdict = Reply extends infer R ? (R extends Reply ? Omit<R, 'tag'> : never) : never;

const inTheWay = 'other transactions were in its way for too long';
const indivisible = 'its keys lie in more than one cell, and one cell alone can do it';

/** One call over several cells: it is tried until it is done, until a check does not hold, or its patience is over. */
export class Coordination {
  readonly #host: TransactionsHost;
  readonly #outcomes: Outcomes;
  readonly #deadlineMs: number;
  readonly #done: (reply: Verdict) => void;
  readonly #twoPhase: TwoPhase | undefined;
  #tries = 0;

  /** With `twoPhase` this peer alone decides. */
  constructor(
    host: TransactionsHost,
    outcomes: Outcomes,
    deadlineMs: number,
    done: (reply: Verdict) => void,
    twoPhase: TwoPhase | undefined,
  ) {
    this.#host = host;
    this.#outcomes = outcomes;
    this.#deadlineMs = deadlineMs;
    this.#done = done;
    this.#twoPhase = twoPhase;
  }

  begin(asked: Command): void {
    const task = taskOf(asked);
    if (task === undefined) return this.#refuse(indivisible);
    const problem = problemOf(task.work);
    if (problem !== undefined) return this.#answer(problem);
    this.#try(task);
  }

  #try(task: Task): void {
    if (!this.#isDivisible(task.work)) return this.#refuse(indivisible);
    const { work, isRead } = task;
    const deadlineMs = this.#deadlineMs;
    const tries = ++this.#tries;
    if (isRead && tries <= freeReadsMax) {
      return new ConsistentRead(this.#host, work, deadlineMs, (verdict) => this.#onRead(task, verdict)).begin();
    }
    const isOrdered = tries - (isRead ? freeReadsMax : 0) > unorderedTriesMax;
    const told = (verdict: CommitVerdict): void => this.#onCommit(task, verdict);
    new Commit(this.#host, this.#outcomes, { work, deadlineMs, isOrdered, twoPhase: this.#twoPhase }, told).begin();
  }

  /** What is not known of the cells yet may become known. */
  #isDivisible(work: Work): boolean {
    const extent = extentOf(work);
    const spans = extent === undefined ? [] : this.#host.spans(extent);
    return spans === undefined || divide(wholePart(work, []), spans) !== undefined;
  }

  #onRead(task: Task, verdict: ReadVerdict): void {
    if (verdict === 'changed') return this.#again(task);
    if (verdict === 'conflict') return this.#goOn(task.conflict());
    if ('reason' in verdict) return this.#refuse(verdict.reason);
    this.#goOn(task.answer(verdict, 0));
  }

  #onCommit(task: Task, verdict: CommitVerdict): void {
    switch (verdict.kind) {
      case 'committed':
        return this.#goOn(task.answer(verdict.answers, verdict.version));
      case 'conflict':
        return this.#goOn(task.conflict());
      case 'busy':
        return this.#again(task);
      case 'refused':
        return this.#done(verdict);
      case 'unknown':
        // Nobody asks what became of something that only reads.
        if (task.isRead) return this.#refuse(inTheWay);
        return this.#done({ kind: 'unknown', operation: verdict.operation });
    }
  }

  /** Nothing of the last try happened, nor will it: so there may be another. */
  #again(task: Task): void {
    const pauseMs = Math.min(tryPauseMsMax, tryPauseMs * 2 ** (this.#tries - 1)) * (0.5 + this.#host.fraction());
    if (this.#host.nowMs + pauseMs >= this.#deadlineMs) return this.#refuse(inTheWay);
    this.#host.after(pauseMs, () => this.#try(task));
  }

  #goOn(next: Answer | Task): void {
    if ('work' in next) this.#again(next);
    else this.#answer(next);
  }

  #refuse(reason: string): void {
    this.#done({ kind: 'refused', reason });
  }

  #answer(answer: Answer): void {
    this.#done({ kind: 'done', answer });
  }
}
