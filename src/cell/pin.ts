import { type Bytes, type Key, keyAfter, type Range } from '../base/index.ts';
import { type Element, elementPrefix, elementsOf, namesIn, type ValueKind } from '../command/index.ts';
import { elementIn, itemCodec, itemPrefix, never, rowRange, type Shelving, scanShelf } from '../state/index.ts';
import type { ScanLimit, Snapshot, World } from '../world/index.ts';
import type { CellReport } from './cellReport.ts';
import { pinIdleMs, pinsMax } from './limits.ts';
import { reach } from './milestones.ts';
import type { Replica } from './replica.ts';

/** Where a pinned cell stands: what it holds is what its log amounts to there. */
export interface PinnedAt {
  readonly cell: string;
  readonly from: Key;
  readonly to: Key | undefined;
  readonly epoch: number;
  readonly index: number;
  readonly timeMs: number;
}

/** A key that had not expired, and when it will. */
export interface PinnedRow {
  readonly key: Key;
  /** A collection has elements in place of a value. */
  readonly kind: ValueKind;
  /** A view: encode or copy it before the next read. */
  readonly value: Bytes;
  readonly expiresAtMs: number | undefined;
}

/** One page of a pinned cell: go on behind `last` where there is more. */
export interface PinnedPage {
  readonly rows: readonly PinnedRow[];
  readonly last: Key | undefined;
  readonly more: boolean;
}

/** One page of the elements of a pinned collection. Values are views. */
export interface PinnedElements {
  readonly elements: readonly Element[];
  /** Go on behind it where there is more. */
  readonly last: Key | undefined;
  readonly more: boolean;
}

/** What came of the wish to pin a cell. */
export type PinReply =
  | { readonly kind: 'pinned'; readonly pin: Pin }
  | { readonly kind: 'refused'; readonly reason: string };

/** One state of a cell that stands still while the cell goes on, read page by page. Close it: it pins pages on the disk. */
export class Pin {
  readonly at: PinnedAt;
  readonly #snapshot: Snapshot;
  readonly #shelf: Shelving;
  readonly #world: World;
  #usedMs: number;
  #isOpen = true;

  constructor(at: PinnedAt, snapshot: Snapshot, shelf: Shelving, world: World) {
    this.at = at;
    this.#snapshot = snapshot;
    this.#shelf = shelf;
    this.#world = world;
    this.#usedMs = world.clock.monotonicMs();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isForgotten(): boolean {
    return this.#world.clock.monotonicMs() - this.#usedMs >= pinIdleMs;
  }

  /** The rows behind a key, or the first ones. */
  read(after: Key | undefined, limit: ScanLimit): PinnedPage | 'damaged' | 'closed' {
    if (!this.#isOpen) return 'closed';
    this.#usedMs = this.#world.clock.monotonicMs();
    const range: Range = { from: after === undefined ? this.at.from : keyAfter(after), to: this.at.to };
    const page = scanShelf(this.#shelf, this.#snapshot, rowRange(itemPrefix, range), limit);
    if (page === 'damaged') return 'damaged';
    const rows: PinnedRow[] = [];
    for (const { key, value } of page.rows) {
      const item = itemCodec.decode(value);
      if (item === undefined) return 'damaged';
      if (item.expiresAtMs <= this.at.timeMs) continue;
      const expiresAtMs = item.expiresAtMs === never ? undefined : item.expiresAtMs;
      rows.push({ key: key.slice(itemPrefix.length), kind: item.kind, value: item.value, expiresAtMs });
    }
    reach(this.#world.log, 'backup/3 a page is read');
    return { rows, last: page.rows.at(-1)?.key.slice(itemPrefix.length), more: page.more };
  }

  /** The elements of a collection behind one of them, or the first ones. */
  readElements(
    key: Key,
    kind: ValueKind,
    after: Key | undefined,
    limit: ScanLimit,
  ): PinnedElements | 'damaged' | 'closed' {
    if (!this.#isOpen) return 'closed';
    this.#usedMs = this.#world.clock.monotonicMs();
    const page = scanShelf(this.#shelf, this.#snapshot, rowRange(elementPrefix, elementsOf(key, after)), limit);
    if (page === 'damaged') return 'damaged';
    const rows = page.rows.map((row) => ({ row: namesIn(row.key.slice(elementPrefix.length)).name, value: row.value }));
    const elements = rows.flatMap(({ row, value }) => elementIn(kind, row, value) ?? []);
    return { elements, last: rows.at(-1)?.row, more: page.more };
  }

  close(): void {
    if (this.#isOpen) this.#snapshot.close();
    this.#isOpen = false;
  }
}

/** The pins of one peer: few at a time, and none that nobody reads from any more. */
export class Pins {
  readonly #world: World;
  readonly #needsLease: boolean;
  readonly #open = new Set<Pin>();
  /** Wishes that wait for transactions to be decided: each does what is next, or answers false to be asked again. */
  #waiting: (() => boolean)[] = [];

  /** Whether leaders here answer reads by their lease: then they pin by it, too. */
  constructor(world: World, needsLease: boolean) {
    this.#needsLease = needsLease;
    this.#world = world;
  }

  /**
   * Pins what the cell holds once all that it has applied by now is in the engine. Only a leader does it, and only if it
   * leads with the same ballot to the end: then nothing was acknowledged before the wish that is not in it.
   */
  pin(replica: Replica | undefined, then: (reply: PinReply) => void): void {
    const before = replica?.report();
    if (replica === undefined || before?.role !== 'leader') return then(refused('this peer does not lead the cell'));
    this.#tidy();
    if (this.#open.size + this.#waiting.length >= pinsMax) {
      return then(refused('too many backups read from this peer already'));
    }
    reach(this.#world.log, 'backup/1 wished for');
    const { state } = replica.copy;
    const { timeMs } = state;
    // What was committed is acknowledged before each of its cells has heard so (TX-10).
    const attempt = (): boolean => {
      if (replica.report().role !== 'leader') then(refused(hasChanged));
      else if (!state.isDecidedUpTo(timeMs)) return false;
      else this.#take(replica, before, then);
      return true;
    };
    if (!attempt()) this.#waiting.push(attempt);
  }

  #take(replica: Replica, before: CellReport, then: (reply: PinReply) => void): void {
    replica.copy.checkpointer.demand((timeMs, index) => {
      const after = replica.report();
      if (!this.#ledOn(before, after)) return then(refused(hasChanged));
      const { cell, from, to, epoch } = after;
      const pin = new Pin(
        { cell, from, to, epoch, index, timeMs },
        this.#world.storage.snapshot(),
        replica.copy.shelf,
        this.#world,
      );
      this.#open.add(pin);
      reach(this.#world.log, 'backup/2 pinned');
      then({ kind: 'pinned', pin });
    });
  }

  tick(): void {
    if (this.#waiting.length > 0) this.#waiting = this.#waiting.filter((attempt) => !attempt());
    if (this.#open.size > 0) this.#tidy();
  }

  close(): void {
    for (const pin of this.#open) pin.close();
  }

  /** Whether nobody else can have led meanwhile. */
  #ledOn(before: CellReport, after: CellReport): boolean {
    const isSame = after.epoch === before.epoch && after.ballot.n === before.ballot.n;
    const isHeard = this.#needsLease ? after.hasLease : (after.survivesFailures ?? -1) >= 0;
    return after.role === 'leader' && isSame && isHeard;
  }

  #tidy(): void {
    for (const pin of this.#open) {
      if (pin.isForgotten) pin.close();
      if (!pin.isOpen) this.#open.delete(pin);
    }
  }
}

const hasChanged = 'the cell was changing its leader or its members';

function refused(reason: string): PinReply {
  return { kind: 'refused', reason };
}
