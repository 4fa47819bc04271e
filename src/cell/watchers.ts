import type { Bytes } from '../base/index.ts';
import type { Command, HistoryPlace } from '../command/index.ts';
import type { CellState } from '../state/index.ts';
import { changesHoldMs, watchersMax } from './limits.ts';
import type { Reader } from './reads.ts';

/** A question for changes. */
export type ChangesCommand = Command & { readonly kind: 'changes' };

interface Watcher {
  readonly id: number;
  readonly from: Reader;
  readonly asked: ChangesCommand;
  readonly wanted: Pick<ChangesCommand, 'from' | 'to' | 'locks'>;
  /** Nothing that concerns it has changed before. */
  since: HistoryPlace;
  readonly untilMs: number;
}

/** Answers a question for changes. */
type AnswerChanges = (to: Reader, id: number, result: Bytes) => void;

/**
 * Those who wait at a leader for the next change. What they are told is chosen, and so is true whoever leads: it needs no
 * lease. Each is answered after a while also where nothing has changed, so that nobody waits at one who leads no more.
 */
export class Watchers {
  readonly #answer: AnswerChanges;
  #waiting: Watcher[] = [];

  constructor(answer: AnswerChanges) {
    this.#answer = answer;
  }

  get count(): number {
    return this.#waiting.length;
  }

  /** Somebody knows all that changed until now. One too many is answered at once, and may ask again. */
  add(asked: ChangesCommand, from: Reader, id: number, state: CellState, nowMs: number): void {
    const since = state.history.end;
    const watcher = {
      id,
      from,
      asked,
      wanted: { from: asked.from, to: asked.to, locks: asked.locks },
      since,
      untilMs: nowMs + changesHoldMs,
    };
    if (this.#waiting.length >= watchersMax) this.#tell(watcher, state);
    else this.#waiting.push(watcher);
  }

  /** The state has moved on. */
  moved(state: CellState): void {
    if (this.#waiting.length === 0) return;
    const since = state.history.end;
    this.#waiting = this.#waiting.filter((watcher) => {
      if (state.history.hasNews(watcher.wanted, watcher.since)) {
        this.#tell(watcher, state);
        return false;
      }
      watcher.since = since;
      return true;
    });
  }

  /** Those who have waited long enough ask again. */
  tick(state: CellState, nowMs: number): void {
    this.#waiting = this.#waiting.filter((watcher) => {
      if (watcher.untilMs > nowMs) return true;
      this.#tell(watcher, state);
      return false;
    });
  }

  /** This replica leads no more: who waits here asks whoever does. */
  release(state: CellState): void {
    this.tick(state, Number.POSITIVE_INFINITY);
  }

  /** From a state that turned out to be damaged nobody is told anything: who hears nothing asks again. */
  #tell({ asked, since, from, id }: Watcher, state: CellState): void {
    if (!state.isDamaged) this.#answer(from, id, state.changes({ ...asked, since }));
  }
}
