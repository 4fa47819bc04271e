import { type HistoryCheck, history } from './check.ts';
import { type Exchange, exchangesText } from './exchange.ts';
import { checkedStatesMax } from './limits.ts';
import { type Judge, searchLinearization } from './linearization.ts';

/** What a system should be like to those who ask it one call after the other. States and answers are data. */
export interface SequentialModel<Call, Answer, State> {
  readonly initial: State;
  /** What a call does, and what it must be answered. */
  readonly apply: (state: State, call: Call) => { readonly next: State; readonly answer: Answer };
  /** What of the system a call is about: the calls of each key are judged alone. All are one where it is left out. */
  readonly key?: (call: Call) => string;
  /** Whether a call changes nothing in any state: histories with many of those at once are judged sooner. */
  readonly isRead?: (call: Call) => boolean;
  /** Whether this answer says that nothing was done: then it is as if nobody had asked. */
  readonly isRefusal?: (answer: Answer) => boolean;
}

/**
 * Whether what clients were answered can be explained by calls that happen one after the other, each between its begin
 * and its end (Herlihy and Wing 1990). A call without an answer may have happened at any time since, or never.
 */
export function linearizable<Call, Answer, State>(
  model: SequentialModel<Call, Answer, State>,
): HistoryCheck<Call, Answer> {
  return history('linearizable', (exchanges) => {
    const sentences: string[] = [];
    for (const [key, ones] of byKey(model, exchanges)) {
      const spans = ones.map((one) => ({ ...one, mayNeverHappen: one.answer === undefined }));
      const verdict = searchLinearization(spans, judgeOf(model, ones), checkedStatesMax);
      const subject = key === '' ? 'what clients saw' : `what clients saw of ${key}`;
      if (verdict !== 'holds') {
        const what = verdict === 'violated' ? 'can be in no order' : 'is too hard to judge';
        sentences.push(`${subject} ${what}:\n${exchangesText(ones)}`);
      }
    }
    return sentences;
  });
}

function byKey<Call, Answer, State>(
  { key, isRefusal }: SequentialModel<Call, Answer, State>,
  exchanges: readonly Exchange<Call, Answer>[],
): ReadonlyMap<string, Exchange<Call, Answer>[]> {
  const keys = new Map<string, Exchange<Call, Answer>[]>();
  for (const one of exchanges) {
    if (one.answer !== undefined && isRefusal?.(one.answer)) continue;
    const name = key?.(one.call) ?? '';
    const list = keys.get(name);
    if (list === undefined) keys.set(name, [one]);
    else list.push(one);
  }
  return keys;
}

function judgeOf<Call, Answer, State>(
  { initial, apply, isRead }: SequentialModel<Call, Answer, State>,
  exchanges: readonly Exchange<Call, Answer>[],
): Judge<State> {
  return {
    initial,
    after: (state, index) => {
      const { call, answer } = exchanges[index]!;
      const result = apply(state, call);
      return answer === undefined || isSameData(answer, result.answer) ? result : undefined;
    },
    text: (state) => (typeof state === 'string' ? state : (JSON.stringify(state) ?? '')),
    isRead: (index) => isRead?.(exchanges[index]!.call) === true,
    isLost: () => false,
    twin: (index) => JSON.stringify(exchanges[index]!.call),
  };
}

/** Whether two values are the same data: a field that is missing is as one that is undefined. */
function isSameData(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [one, other] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  for (const name in one) if (!isSameData(one[name], other[name])) return false;
  for (const name in other) if (other[name] !== undefined && one[name] === undefined) return false;
  return Array.isArray(a) === Array.isArray(b);
}
