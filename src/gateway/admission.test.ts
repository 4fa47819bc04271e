import { expect, test } from 'vitest';
import { Admission } from './admission.ts';
import { Entrance } from './entrance.ts';
import { admissionPolicy } from './limits.ts';

interface Outcome {
  done: number;
  refused: number;
  slowestMs: number;
  limit: number;
}

/** Six seconds of a store that does so much in a millisecond, in the order of asking, and of callers who ask for so much. */
function live(donePerMs: number, askedPerMs: (nowMs: number) => number): Outcome {
  const admission = new Admission(admissionPolicy, 0);
  const waiting = new Queue<number>();
  const underWay = new Queue<{ sentMs: number; calledMs: number }>();
  const outcome: Outcome = { done: 0, refused: 0, slowestMs: 0, limit: 0 };
  let owed = 0;
  for (let now = 0; now < 6_000; now++) {
    for (let i = 0; i < donePerMs && underWay.length > 0; i++) {
      const { sentMs, calledMs } = underWay.take();
      admission.leave(now, now - calledMs, waiting.length);
      outcome.done++;
      if (now > 3_000) outcome.slowestMs = Math.max(outcome.slowestMs, now - sentMs);
    }
    for (owed += askedPerMs(now); owed >= 1; owed--) {
      if (waiting.length === 0 && !admission.hasRoom) admission.begins(now);
      waiting.push(now);
    }
    while (waiting.length > 0) {
      if (now - waiting.first > admission.waitMs(now)) outcome.refused++;
      else if (admission.hasRoom) {
        admission.enter();
        underWay.push({ sentMs: waiting.first, calledMs: now });
      } else break;
      waiting.take();
    }
  }
  return { ...outcome, limit: admission.limit };
}

/** First in, first out, however long it is. */
class Queue<T> {
  readonly #items: T[] = [];
  #taken = 0;

  get length(): number {
    return this.#items.length - this.#taken;
  }

  get first(): T {
    return this.#items[this.#taken]!;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  take(): T {
    return this.#items[this.#taken++]!;
  }
}

test('who asks for less than the store can do is never refused anything', () => {
  expect(live(10, () => 9)).toMatchObject({ refused: 0, limit: admissionPolicy.callsInitial });
});

test('at four times what the store can do it does all that it can, in bounded time, and the rest is refused', () => {
  const { done, refused, slowestMs, limit } = live(10, () => 40);
  expect(done).toBeGreaterThan(10 * 5_990);
  expect(refused).toBeGreaterThan(2.5 * done);
  expect(slowestMs).toBeLessThan(1_500);
  expect(limit).toBeLessThan(10 * admissionPolicy.targetMs * 1.3);
});

test('a burst that the store works off is waited for, and nothing of it is refused', () => {
  const burst = live(10, (now) => (now === 1_000 ? 3_000 : 5));
  expect(burst.refused).toBe(0);
});

test('the number that is let in grows where it keeps some out and answers come soon', () => {
  const { limit } = live(40, (now) => (now === 0 ? 3_000 : 39));
  expect(limit).toBeGreaterThan(admissionPolicy.callsInitial);
});

test('clients take turns: one that sends a thousand times as much keeps nobody out', () => {
  const admission = new Admission({ ...admissionPolicy, callsInitial: 1, callsMin: 1 }, 0);
  const entrance = new Entrance(admission);
  const done: string[] = [];
  const client = (name: string, commands: number) => {
    const guest = {
      proceed: (): void => {
        while (commands > 0 && entrance.admits(guest, 0)) {
          commands--;
          admission.enter();
          done.push(name);
        }
      },
    };
    return guest;
  };
  const all = [client('greedy', 1_000), client('modest', 2), client('small', 1)];
  for (const one of all) one.proceed();
  for (let i = 0; i < 8; i++) {
    admission.leave(0, 1, entrance.waiting);
    entrance.serve();
  }
  expect(done).toEqual(['greedy', 'greedy', 'modest', 'small', 'greedy', 'modest', 'greedy', 'greedy', 'greedy']);
});
