import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anySortedEdit, anySortedLook } from '../../test/anySortedCommand.ts';
import { LoggedState } from '../../test/loggedState.ts';
import { type Answer, type Edit, type Look, type Selection, type Span, scoreOf } from '../command/index.ts';

interface Member {
  readonly name: string;
  readonly score: number;
}

/** A sorted set as one would write it on a napkin: a map, put in order whenever somebody asks. */
class Model {
  readonly scores = new Map<string, number>();

  edit(does: Edit): string {
    switch (does.kind) {
      case 'score':
        return this.#score(does);
      case 'remove':
        return String(does.names.filter((name) => this.scores.delete(name)).length);
      case 'removeIn': {
        const gone = this.#within(does.span, false);
        for (const { name } of gone) this.scores.delete(name);
        return String(gone.length);
      }
      case 'pop': {
        const all = this.#ordered();
        const taken = (does.atEnd ? all.reverse() : all).slice(0, does.count);
        for (const { name } of taken) this.scores.delete(name);
        return told(taken);
      }
      default:
        throw new Error(`${does.kind} is not about sorted sets`);
    }
  }

  look(at: Look): string {
    switch (at.kind) {
      case 'size':
        return String(this.scores.size);
      case 'elements':
        return told(this.#ordered());
      case 'values':
        return at.names.map((name) => String(this.scores.get(name))).join();
      case 'selected':
        return told(this.#selected(at.selection));
      case 'countIn':
        return String(this.#within(at.span, false).length);
      case 'rank': {
        const all = at.isDown ? this.#ordered().reverse() : this.#ordered();
        const rank = all.findIndex(({ name }) => name === at.name);
        return rank < 0 ? 'missing' : `${rank}: ${all[rank]!.score}`;
      }
      default:
        throw new Error(`${at.kind} is not about sorted sets`);
    }
  }

  #score({ members, when, than, increments, countsChanged }: Edit & { readonly kind: 'score' }): string {
    let counted = 0;
    for (const { name, score: given } of members) {
      const old = this.scores.get(name);
      const score = increments ? (old ?? 0) + given : given;
      if (Number.isNaN(score)) return 'notANumber';
      const isFirst = old === undefined;
      const isLeft =
        (isFirst && when === 'present') ||
        (!isFirst &&
          (when === 'absent' || (than === 'greater' && !(score > old)) || (than === 'less' && !(score < old))));
      if (!isLeft) this.scores.set(name, score === 0 ? 0 : score);
      if (increments) return isLeft ? 'missing' : `score ${score === 0 ? 0 : score}`;
      if (!isLeft && (isFirst || (countsChanged && old !== score))) counted++;
    }
    return String(counted);
  }

  #selected({ span, isDown, skip, countMax = 100 }: Selection): Member[] {
    return this.#within(span, isDown).slice(skip, skip + countMax);
  }

  #within(span: Span, isDown: boolean): Member[] {
    const all = isDown ? this.#ordered().reverse() : this.#ordered();
    if (span.kind === 'places') {
      const [from, to] = [span.first, span.last].map((at) => (at < 0 ? all.length + at : at)) as [number, number];
      return to < 0 ? [] : all.slice(Math.max(0, from), to + 1);
    }
    return all.filter(({ name, score }) => isBetween(span, span.kind === 'names' ? name : score));
  }

  #ordered(): Member[] {
    const members = [...this.scores].map(([name, score]) => ({ name, score }));
    return members.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  }
}

function isBetween(
  { from, withoutFrom, to, withoutTo }: Exclude<Span, { kind: 'places' }>,
  one: string | number,
): boolean {
  if (from !== undefined && (one < from || (withoutFrom && one === from))) return false;
  return to === undefined || (one <= to && !(withoutTo && one === to));
}

function told(members: readonly Member[]): string {
  return members.map(({ name, score }) => `${name}=${score}`).join();
}

function toldOf(answer: Answer | string): string {
  if (typeof answer === 'string') return answer;
  switch (answer.kind) {
    case 'integer':
      return String(answer.value);
    case 'score':
      return `score ${answer.score}`;
    case 'rank':
      return `${answer.rank}: ${answer.score}`;
    case 'many':
      return answer.answers.map((one) => (one.kind === 'value' ? String(scoreOf(one.value)) : 'undefined')).join();
    case 'elements':
      return told(answer.elements.map(({ name, value }) => ({ name, score: scoreOf(value)! })));
    case 'error':
      return answer.problem;
    default:
      return answer.kind;
  }
}

test('every command about a sorted set does what a map in order would, whatever is in memory or on the disk', () => {
  const anyStep = fc.record({ does: anySortedEdit, at: anySortedLook, isSaved: fc.boolean() });
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      const state = new LoggedState();
      const model = new Model();
      const look = (at: Look): string => toldOf(state.read({ kind: 'look', key: 'z', of: 'sortedSet', at }));
      const all = {
        span: { kind: 'places', first: 0, last: -1 },
        isDown: false,
        skip: 0,
        countMax: undefined,
      } as const;
      for (const { does, at, isSaved } of steps) {
        const expected = model.edit(does as Edit);
        expect(toldOf(state.run({ kind: 'edit', key: 'z', of: 'sortedSet', does: does as Edit }))).toBe(expected);
        expect(look({ kind: 'selected', selection: all })).toBe(model.look({ kind: 'selected', selection: all }));
        // What is not asked for in order comes in any.
        const [mine, theirs] = [look(at as Look), model.look(at as Look)];
        if (at.kind === 'elements') expect(mine.split(',').sort()).toEqual(theirs.split(',').sort());
        else expect(mine).toBe(theirs);
        expect(state.state.size.keys).toBe(model.scores.size === 0 ? 0 : 1);
        if (isSaved) state.checkpoint();
      }
      state.run({ kind: 'rename', key: 'z', to: 'other', whenAbsent: false });
      state.run({ kind: 'delete', keys: ['other'] });
      state.checkpoint();
      expect([...state.storage.rows.entries('p', 'q')]).toEqual([]);
      expect(state.state.size).toEqual({ keys: 0, bytes: 0 });
    }),
    { numRuns: 500 },
  );
});

test('what is brought back from all that a sorted set is has its order again', () => {
  const state = new LoggedState();
  const members = [
    { name: 'b', score: 1 },
    { name: 'a', score: 2 },
  ];
  const does = {
    kind: 'score',
    members,
    when: 'always',
    than: 'any',
    increments: false,
    countsChanged: false,
  } as const;
  state.run({ kind: 'edit', key: 'z', of: 'sortedSet', does });
  const all = state.read({ kind: 'contents', key: 'z' });
  if (typeof all === 'string' || all.kind !== 'contents') throw new Error('it has no contents');
  expect(all.rows).toHaveLength(2);
  state.run({ kind: 'replace', key: 'copy', of: 'sortedSet', rows: all.rows, expiresAtMs: undefined });
  const at = { kind: 'rank', name: 'a', isDown: false } as const;
  expect(state.read({ kind: 'look', key: 'copy', of: 'sortedSet', at })).toMatchObject({ rank: 1, score: 2 });
});
