import type { Key } from '../base/index.ts';
import { Foresight } from './foresight.ts';
import { describe, type History, type KeyState, type Operation } from './history.ts';
import { checkedStatesMax } from './limits.ts';
import { searchLinearization, type Verdict } from './linearization.ts';

/**
 * Whether the history of every key is linearizable. Keys are judged one by one, which is sound because linearizability
 * is local (Herlihy and Wing 1990). Returns a sentence for each key that fails.
 */
export function checkLinearizable(history: History, initial: (key: Key) => KeyState = () => undefined): string[] {
  const violations: string[] = [];
  for (const [key, operations] of history.byKey()) {
    const verdict = checkKey(operations, initial(key));
    if (verdict === 'holds') continue;
    const what = verdict === 'too hard' ? 'is too hard to judge' : 'is not linearizable';
    violations.push(`the history of ${key} ${what}:\n${operations.map((one) => `  ${describe(one)}`).join('\n')}`);
  }
  return violations;
}

function checkKey(operations: readonly Operation[], initial: KeyState): Verdict {
  const spans = operations.map(({ invokedMs, returnedMs, seen, isExecuted }) => ({
    invokedMs,
    returnedMs,
    mayNeverHappen: seen === undefined && !isExecuted,
  }));
  return searchLinearization(spans, new Foresight(operations, initial), checkedStatesMax);
}
