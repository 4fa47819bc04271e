import { type Bytes, encode, type Infer, key, list, optional, parse, type Range, record } from '../base/index.ts';
import { type Answer, type ChangeRow, type Command, type HistoryPlace, historyPlace } from '../command/index.ts';
import { changesBytesMax, changesRowsMax } from './limits.ts';

/** A part of a range that one cell holds, or held when it was asked last, and how far its changes are known. */
export const piece = record({ from: key, to: optional(key), since: historyPlace });
export type Piece = Infer<typeof piece>;

const pieces = list(piece);

/** What a cell says has changed. */
export type ChangesAnswer = Answer & { readonly kind: 'changes' };

/** Something that changed in a range; undefined where that is not known any more. */
export interface Passed {
  readonly change: ChangeRow | undefined;
  readonly range: Range;
}

/** Asks for what changed behind a place, and waits for it; for the place of now where none is given. With `locks` for reservations too. */
export function changesCommand({ from, to }: Range, since: HistoryPlace | undefined, locks: boolean): Command {
  const limits = { rowsMax: changesRowsMax, bytesMax: changesBytesMax };
  return { kind: 'changes', from, to, since, ...limits, waits: true, locks };
}

/**
 * Follows the changes of a range through the cells that hold it: each change once, those of a key in their order (WATCH-1). Whenever one
 * has been taken, `token` says from where somebody else can go on.
 */
export class Pursuit {
  readonly #pieces: Set<Piece>;

  constructor(known: Iterable<Piece>) {
    this.#pieces = new Set(known);
  }

  /** Goes on where another pursuit was; undefined where the bytes are no token. */
  static resume(token: Bytes): Pursuit | undefined {
    const parsed = parse(pieces, token);
    return parsed.ok && parsed.value.length > 0 ? new Pursuit(parsed.value) : undefined;
  }

  /** What is to be asked for: the changes of each, behind its place. */
  get pieces(): Iterable<Piece> {
    return this.#pieces;
  }

  get token(): Bytes {
    return encode(
      pieces,
      [...this.#pieces].sort((a, b) => (a.from < b.from ? -1 : 1)),
    );
  }

  /** What the answer about a piece says, one after the other. A cell may hold less than the piece: the rest is asked anew. */
  *take(asked: Piece, { from, to, changes, next, missed }: ChangesAnswer): IterableIterator<Passed> {
    const range = { from, to };
    this.#pieces.delete(asked);
    for (const rest of [before(asked, from), rangeBehind(asked, to)]) {
      if (rest !== undefined) this.#pieces.add({ ...rest, since: asked.since });
    }
    let known = asked;
    const moveTo = (since: HistoryPlace): void => {
      this.#pieces.delete(known);
      known = { ...range, since };
      this.#pieces.add(known);
    };
    moveTo(missed ? next : asked.since);
    if (missed) yield { change: undefined, range };
    for (const change of changes) {
      moveTo({ index: change.index, offset: change.offset + 1 });
      yield { change, range };
    }
    moveTo(next);
  }
}

/** What is left of a range before the part of it that a cell holds. */
function before({ from }: Range, first: string): Range | undefined {
  return from < first ? { from, to: first } : undefined;
}

/** What is left behind it. */
export function rangeBehind(range: Range, to: string | undefined): Range | undefined {
  return to === undefined || to === range.to ? undefined : { from: to, to: range.to };
}
