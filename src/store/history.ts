import { contains, type Key, type Range } from '../base/index.ts';
import type { ChangeRow } from './answer.ts';
import type { HistoryPlace } from './historyPlace.ts';
import { type Item, never } from './item.ts';
import { historyBytesMax, historyChangesMax, rowOverheadBytes } from './limits.ts';

export type ChangeKind = ChangeRow['kind'];

interface Change extends HistoryPlace {
  readonly kind: ChangeKind;
  readonly key: Key;
  readonly version: number;
  /** What the key holds now. */
  readonly item: Item | undefined;
}

/** What is to be read of a history: `since` is undefined where only what comes from now on counts. */
export interface HistoryQuery extends Range {
  readonly since: HistoryPlace | undefined;
  readonly waits: boolean;
  readonly rowsMax: number;
  readonly bytesMax: number;
}

/** A part of a history. `missed`: changes behind `since` are not known here any more, and none are shown. */
export interface HistoryPart {
  readonly changes: readonly ChangeRow[];
  readonly next: HistoryPlace;
  readonly missed: boolean;
}

/** The last changes of a cell in the order of its log, in memory: those who watch read them, and may come back for them. */
export class History {
  #changes: Change[] = [];
  /** How many of them, from the first on, are forgotten already. */
  #gone = 0;
  #bytes = 0;
  /** All changes from there on are here. */
  #since: HistoryPlace = { index: 0, offset: 0 };
  /** Where the next change will stand. */
  #index = 0;
  #offset = 0;

  /** The entry at that index is applied now. */
  begin(index: number): void {
    this.#index = index;
    this.#offset = 0;
  }

  /** A key has changed, or with 'clear' all keys. */
  add(kind: ChangeKind, key: Key, version: number, item: Item | undefined): void {
    this.#push({ index: this.#index, offset: this.#offset++, kind, key, version, item });
    while (this.#bytes > historyBytesMax || this.#changes.length - this.#gone > historyChangesMax) {
      if (this.#changes.length - this.#gone <= 1) break;
      this.#forgetFirst();
    }
  }

  /** Everything up to the entry at that index was applied by others. */
  forget(index: number): void {
    this.#changes = [];
    this.#gone = 0;
    this.#bytes = 0;
    this.begin(index);
    this.#since = { index: index + 1, offset: 0 };
  }

  /** What another cell goes on from that takes over these keys. */
  partOf(range: Range): History {
    const part = new History();
    part.begin(this.#index);
    part.#since = this.#since;
    for (const change of this.#changes.slice(this.#gone)) if (concerns(change, range)) part.#push(change);
    return part;
  }

  /** Whether a reader at that place would be shown anything of the range, be it that it missed something. */
  hasNews(range: Range, since: HistoryPlace): boolean {
    if (isBefore(since, this.#since)) return true;
    for (let at = this.#find(since); at < this.#changes.length; at++) {
      if (concerns(this.#changes[at]!, range)) return true;
    }
    return false;
  }

  /** Whether the question is one that waits for what has not come yet. */
  isAwaited({ waits, since, from, to }: HistoryQuery): boolean {
    return waits && since !== undefined && !this.hasNews({ from, to }, since);
  }

  read({ since, rowsMax, bytesMax, ...range }: Omit<HistoryQuery, 'waits'>): HistoryPart {
    const end = { index: this.#index + 1, offset: 0 };
    if (since === undefined) return { changes: [], next: end, missed: false };
    if (isBefore(since, this.#since)) return { changes: [], next: end, missed: true };
    const changes: ChangeRow[] = [];
    let bytes = 0;
    for (let at = this.#find(since); at < this.#changes.length; at++) {
      const change = this.#changes[at]!;
      if (!concerns(change, range)) continue;
      bytes += sizeOf(change);
      const isFull = changes.length >= rowsMax || (bytes > bytesMax && changes.length > 0);
      if (isFull) return { changes, next: { index: change.index, offset: change.offset }, missed: false };
      changes.push(rowOf(change));
    }
    return { changes, next: end, missed: false };
  }

  #push(change: Change): void {
    this.#changes.push(change);
    this.#bytes += sizeOf(change);
  }

  #forgetFirst(): void {
    const { index, offset, ...first } = this.#changes[this.#gone]!;
    this.#gone++;
    this.#bytes -= sizeOf(first);
    this.#since = { index, offset: offset + 1 };
    if (this.#gone < historyChangesMax) return;
    this.#changes = this.#changes.slice(this.#gone);
    this.#gone = 0;
  }

  /** Where the first change stands that does not come before a place. */
  #find(place: HistoryPlace): number {
    let [low, high] = [this.#gone, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.#changes[middle]!, place)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isBefore(a: HistoryPlace, b: HistoryPlace): boolean {
  return a.index < b.index || (a.index === b.index && a.offset < b.offset);
}

/** Whoever watches a part of a cell hears of it when all of the cell is cleared. */
function concerns({ kind, key }: Change, range: Range): boolean {
  return kind === 'clear' || contains(range, key);
}

function sizeOf({ key, item }: Pick<Change, 'key' | 'item'>): number {
  return key.length + (item?.row.length ?? 0) + rowOverheadBytes;
}

function rowOf({ index, offset, kind, key, version, item }: Change): ChangeRow {
  const expiresAtMs = item === undefined || item.expiresAtMs === never ? undefined : item.expiresAtMs;
  return { index, offset, kind, key, version, value: kind === 'put' ? item?.value : undefined, expiresAtMs };
}
