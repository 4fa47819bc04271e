import { type Bytes, encode, type Key, parse } from '../base/index.ts';
import { type Footprint, type ReservationHolder, type ReservationRow, reservationRow } from '../command/index.ts';
import type { CellRow } from './cellState.ts';

/**
 * Which keys of a cell are reserved, by whom and until which log time. All of it is in the replicated state and changes by the log
 * alone, so no reservation is lost with a leader, and checkpoints, snapshots, splits and merges carry it (TX-22).
 */
export class Reservations {
  readonly #rows = new Map<Key, ReservationRow>();
  /** Log time before which no lease is over. */
  #endMs = Number.POSITIVE_INFINITY;
  /** Keys whose reservations changed since the last checkpoint. */
  readonly #changed = new Set<Key>();

  get isFree(): boolean {
    return this.#rows.size === 0;
  }

  get count(): number {
    return this.#rows.size;
  }

  /** When the next lease may be over; undefined where there is none. */
  get nextEndMs(): number | undefined {
    return this.isFree ? undefined : this.#endMs;
  }

  get(key: Key): ReservationRow | undefined {
    return this.#rows.get(key);
  }

  set(key: Key, row: ReservationRow): void {
    this.#rows.set(key, row);
    this.#changed.add(key);
    for (const { untilMs } of row.holders) this.#endMs = Math.min(this.#endMs, untilMs);
  }

  delete(key: Key): void {
    this.#rows.delete(key);
    this.#changed.add(key);
  }

  /** Whether the holder has the key as it says: for itself alone, or at least shared. */
  isHeld(key: Key, holder: string, isExclusive: boolean): boolean {
    const row = this.#rows.get(key);
    return row !== undefined && (row.isExclusive || !isExclusive) && row.holders.some(({ id }) => id === holder);
  }

  /** One who has reserved what one of these holders is to write: nobody writes what is shared, and nobody else what is not (TX-20). */
  rivalOf(
    { writes, clears }: Pick<Footprint, 'writes' | 'clears'>,
    holders: readonly string[],
  ): ReservationHolder | undefined {
    if (this.isFree) return undefined;
    if (clears) for (const { holders: all } of this.#rows.values()) return all[0];
    for (const key of writes) {
      const row = this.#rows.get(key);
      const [first] = row?.holders ?? [];
      if (row === undefined || first === undefined) continue;
      if (!row.isExclusive || !holders.includes(first.id)) return first;
    }
    return undefined;
  }

  /** Ends the leases that are over by that log time: the keys that were reserved for one alone are returned. */
  sweep(timeMs: number): Key[] {
    if (timeMs < this.#endMs) return [];
    this.#endMs = Number.POSITIVE_INFINITY;
    const free: Key[] = [];
    for (const [key, row] of this.#rows) {
      const holders = row.holders.filter(({ untilMs }) => untilMs > timeMs);
      if (holders.length > 0) {
        if (holders.length < row.holders.length) this.#changed.add(key);
        this.#rows.set(key, { ...row, holders });
        for (const { untilMs } of holders) this.#endMs = Math.min(this.#endMs, untilMs);
        continue;
      }
      this.delete(key);
      if (row.isExclusive) free.push(key);
    }
    return free;
  }

  /** Holds only those of the keys below from now on, and adds the others to the rows of a commit. */
  splitAt(from: Key, prefix: Key, rows: CellRow[]): void {
    for (const [key, row] of this.#rows) {
      if (key < from) continue;
      this.delete(key);
      rows.push({ key: prefix + key, value: encode(reservationRow, row) });
    }
  }

  /** The rows of all of them, for another cell that has them from now on. */
  *rows(prefix: Key): Iterable<CellRow> {
    for (const [key, row] of this.#rows) yield { key: prefix + key, value: encode(reservationRow, row) };
  }

  /** The rows of what changed since the last call; undefined for what is free again. */
  freeze(prefix: Key, rows: CellRow[]): void {
    for (const key of this.#changed) {
      const row = this.#rows.get(key);
      rows.push({ key: prefix + key, value: row === undefined ? undefined : encode(reservationRow, row) });
    }
    this.#changed.clear();
  }

  clear(): void {
    this.#rows.clear();
    this.#changed.clear();
    this.#endMs = Number.POSITIVE_INFINITY;
  }

  /** Takes the reservation of a key from its row; false where the bytes are none. */
  restore(key: Key, row: Bytes): boolean {
    const parsed = parse(reservationRow, row);
    if (!parsed.ok || parsed.value.holders.length === 0) return false;
    this.set(key, parsed.value);
    this.#changed.delete(key);
    return true;
  }
}
