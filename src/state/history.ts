import { contains, intersection, type Key, type Range } from '../base/index.ts';
import { type ChangeRow, type HistoryPlace, isBefore } from '../command/index.ts';
import { type Item, never } from './item.ts';
import { historyBytesMax, historyChangesMax, historyPastsMax, rowOverheadBytes } from './limits.ts';

export type ChangeKind = ChangeRow['kind'];

interface Change extends HistoryPlace {
  readonly kind: ChangeKind;
  readonly key: Key;
  readonly version: number;
  /** What the key holds now; of a lock who has it. */
  readonly item: Item | undefined;
}

/** What is to be read of a history: `since` is undefined where only what comes from now on counts. */
export interface HistoryQuery extends Range {
  readonly since: HistoryPlace | undefined;
  readonly waits: boolean;
  /** Whether reservations for writing are wanted as well. */
  readonly locks: boolean;
  readonly rowsMax: number;
  readonly bytesMax: number;
}

/**
 * A part of a history, of the keys from one to another. `missed`: changes behind `since` are not known here any more, and none
 * are shown.
 */
export interface HistoryPart extends Range {
  readonly changes: readonly ChangeRow[];
  readonly next: HistoryPlace;
  readonly missed: boolean;
}

/** What is remembered of the keys that another cell held until it was merged with this one. */
interface Past {
  readonly range: Range;
  readonly history: History;
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
  /** What indexes of places are ahead of those of the log by, because of merges. */
  #ahead = 0;
  /** What came before the last merge, in the two cells that it was of. All changes from `#begun` on are of one cell. */
  #pasts: readonly Past[] = [];
  #begun: HistoryPlace = { index: 0, offset: 0 };

  /** That of two cells which are one from the entry at that index on: each place that one of them gave out stays good. */
  static united(lower: Past, upper: Past, index: number): History {
    const united = new History();
    // No place that was given out is behind this one.
    const first = Math.max(lower.history.#index, upper.history.end.index);
    united.#ahead = first - index;
    united.begin(index);
    united.#begun = { index: first, offset: 0 };
    united.#since = united.#begun;
    const isKept = lower.history.#count + upper.history.#count <= historyPastsMax;
    if (isKept) united.#pasts = [lower, upper];
    return united;
  }

  get ahead(): number {
    return this.#ahead;
  }

  /** In front of whatever changes from now on. */
  get end(): HistoryPlace {
    return { index: this.#index + 1, offset: 0 };
  }

  /** In front of what the entry has changed that is applied now. */
  get here(): HistoryPlace {
    return { index: this.#index, offset: 0 };
  }

  /** The entry at that index of the log is applied now. */
  begin(index: number): void {
    this.#index = index + this.#ahead;
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

  /** Everything up to the entry at that index was applied by others; indexes of places are ahead by so much. */
  forget(index: number, ahead = 0): void {
    this.#changes = [];
    this.#gone = 0;
    this.#bytes = 0;
    this.#pasts = [];
    this.#ahead = ahead;
    this.begin(index);
    this.#since = this.end;
  }

  /** What another cell goes on from that takes over these keys. */
  partOf(range: Range): History {
    const part = new History();
    part.#ahead = this.#ahead;
    part.begin(this.#index - this.#ahead);
    part.#since = this.#since;
    part.#begun = this.#begun;
    part.#pasts = this.#pasts.flatMap(({ range: held, history }) => {
      const rest = intersection(held, range);
      return rest === undefined ? [] : [{ range: rest, history: history.partOf(rest) }];
    });
    for (const change of this.#changes.slice(this.#gone)) if (concerns(change, range)) part.#push(change);
    return part;
  }

  /** Whether a reader at that place would be shown anything of the range, be it that it missed something. */
  hasNews(wanted: Range & Pick<HistoryQuery, 'locks'>, since: HistoryPlace): boolean {
    if (isBefore(since, this.#since) || isBefore(since, this.#begun)) return true;
    for (let at = this.#find(since); at < this.#changes.length; at++) {
      if (isWanted(this.#changes[at]!, wanted)) return true;
    }
    return false;
  }

  /** Whether the question is one that waits for what has not come yet. */
  isAwaited({ waits, since, from, to, locks }: HistoryQuery): boolean {
    return waits && since !== undefined && !this.hasNews({ from, to, locks }, since);
  }

  read({ since, rowsMax, bytesMax, ...wanted }: Omit<HistoryQuery, 'waits'>): HistoryPart {
    const { end } = this;
    const { from, to } = wanted;
    if (since === undefined) return { from, to, changes: [], next: end, missed: false };
    const past = isBefore(since, this.#begun) ? this.#pasts.find((one) => contains(one.range, from)) : undefined;
    if (past !== undefined) return this.#readPast(past, { since, rowsMax, bytesMax, ...wanted });
    if (isBefore(since, this.#since)) return { from, to, changes: [], next: end, missed: true };
    const changes: ChangeRow[] = [];
    let bytes = 0;
    for (let at = this.#find(since); at < this.#changes.length; at++) {
      const change = this.#changes[at]!;
      if (!isWanted(change, wanted)) continue;
      bytes += sizeOf(change);
      const isFull = changes.length >= rowsMax || (bytes > bytesMax && changes.length > 0);
      if (isFull) return { from, to, changes, next: { index: change.index, offset: change.offset }, missed: false };
      changes.push(rowOf(change));
    }
    return { from, to, changes, next: end, missed: false };
  }

  /** What one of the cells remembers that are one by now, of as much of the range as it held; then go on with those of both. */
  #readPast({ range, history }: Past, asked: Omit<HistoryQuery, 'waits'>): HistoryPart {
    const part = history.read({ ...asked, ...intersection(asked, range) });
    return isBefore(part.next, history.end) ? part : { ...part, next: this.#begun };
  }

  get #count(): number {
    return 1 + this.#pasts.reduce((sum, { history }) => sum + history.#count, 0);
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
    this.#pasts = [];
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

function isWanted(change: Change, wanted: Range & Pick<HistoryQuery, 'locks'>): boolean {
  return concerns(change, wanted) && (wanted.locks || (change.kind !== 'lock' && change.kind !== 'release'));
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
  const value = kind === 'put' || kind === 'lock' ? item?.value : undefined;
  return { index, offset, kind, key, version, value, expiresAtMs };
}
