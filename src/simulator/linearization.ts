import { Progress } from './progress.ts';

/** When an operation began and ended. One that may never have happened has no end: it may also happen any time later. */
export interface Span {
  readonly invokedMs: number;
  readonly returnedMs: number;
  readonly mayNeverHappen: boolean;
}

/** What operations do to a state, and which answers are right. Operations stand by their place in the history. */
export interface Judge<S> {
  readonly initial: S;
  /** The state behind an operation that comes next; undefined where its answer would be wrong. */
  after(state: S, index: number): { readonly next: S } | undefined;
  /** The same text only for states that no operation of the history tells apart. */
  text(state: S): string;
  /** Whether the operation changes nothing in any state. */
  isRead(index: number): boolean;
  /** Whether no state that can come after this one lets the operation have its answer: 'false' where that is unknown. */
  isLost(state: S, index: number): boolean;
  /** The same word for operations that may never have happened, of which either could stand in the other's place. */
  twin(index: number): string | undefined;
}

export type Verdict = 'holds' | 'violated' | 'too hard';

/** A call or a return in the list that the search walks: calls that are taken are unlinked with their returns. */
interface Moment {
  readonly index: number;
  readonly isCall: boolean;
  match: Moment | undefined;
  previous: Moment | undefined;
  next: Moment | undefined;
}

/** The operation taken last, where it is one that may never have happened, and the state that it found. */
interface Guess<S> {
  readonly index: number;
  readonly before: S;
}

interface Choice<S> {
  readonly call: Moment;
  readonly state: S;
  readonly guess: Guess<S> | undefined;
  /** It was a read, and its answer was right: nothing else need be tried in its place. */
  readonly isForced: boolean;
}

/**
 * Whether each operation can be given one moment between its begin and its end such that, in the order of those moments,
 * every answer is right: the search of Wing and Gong with the memory of Lowe (2017), as in Porcupine.
 *
 * Operations that may never have happened make most of its work, so three rules keep them few. One is taken only right
 * before an operation that would be answered otherwise, or lead elsewhere, without it (else it could be left out, or come
 * later); of two in a row that could change places the older comes first; and of twins the oldest comes first. And a
 * read that is answered rightly now comes now. Among the right orders that are shortest there is always one
 * that obeys all of them, so nothing right is refused.
 */
export function searchLinearization<S>(spans: readonly Span[], judge: Judge<S>, statesMax: number): Verdict {
  return new Search(spans, judge, statesMax).run();
}

class Search<S> {
  readonly #spans: readonly Span[];
  readonly #judge: Judge<S>;
  readonly #statesMax: number;
  readonly #head: Moment;
  readonly #progress: Progress;
  readonly #olderTwins: readonly (number | undefined)[];
  readonly #places = new Set<string>();
  readonly #choices: Choice<S>[] = [];
  #state: S;
  #guess: Guess<S> | undefined;

  constructor(spans: readonly Span[], judge: Judge<S>, statesMax: number) {
    this.#spans = spans;
    this.#judge = judge;
    this.#statesMax = statesMax;
    this.#head = linkMoments(spans);
    this.#progress = new Progress(spans.map(({ mayNeverHappen }) => mayNeverHappen));
    this.#olderTwins = olderTwins(spans, judge);
    this.#state = judge.initial;
  }

  run(): Verdict {
    const head = this.#head;
    let at = head.next;
    while (head.next !== undefined) {
      if (at === undefined) return 'holds'; // Only operations that may never have happened are left.
      if (at.isCall) {
        if (this.#places.size > this.#statesMax) return 'too hard';
        at = this.#take(at) ? head.next : at.next;
      } else {
        const undone = this.#undo();
        if (undone === undefined) return 'violated';
        at = undone.next;
      }
    }
    return 'holds';
  }

  /** Tries an operation as the next one; false where it cannot be, need not be, or the search was here before. */
  #take(call: Moment): boolean {
    const { index } = call;
    const state = this.#state;
    const older = this.#olderTwins[index];
    if (older !== undefined && !this.#progress.has(older)) return false;
    const result = this.#judge.after(state, index);
    if (result === undefined || this.#isGuessIdle(index, result.next)) return false;
    const { mayNeverHappen } = this.#spans[index]!;
    const isForced = this.#judge.isRead(index) && this.#judge.text(result.next) === this.#judge.text(state);
    if (mayNeverHappen && (isForced || this.#isTooFar(result.next))) return false;
    const guess = mayNeverHappen ? { index, before: state } : undefined;
    this.#progress.take(index);
    if (!isForced && !this.#isNew(result.next, guess)) {
      this.#progress.giveBack(index);
      return false;
    }
    this.#choices.push({ call, state, guess: this.#guess, isForced });
    this.#state = result.next;
    this.#guess = guess;
    unlink(call);
    return true;
  }

  /** Takes back the latest choice in whose place something else may be tried: its call, or undefined where there is none. */
  #undo(): Moment | undefined {
    for (let last = this.#choices.pop(); last !== undefined; last = this.#choices.pop()) {
      const { call, state, guess, isForced } = last;
      this.#state = state;
      this.#guess = guess;
      this.#progress.giveBack(call.index);
      relink(call);
      if (!isForced) return call;
    }
    return undefined;
  }

  /** Whether what was guessed to have happened just now is not needed for this operation, or could come behind it. */
  #isGuessIdle(index: number, next: S): boolean {
    const guess = this.#guess;
    if (guess === undefined) return false;
    const judge = this.#judge;
    const without = judge.after(guess.before, index);
    if (without === undefined) return false;
    const text = judge.text(next);
    if (judge.text(without.next) === text) return true;
    if (this.#spans[index]!.mayNeverHappen && guess.index < index) return false;
    const behind = judge.after(without.next, guess.index);
    return behind !== undefined && judge.text(behind.next) === text;
  }

  /** Whether the operation that must come before all that have not begun yet could not come any more. */
  #isTooFar(state: S): boolean {
    let first = this.#head.next;
    while (first?.isCall) first = first.next;
    return first !== undefined && this.#judge.isLost(state, first.index);
  }

  /** Whether the search comes here for the first time: from now on it does no more. */
  #isNew(state: S, guess: Guess<S> | undefined): boolean {
    const { size } = this.#places;
    const place = `${this.#progress.text()}|${this.#judge.text(state)}`;
    this.#places.add(guess === undefined ? place : `${place}|${guess.index}|${this.#judge.text(guess.before)}`);
    return this.#places.size > size;
  }
}

/** Of each operation the twin before it, which must be taken first. */
function olderTwins<S>(spans: readonly Span[], judge: Judge<S>): (number | undefined)[] {
  const latest = new Map<string, number>();
  return spans.map(({ mayNeverHappen }, index) => {
    const twin = mayNeverHappen ? judge.twin(index) : undefined;
    if (twin === undefined) return undefined;
    const older = latest.get(twin);
    latest.set(twin, index);
    return older;
  });
}

/** The moments in the order of time, behind a head. An operation that may never have happened has no return. */
function linkMoments(spans: readonly Span[]): Moment {
  const moments: { moment: Moment; timeMs: number }[] = [];
  spans.forEach(({ invokedMs, returnedMs, mayNeverHappen }, index) => {
    const call = makeMoment(index, true);
    moments.push({ moment: call, timeMs: invokedMs });
    if (mayNeverHappen) return;
    call.match = makeMoment(index, false);
    moments.push({ moment: call.match, timeMs: returnedMs });
  });
  // A call at the very moment of a return counts as concurrent with it: clients cannot tell.
  moments.sort((a, b) => a.timeMs - b.timeMs || Number(b.moment.isCall) - Number(a.moment.isCall));
  const head = makeMoment(-1, true);
  let last = head;
  for (const { moment } of moments) {
    last.next = moment;
    moment.previous = last;
    last = moment;
  }
  return head;
}

function makeMoment(index: number, isCall: boolean): Moment {
  return { index, isCall, match: undefined, previous: undefined, next: undefined };
}

function unlink(call: Moment): void {
  cutOut(call);
  if (call.match !== undefined) cutOut(call.match);
}

function relink(call: Moment): void {
  if (call.match !== undefined) putBack(call.match);
  putBack(call);
}

function cutOut(moment: Moment): void {
  moment.previous!.next = moment.next;
  if (moment.next !== undefined) moment.next.previous = moment.previous;
}

function putBack(moment: Moment): void {
  moment.previous!.next = moment;
  if (moment.next !== undefined) moment.next.previous = moment;
}
