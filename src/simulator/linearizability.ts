import type { Key } from '../base/index.ts';
import { describe, execute, type History, isSame, type KeyState, mayExpire, type Operation } from './history.ts';
import { checkedStatesMax } from './limits.ts';
import { Progress } from './progress.ts';

/** A call or a return in the list that the search walks: calls that are taken are unlinked with their returns. */
interface Moment {
  readonly operation: Operation | undefined;
  readonly index: number;
  readonly isCall: boolean;
  match: Moment | undefined;
  previous: Moment | undefined;
  next: Moment | undefined;
}

interface Choice {
  readonly call: Moment;
  readonly state: KeyState;
}

/**
 * Whether the history of every key is linearizable: whether each operation can be given one moment between its begin
 * and its end such that, in the order of those moments, every answer is right. Keys are judged one by one, which is
 * sound because linearizability is local (Herlihy and Wing 1990). The search is that of Wing and Gong with the memory
 * of Lowe (2017), as in Porcupine. Returns a sentence for each key that fails.
 */
export function checkLinearizable(history: History, initial: (key: Key) => KeyState = () => undefined): string[] {
  const violations: string[] = [];
  for (const [key, operations] of history.byKey()) {
    const verdict = checkKey(operations, initial(key));
    if (verdict === 'ok') continue;
    const what = verdict === 'too hard' ? 'is too hard to judge' : 'is not linearizable';
    violations.push(`the history of ${key} ${what}:\n${operations.map((one) => `  ${describe(one)}`).join('\n')}`);
  }
  return violations;
}

function checkKey(operations: readonly Operation[], initial: KeyState): 'ok' | 'violated' | 'too hard' {
  const head = linkMoments(operations);
  const progress = new Progress(operations.map(mayNeverHappen));
  const seenStates = new Set<string>();
  const choices: Choice[] = [];
  let state = initial;
  let at = head.next;
  while (head.next !== undefined) {
    if (at === undefined) return 'ok'; // Only operations that may never have happened are left.
    if (at.isCall) {
      const step = take(at, state, progress, seenStates);
      if (step === undefined) {
        at = at.next;
        continue;
      }
      if (seenStates.size > checkedStatesMax) return 'too hard';
      choices.push({ call: at, state });
      state = step.next;
      unlink(at);
      at = head.next;
    } else {
      const undone = choices.pop();
      if (undone === undefined) return 'violated';
      state = undone.state;
      progress.giveBack(undone.call.index);
      relink(undone.call);
      at = undone.call.next;
    }
  }
  return 'ok';
}

/** Tries an operation as the next one; undefined where its answer would be wrong or the search was here before. */
function take(
  call: Moment,
  state: KeyState,
  progress: Progress,
  seenStates: Set<string>,
): { next: KeyState } | undefined {
  const { act, seen } = call.operation!;
  let result = execute(state, act);
  if (seen !== undefined && !isSame(result.seen, seen)) {
    if (!mayExpire(state)) return undefined;
    result = execute(undefined, act);
    if (!isSame(result.seen, seen)) return undefined;
  }
  progress.take(call.index);
  const place = `${progress.text()}|${result.next === undefined ? '-' : `=${result.next}`}`;
  if (seenStates.has(place)) {
    progress.giveBack(call.index);
    return undefined;
  }
  seenStates.add(place);
  return result;
}

function mayNeverHappen({ seen, isExecuted }: Operation): boolean {
  return seen === undefined && !isExecuted;
}

/** The moments in the order of time, behind a head. An operation that may never have happened has no return. */
function linkMoments(operations: readonly Operation[]): Moment {
  const moments: { moment: Moment; timeMs: number }[] = [];
  operations.forEach((operation, index) => {
    const call = makeMoment(operation, index, true);
    moments.push({ moment: call, timeMs: operation.invokedMs });
    if (mayNeverHappen(operation)) return;
    call.match = makeMoment(undefined, index, false);
    moments.push({ moment: call.match, timeMs: operation.returnedMs });
  });
  // A call at the very moment of a return counts as concurrent with it: clients cannot tell.
  moments.sort((a, b) => a.timeMs - b.timeMs || Number(b.moment.isCall) - Number(a.moment.isCall));
  const head = makeMoment(undefined, -1, true);
  let last = head;
  for (const { moment } of moments) {
    last.next = moment;
    moment.previous = last;
    last = moment;
  }
  return head;
}

function makeMoment(operation: Operation | undefined, index: number, isCall: boolean): Moment {
  return { operation, index, isCall, match: undefined, previous: undefined, next: undefined };
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
