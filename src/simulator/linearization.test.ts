import { describe, expect, test } from 'vitest';
import { Random } from '../base/index.ts';
import { Foresight } from './foresight.ts';
import { type Act, execute, History, isSame, type KeyState, type Operation } from './history.ts';
import { checkLinearizable } from './linearizability.ts';
import { searchLinearization } from './linearization.ts';

const mayNeverHappen = ({ seen, isExecuted }: Operation): boolean => seen === undefined && !isExecuted;

/** The definition itself: tries every order. Only for a few operations. */
function isRight(left: readonly Operation[], state: KeyState): boolean {
  if (left.every(mayNeverHappen)) return true;
  return left.some((one) => {
    const isFirst = left.every((other) => mayNeverHappen(other) || other.returnedMs >= one.invokedMs);
    const { next, seen } = execute(state, one.act);
    if (!isFirst || (one.seen !== undefined && !isSame(seen, one.seen))) return false;
    const others = left.filter((other) => other !== one);
    return isRight(others, next);
  });
}

function actOf(random: Random, values: readonly string[], kinds: readonly Act['kind'][]): Act {
  const kind = random.pick(kinds);
  const value = random.pick(values);
  switch (kind) {
    case 'increment':
      return { kind, by: random.between(1, 2) };
    case 'get':
    case 'delete':
      return { kind };
    case 'putExpiring':
      return { kind, value: `~${value}`, afterMs: 1 };
    default:
      return { kind, value };
  }
}

interface Story {
  readonly operations: number;
  readonly clients: number;
  readonly kinds: readonly Act['kind'][];
  /** How likely an answer is never heard. */
  readonly unheard: number;
  readonly values: (i: number) => readonly string[];
}

/** What clients saw of one key that worked: each operation happens at its end, or never where nobody heard of it. */
function tell(seed: number, { operations, clients, kinds, unheard, values }: Story): History {
  const random = new Random(seed);
  const history = new History();
  const open: Operation[] = [];
  let state: KeyState;
  for (let i = 0; i < operations; i++) {
    const slot = random.below(clients);
    const before = open[slot];
    if (before !== undefined) {
      const { next, seen } = execute(state, before.act);
      const isHeard = before.act.kind === 'get' || !random.chance(unheard);
      if (isHeard || random.chance(0.5)) state = next;
      if (isHeard) Object.assign(before, { seen, returnedMs: i });
    }
    open[slot] = history.begin(slot, 'k', actOf(random, values(i), kinds), i);
  }
  for (const last of open) if (last?.seen === undefined && last?.act.kind === 'get') history.forget(last);
  return history;
}

/** Gives one answer to another operation of the same kind, which is wrong in most stories. */
function distort(history: History, random: Random): void {
  const seen = history.operations.filter((one) => one.seen !== undefined);
  if (seen.length === 0) return;
  const one = random.pick(seen);
  one.seen = random.pick(seen.filter(({ act }) => act.kind === one.act.kind)).seen;
}

const mixtures: readonly (readonly Act['kind'][])[] = [
  ['get', 'append'],
  ['get', 'put', 'putIfAbsent', 'delete'],
  ['get', 'put', 'append', 'delete'],
  ['get', 'increment'],
  ['put', 'append', 'delete', 'putIfAbsent'],
];

test.each(mixtures.map((kinds) => [kinds.join(), kinds] as const))(
  'the search agrees with the definition on short stories of %s',
  (_name, kinds) => {
    const verdicts = { true: 0, false: 0 };
    // From here on three stories in three thousand caught a rule that let every operation come early that changed nothing then.
    for (let seed = 100_000; seed < 103_000; seed++) {
      const random = new Random(seed);
      const shared = ['a', 'b', 'ab'];
      const values = (i: number): readonly string[] => (seed % 2 === 0 ? shared : [`v${i};`]);
      const history = tell(seed, { operations: 8 + (seed % 3), clients: 3 + (seed % 3), kinds, unheard: 0.4, values });
      if (random.chance(0.7)) distort(history, random);
      const { operations } = history;
      const spans = operations.map((one) => ({ ...one, mayNeverHappen: mayNeverHappen(one) }));
      const verdict = searchLinearization(spans, new Foresight(operations, undefined), 100_000);
      expect(verdict, `seed ${seed}`).toBe(isRight(operations, undefined) ? 'holds' : 'violated');
      verdicts[`${verdict === 'holds'}`]++;
    }
    expect(Math.min(verdicts.true, verdicts.false)).toBeGreaterThan(5);
  },
);

describe('a thousand operations of eight clients, many of unknown outcome', () => {
  const long = { operations: 1_000, clients: 8, values: (i: number) => [`v${i};`] };
  const unheard = [0.4, 0.3, 0.05, 0.4];
  test.each(mixtures.slice(0, 4).map((kinds, i) => [kinds.join(), kinds, unheard[i]!] as const))(
    'are judged: %s',
    (_name, kinds, share) => {
      const history = tell(1, { ...long, kinds, unheard: share });
      expect(history.operations.filter(mayNeverHappen).length).toBeGreaterThan(20);
      expect(checkLinearizable(history).map((one) => one.split('\n')[0])).toEqual([]);
    },
  );
});
