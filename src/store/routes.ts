import { contains, intersection, type Key, keyAfter, type Range } from '../base/index.ts';
import { type CellHint, supersedes } from '../cell/index.ts';
import { Route } from './route.ts';

/** The ways to all cells that this peer has heard of, by their ranges. */
export class Routes {
  readonly #routes: Route[] = [];
  /** Ways to cells that have gone into others: each leads to that one, as long as something of it is open. */
  #old: Route[] = [];
  /** Into which cell others have gone. */
  readonly #heirs = new Map<string, string>();

  /** All of them. */
  *[Symbol.iterator](): Iterator<Route> {
    yield* this.#routes;
    yield* this.#old;
  }

  get(cell: string): Route | undefined {
    return this.#routes.find(({ hint }) => hint.cell === cell);
  }

  /** The way to a cell, or to the one that it has gone into. */
  heirOf(cell: string): Route | undefined {
    let at: string | undefined = cell;
    // Each goes into one that lies below, so there is an end.
    while (at !== undefined && this.get(at) === undefined) at = this.#heirs.get(at);
    return at === undefined ? undefined : this.get(at);
  }

  /** The way to a cell that a message belongs to. */
  find(cell: string, isMeant: (route: Route) => boolean): Route | undefined {
    const route = this.get(cell);
    if (route !== undefined && isMeant(route)) return route;
    return this.#old.find((old) => old.hint.cell === cell && isMeant(old));
  }

  /** The way to a cell that was not heard of before. */
  add(hint: CellHint, version: number, session: string): void {
    const heir = this.#routes.find((route) => supersedes(route.hint, hint));
    if (heir !== undefined) return void this.#heirs.set(hint.cell, heir.hint.cell);
    this.#routes.push(new Route(hint, version, session));
    this.sort();
  }

  /**
   * Takes out the ways to cells that have gone into the one with that hint, and returns them. What is open of them is known there,
   * and asked for there, under its names.
   */
  retire(hint: CellHint, version: number): readonly Route[] {
    const gone = this.#routes.filter((route) => supersedes(hint, route.hint));
    this.#old = this.#old.filter(({ writes, reads }) => writes.size > 0 || reads.size > 0);
    for (const route of gone) {
      this.#heirs.set(route.hint.cell, hint.cell);
      this.#routes.splice(this.#routes.indexOf(route), 1);
    }
    for (const old of this.#old) {
      if (supersedes(hint, old.hint)) old.redirect(hint, version);
      else if (old.hint.cell === hint.cell && version > old.version) old.learn(hint, version);
    }
    this.#old.push(...gone);
    return gone;
  }

  /** Ranges have changed. */
  sort(): void {
    this.#routes.sort((a, b) => (a.hint.from < b.hint.from ? -1 : 1));
  }

  /** The cell that holds all keys of a range; any where the command names none. */
  locate(range: Range | undefined): Route | 'none yet' | 'many cells' {
    if (range === undefined) return this.#routes[0] ?? 'none yet';
    const index = this.#routes.findLastIndex(({ hint }) => range.from >= hint.from);
    if (index < 0) return 'none yet';
    const span = this.#spanAt(index);
    if (!contains(span, range.from)) return 'none yet';
    const holds = span.to === undefined || (range.to !== undefined && range.to <= span.to);
    return holds ? this.#routes[index]! : 'many cells';
  }

  /** Whether the cell that holds all keys of a range is known to have no room. */
  isFull(range: Range | undefined): boolean {
    const route = this.locate(range);
    return typeof route !== 'string' && route.hint.isFull;
  }

  /** The cell that holds a key; nothing where none is known. */
  cellAt(key: Key): string {
    const route = this.locate({ from: key, to: keyAfter(key) });
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
