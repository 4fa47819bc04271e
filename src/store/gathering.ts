import type { Key, Range } from '../base/index.ts';
import { type Command, within } from '../command/index.ts';
import type { Reply } from './access.ts';
import { finishPatienceMs, gatheredMax } from './limits.ts';
import { isMoved, Round, type TransactionsHost } from './round.ts';

/** Something that is to be said to all cells that hold these pieces, which are apart and in their order. */
interface Said {
  readonly pieces: readonly Range[];
}

/** One of those that were said together, and how many cells have not answered of it yet. */
interface Open<T> {
  readonly item: T;
  cells: number;
  hasFailed: boolean;
}

interface Share<T> {
  readonly open: Open<T>;
  readonly pieces: readonly Range[];
}

export interface GatheringOptions<T> {
  /** How long what comes first waits for more. */
  readonly waitMs: number;
  /** How long at most while what was said before is not answered: the busier the cells, the more is said at a time. */
  readonly busyWaitMs: number;
  /** What says all of these to the cell that holds the range. */
  make(items: readonly T[], within: Range): Command;
  /** All who hold pieces of it have heard it, or somebody could not be asked. */
  done(item: T, isHeard: boolean): void;
}

/**
 * Says things to cells, those for the same cell in one command: what nobody waits for costs each transaction a part of a command, and not
 * one for each cell. Where a cell has split meanwhile they are said one by one.
 */
export class Gathering<T extends Said> {
  readonly #host: TransactionsHost;
  readonly #options: GatheringOptions<T>;
  #waiting: T[] = [];
  /** How many of those that were said are not done. */
  #underWay = 0;
  /** When the first of those came that wait. */
  #sinceMs = 0;
  /** How often something was said: a timer of before has come too late. */
  #turn = 0;

  constructor(host: TransactionsHost, options: GatheringOptions<T>) {
    this.#host = host;
    this.#options = options;
  }

  add(item: T): void {
    this.#waiting.push(item);
    if (this.#waiting.length > 1) return;
    const { waitMs, busyWaitMs } = this.#options;
    this.#sinceMs = this.#host.nowMs;
    this.#flushIn(this.#underWay === 0 ? waitMs : busyWaitMs);
  }

  #flushIn(afterMs: number): void {
    const turn = this.#turn;
    this.#host.after(afterMs, () => {
      if (turn === this.#turn) this.#flush();
    });
  }

  #flush(): void {
    const shares = new Map<string, Share<T>[]>();
    const all = this.#waiting.map((item): Open<T> => ({ item, cells: 1, hasFailed: false }));
    this.#waiting = [];
    this.#turn++;
    this.#underWay += all.length;
    for (const open of all) this.#share(open, shares);
    for (const own of shares.values()) {
      for (let i = 0; i < own.length; i += gatheredMax) this.#say(own.slice(i, i + gatheredMax));
    }
    for (const open of all) this.#close(open);
  }

  /** Finds the cells that hold pieces of one. */
  #share(open: Open<T>, shares: Map<string, Share<T>[]>): void {
    const { pieces } = open.item;
    const spans = pieces.length === 0 ? [] : this.#host.spans(hullOf(pieces));
    if (spans === undefined) open.hasFailed = true;
    for (const span of spans ?? []) {
      const own = within(pieces, span);
      if (own.length === 0) continue;
      const cell = this.#host.cellAt(own[0]!.from);
      const known = shares.get(cell);
      if (known === undefined) shares.set(cell, [{ open, pieces: own }]);
      else known.push({ open, pieces: own });
      open.cells++;
    }
  }

  #say(shares: readonly Share<T>[]): void {
    const command = this.#options.make(
      shares.map(({ open }) => open.item),
      hullOf(shares.flatMap(({ pieces }) => pieces)),
    );
    this.#host.ask(command, this.#deadlineMs, (reply) => {
      for (const share of shares) {
        if (isMoved(reply)) this.#sayAlone(share);
        else this.#answered(share.open, isHeard(reply));
      }
    });
  }

  #sayAlone({ open, pieces }: Share<T>): void {
    const make = (some: readonly Range[]): Command => this.#options.make([open.item], hullOf(some));
    new Round(this.#host, make, this.#deadlineMs, (answers) => this.#answered(open, answers !== undefined)).begin(
      pieces,
    );
  }

  #answered(open: Open<T>, isHeard: boolean): void {
    if (!isHeard) open.hasFailed = true;
    this.#close(open);
  }

  #close(open: Open<T>): void {
    open.cells--;
    if (open.cells > 0) return;
    this.#options.done(open.item, !open.hasFailed);
    this.#underWay--;
    if (this.#underWay > 0 || this.#waiting.length === 0) return;
    this.#flushIn(Math.max(0, this.#options.waitMs - (this.#host.nowMs - this.#sinceMs)));
  }

  get #deadlineMs(): number {
    return this.#host.nowMs + finishPatienceMs;
  }
}

function isHeard(reply: Reply): boolean {
  return reply.kind === 'done' && reply.answer.kind !== 'error';
}

/** From the beginning of the first to the end of the last, whatever their order. */
function hullOf(pieces: readonly Range[]): Range {
  let from: Key = pieces[0]!.from;
  let { to } = pieces[0]!;
  for (const piece of pieces) {
    if (piece.from < from) from = piece.from;
    if (piece.to === undefined || (to !== undefined && piece.to > to)) to = piece.to;
  }
  return { from, to };
}
