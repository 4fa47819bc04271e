import type { Key } from '../base/index.ts';
import type { Aggregate, SimpleCommand } from '../command/index.ts';
import { Collection, fromPlace, nameOfRow } from './collection.ts';
import { type Member, scoreIn } from './sortedSet.ts';
import type { StateData } from './stateData.ts';

type Combination = Pick<SimpleCommand & { readonly kind: 'combineScores' }, 'keys' | 'weights' | 'how' | 'aggregate'>;
export type Scores = Map<Key, number>;

/** What sets and sorted sets amount to; undefined where a key holds something else. */
export function combineScores(data: StateData, { keys, weights, how, aggregate }: Combination): Scores | undefined {
  const parts: Scores[] = [];
  for (const [i, key] of keys.entries()) {
    const scores = scoresOf(data, key, weights[i] ?? 1);
    if (scores === undefined) return undefined;
    parts.push(scores);
  }
  return united(parts, how, aggregate);
}

/** What several amount to; a difference is the first without the others. */
export function united(
  [first = new Map(), ...others]: readonly Scores[],
  how: Combination['how'],
  aggregate: Aggregate,
): Scores {
  for (const other of others) {
    if (how === 'union') {
      for (const [name, score] of other) first.set(name, aggregated(first.get(name), score, aggregate));
      continue;
    }
    for (const [name, score] of first) {
      const theirs = other.get(name);
      if ((theirs === undefined) === (how === 'intersection')) first.delete(name);
      else if (theirs !== undefined) first.set(name, aggregated(score, theirs, aggregate));
    }
  }
  return first;
}

/** By their scores, and where those are equal by their names. */
export function inOrder(scores: Scores): Member[] {
  const members = [...scores].map(([name, score]) => ({ name, score }));
  return members.sort((a, b) => (a.score === b.score ? (a.name < b.name ? -1 : 1) : a.score < b.score ? -1 : 1));
}

function scoresOf(data: StateData, key: Key, weight: number): Scores | undefined {
  const scores: Scores = new Map();
  const sorted = Collection.of(data, key, 'sortedSet');
  const rows = sorted ?? Collection.of(data, key, 'set');
  if (rows === undefined) return undefined;
  for (const [row, value] of rows.rows(fromPlace(0))) {
    scores.set(nameOfRow(row), numberOr0((sorted === undefined ? 1 : scoreIn(value)) * weight));
  }
  return scores;
}

function aggregated(a: number | undefined, b: number, how: Aggregate): number {
  if (a === undefined) return b;
  return how === 'sum' ? numberOr0(a + b) : how === 'least' ? Math.min(a, b) : Math.max(a, b);
}

/** As Redis has it: infinity less infinity, or times nothing, is nothing. */
function numberOr0(score: number): number {
  return Number.isNaN(score) ? 0 : score;
}
