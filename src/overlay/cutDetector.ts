import { assert } from '../base/index.ts';
import type { Circles } from './circles.ts';
import { doubtShare, reinforceMs, unanimousMax } from './limits.ts';
import type { PeerTable } from './peerTable.ts';
import { isGone, isThere, type Reports } from './reports.ts';

/** What the reports come to now. */
export interface Cut {
  /** The lives that enough of their observers count as gone, sorted. */
  readonly lives: readonly number[];
  /** Others are in doubt: what is found out of them soon belongs to the same cut. */
  readonly isOpen: boolean;
  /** Those that have been in doubt for long: they hold nothing up, and their observers are asked to take a stand. */
  readonly stuck: readonly number[];
}

/** What stands against a life. */
interface Count {
  doubts: number;
  gone: number;
}

/**
 * Counts what observers say (Rapid's cut detection): a peer goes when nearly all of its observers count it as gone (mark
 * H), and nobody goes while some observers (mark L) doubt another one, so that all who crash at once go at once.
 */
export class CutDetector {
  readonly #table: PeerTable;
  readonly #circles: Circles;
  readonly #reports: Reports;
  /** Whether this peer itself has a life answering. */
  readonly #knowsThere: (life: number) => boolean;
  readonly #openSinceMs = new Map<number, number>();

  constructor(table: PeerTable, circles: Circles, reports: Reports, knowsThere: (life: number) => boolean) {
    this.#table = table;
    this.#circles = circles;
    this.#reports = reports;
    this.#knowsThere = knowsThere;
  }

  /** Whether enough observers doubt a life for others to be careful with it. */
  isDoubted(life: number): boolean {
    return this.#count(life, none, none).doubts >= doubtMark(this.#circles.count);
  }

  detect(nowMs: number): Cut {
    const subjects = this.#reports.lives.filter((life) => this.#isJudged(life));
    const sure = this.#beyondMark(subjects, none, none);
    // The word of those who go is not heard any more: somebody who is deaf takes everybody for gone.
    const inDoubt = new Set(subjects.filter((life) => this.#count(life, sure, none).doubts >= this.#low));
    const going = this.#beyondMark([...inDoubt], sure, new Set([...inDoubt, ...sure]));
    for (const life of sure) going.add(life);
    const open = [...inDoubt].filter((life) => !going.has(life));
    for (const life of this.#openSinceMs.keys()) if (!open.includes(life)) this.#openSinceMs.delete(life);
    for (const life of open) if (!this.#openSinceMs.has(life)) this.#openSinceMs.set(life, nowMs);
    const stuck = open.filter((life) => nowMs - this.#openSinceMs.get(life)! >= reinforceMs);
    assert(!going.has(this.#table.self.life), 'MEM-8: a peer counts itself as gone');
    return { lives: [...going].sort((a, b) => a - b), isOpen: open.length > stuck.length, stuck };
  }

  get #low(): number {
    return doubtMark(this.#circles.count);
  }

  /** This peer knows of itself that it is there, whatever others say. */
  #isJudged(life: number): boolean {
    const peer = this.#table.byLife(life);
    return peer !== undefined && peer.id !== this.#table.self.id && this.#table.isPresent(peer);
  }

  #beyondMark(lives: readonly number[], unheard: ReadonlySet<number>, mute: ReadonlySet<number>): Set<number> {
    const high = goneMark(this.#circles.count);
    return new Set(lives.filter((life) => this.#count(life, unheard, mute).gone >= high));
  }

  /**
   * What stands against a life. The word of the `unheard` does not count. An observer that is `mute`, because it is in
   * doubt itself, would never speak: it counts as if it had (implicit alerts), but not against whom this peer has
   * answering.
   */
  #count(life: number, unheard: ReadonlySet<number>, mute: ReadonlySet<number>): Count {
    const count: Count = { doubts: 0, gone: 0 };
    const { life: self } = this.#table.self;
    const mayImply = mute.size > 0 && !this.#knowsThere(life);
    this.#circles.observers(life).forEach((observer, circle) => {
      const said = unheard.has(observer) ? isThere : this.#reports.finding(life, circle);
      const isImplied = mayImply && observer !== self && mute.has(observer);
      if (said !== isThere || isImplied) count.doubts++;
      if (said === isGone || isImplied) count.gone++;
    });
    return count;
  }
}

const none: ReadonlySet<number> = new Set();

/** Mark H: so many observers must count a peer as gone. */
export function goneMark(observers: number): number {
  return observers <= unanimousMax ? observers : observers - 1;
}

/** Mark L: so many that doubt hold a decision up. */
export function doubtMark(observers: number): number {
  return Math.max(1, Math.ceil(observers / doubtShare));
}
