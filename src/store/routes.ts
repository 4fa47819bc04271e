import { contains, intersection, type Key, keyAfter, type Range } from '../base/index.ts';
import type { CellHint } from './cellHint.ts';
import { Route } from './route.ts';

/** The ways to all cells that this peer has heard of, by their ranges. */
export class Routes {
  readonly #routes: Route[] = [];

  [Symbol.iterator](): Iterator<Route> {
    return this.#routes[Symbol.iterator]();
  }

  get(cell: string): Route | undefined {
    return this.#routes.find(({ hint }) => hint.cell === cell);
  }

  /** The way to a cell that was not heard of before. */
  add(hint: CellHint, version: number, session: string): void {
    this.#routes.push(new Route(hint, version, session));
    this.sort();
  }

  /** Ranges have changed. */
  sort(): void {
    this.#routes.sort((a, b) => (a.hint.from < b.hint.from ? -1 : 1));
  }

  /** The cell that holds all keys of a range; any where the command names none. */
  find(range: Range | undefined): Route | 'none yet' | 'many cells' {
    if (range === undefined) return this.#routes[0] ?? 'none yet';
    const index = this.#routes.findLastIndex(({ hint }) => range.from >= hint.from);
    if (index < 0) return 'none yet';
    const span = this.#spanAt(index);
    if (!contains(span, range.from)) return 'none yet';
    const holds = span.to === undefined || (range.to !== undefined && range.to <= span.to);
    return holds ? this.#routes[index]! : 'many cells';
  }

  /** The cell that holds a key; nothing where none is known. */
  cellAt(key: Key): string {
    const route = this.find({ from: key, to: keyAfter(key) });
    return typeof route === 'string' ? '' : route.hint.cell;
  }

  /** The part of a range, from its beginning or from its end, that one cell holds; all of it where none is known. */
  firstPart(range: Range, isDown: boolean): Range {
    const parts: Range[] = [];
    for (let i = 0; i < this.#routes.length; i++) {
      const part = intersection(this.#spanAt(i), range);
      if (part !== undefined) parts.push(part);
    }
    const part = isDown ? parts.at(-1) : parts[0];
    const isAtEnd = isDown ? part?.to === range.to : part?.from === range.from;
    return part !== undefined && isAtEnd ? part : range;
  }

  /** The parts of a range that each of the known cells holds; undefined where that of some key is not known. */
  spans(range: Range): Range[] | undefined {
    const spans: Range[] = [];
    let { from } = range;
    for (let i = 0; i < this.#routes.length; i++) {
      const span = intersection(this.#spanAt(i), range);
      if (span === undefined) continue;
      if (span.from !== from) return undefined;
      spans.push(span);
      if (span.to === range.to || span.to === undefined) return spans;
      from = span.to;
    }
    return undefined;
  }

  /** What the cell holds at most: its hint may be older than a split that the hint of the next cell knows of. */
  #spanAt(index: number): Range {
    const { from, to } = this.#routes[index]!.hint;
    const next = this.#routes[index + 1]?.hint.from;
    return { from, to: next !== undefined && (to === undefined || next < to) ? next : to };
  }
}
