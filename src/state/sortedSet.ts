import { type Bytes, type Key, keyAfter, must, prefixRange, type Range, unreachable } from '../base/index.ts';
import {
  behindScore,
  bytesOfScore,
  type Element,
  type Selection,
  type Span,
  scoreBefore,
  scoreOf,
  spelledScore,
} from '../command/index.ts';
import { type Collection, rowOfName } from './collection.ts';

export interface Member {
  readonly name: Key;
  readonly score: number;
}

/** A collection whose members lie in the order of their scores, too. */
export class SortedSet {
  readonly #rows: Collection;

  constructor(rows: Collection) {
    this.#rows = rows;
  }

  get count(): number {
    return this.#rows.count;
  }

  scoreOf(name: Key): number | undefined {
    const value = this.#rows.get(rowOfName(name));
    return value === undefined ? undefined : scoreIn(value);
  }

  put(name: Key, score: number): void {
    this.#forget(name);
    this.#rows.set(rowOfName(name), bytesOfScore(score));
    this.#rows.addToOrder(spelledScore(score) + name);
  }

  remove(name: Key): boolean {
    this.#forget(name);
    return this.#rows.delete(rowOfName(name));
  }

  /** The members that are meant, in their order. Change none meanwhile. */
  *selected({ span, isDown, skip, countMax }: Selection): Iterable<Member> {
    let passed = 0;
    const end = countMax === undefined ? Number.POSITIVE_INFINITY : skip + countMax;
    if (end === 0) return;
    for (const member of this.#within(span, isDown)) {
      if (passed++ >= skip) yield member;
      if (passed >= end) return;
    }
  }

  /** How many come before it. It is walked to from both ends at once. */
  rankOf(name: Key, score: number, isDown: boolean): number {
    const row = spelledScore(score) + name;
    const below = this.#rows.ordered({ from: '', to: row });
    const above = this.#rows.ordered({ from: `${row}\0`, to: undefined }, true);
    for (let walked = 0; ; walked++) {
      if (below.next().done) return isDown ? this.count - 1 - walked : walked;
      if (above.next().done) return isDown ? walked : this.count - 1 - walked;
    }
  }

  #forget(name: Key): void {
    const old = this.scoreOf(name);
    if (old !== undefined) this.#rows.dropFromOrder(spelledScore(old) + name);
  }

  #within(span: Span, isDown: boolean): Iterable<Member> {
    switch (span.kind) {
      case 'places':
        return this.#between(span.first, span.last, isDown);
      case 'scores':
        return this.#members(rangeOfScores(span), isDown);
      case 'names':
        return this.#named(span, isDown);
      default:
        return unreachable(span);
    }
  }

  *#members(range: Range, isDown: boolean): Iterable<Member> {
    for (const row of this.#rows.ordered(range, isDown)) yield memberOf(row);
  }

  /** It is walked to from the end that is nearer. */
  *#between(first: number, last: number, isDown: boolean): Iterable<Member> {
    const from = Math.max(0, first < 0 ? this.count + first : first);
    const to = Math.min(this.count - 1, last < 0 ? this.count + last : last);
    if (from > to) return;
    const isNear = from <= this.count - 1 - to;
    const skipped = isNear ? from : this.count - 1 - to;
    const found: Member[] = [];
    let walked = 0;
    for (const row of this.#rows.ordered({ from: '', to: undefined }, isNear === isDown)) {
      if (walked++ < skipped) continue;
      if (isNear) yield memberOf(row);
      else found.push(memberOf(row));
      if (walked - skipped > to - from) break;
    }
    yield* found.reverse();
  }

  /** Where all have one score, their names are in order; else all are looked at. */
  *#named(span: Span & { readonly kind: 'names' }, isDown: boolean): Iterable<Member> {
    const names = rangeOfNames(span);
    const [lowest] = this.#members({ from: '', to: undefined }, false);
    const [highest] = this.#members({ from: '', to: undefined }, true);
    if (lowest === undefined || highest === undefined) return;
    const before = spelledScore(lowest.score);
    if (lowest.score === highest.score) {
      const to = names.to === undefined ? undefined : before + names.to;
      yield* this.#members({ from: before + names.from, to }, isDown);
      return;
    }
    for (const member of this.#members({ from: '', to: undefined }, isDown)) {
      if (member.name >= names.from && (names.to === undefined || member.name < names.to)) yield member;
    }
  }
}

export function elementOfMember({ name, score }: Member): Element {
  return { name, value: bytesOfScore(score) };
}

/** The score that the value of a member says. */
export function scoreIn(value: Bytes): number {
  return must(scoreOf(value), 'TX-17: a member of a sorted set has no score');
}

function memberOf(row: Key): Member {
  const score = must(scoreBefore(row), 'TX-17: the order of a sorted set names no score');
  return { name: behindScore(row), score };
}

function rangeOfScores({ from, withoutFrom, to, withoutTo }: Span & { readonly kind: 'scores' }): Range {
  const [lowest, highest] = [prefixRange(spelledScore(from)), prefixRange(spelledScore(to))];
  return { from: withoutFrom ? behind(lowest) : lowest.from, to: withoutTo ? highest.from : highest.to };
}

/** No score is spelled so high that nothing comes behind it. */
function behind({ to }: Range): Key {
  return must(to, 'there is a score above +inf');
}

function rangeOfNames({ from, withoutFrom, to, withoutTo }: Span & { readonly kind: 'names' }): Range {
  const lowest = from === undefined ? '' : withoutFrom ? keyAfter(from) : from;
  return { from: lowest, to: to === undefined || withoutTo ? to : keyAfter(to) };
}
