import { everything, type Random, type Range } from '../../base/index.ts';
import type { JournalPosition, JournalRecord, Recovery } from '../index.ts';
import { SimulatedEngine } from './engine.ts';
import { journalPieceBytes } from './limits.ts';

interface DiskRecord extends JournalRecord {
  isBad: boolean;
}

/** What a record takes beside its bytes: its length, its checksum and the mark of its group. */
export const recordOverheadBytes = 16;

/** The disk of a host: it survives crashes, holds what was synced, and can be made to fail in every way. */
export class SimulatedDisk {
  readonly #random: Random;
  #records: DiskRecord[] = [];
  #end: JournalPosition = 0;
  #incarnation: string;
  #engine = new SimulatedEngine();
  /** No room: appends and commits wait. */
  isFull = false;
  /** The next sync fails, and with it the run of the peer. */
  doSyncsFail = false;
  /** Crashes that cut a write: a part of it, or nothing, is on the disk. */
  tornWrites = 0;
  /** How many times slower than it should be. */
  slowness = 1;

  constructor(random: Random) {
    this.#random = random;
    this.#incarnation = random.hex(16);
  }

  get incarnation(): string {
    return this.#incarnation;
  }

  get engine(): SimulatedEngine {
    return this.#engine;
  }

  get end(): JournalPosition {
    return this.#end;
  }

  get journalBytes(): number {
    return this.#records.reduce((sum, { bytes }) => sum + bytes.length + recordOverheadBytes, 0);
  }

  /** The good records, and where the last bad one ends. */
  read(): Recovery {
    const lastBad = this.#records.findLast(({ isBad }) => isBad);
    return { records: this.#records.filter(({ isBad }) => !isBad), damagedUpTo: lastBad?.position ?? 0 };
  }

  /** Records that are safe from now on. */
  keep(records: readonly JournalRecord[]): void {
    for (const { position, bytes } of records) {
      this.#records.push({ position, bytes, isBad: false });
      this.#end = position;
    }
  }

  /** Gives back the space of whole pieces whose records all end at or before the position. */
  trim(upTo: JournalPosition): void {
    const border = Math.floor(Math.min(upTo, this.#end) / journalPieceBytes) * journalPieceBytes;
    const first = this.#records.findIndex(({ position }) => position > border);
    this.#records.splice(0, first < 0 ? this.#records.length : first);
  }

  /** A bit turns in one of the latest records that has a good one behind it; false where there is none. */
  corruptRecord(latest = Number.POSITIVE_INFINITY): boolean {
    const candidates = this.#records
      .slice(0, -1)
      .filter(({ isBad }) => !isBad)
      .slice(-latest);
    if (candidates.length === 0) return false;
    this.#random.pick(candidates).isBad = true;
    return true;
  }

  /** A bit turns in a row of the range; false where there is none. */
  damageRow(range: Range = everything): boolean {
    const keys = this.#engine.keys(range);
    if (keys.length === 0) return false;
    this.#engine.damage(this.#random.pick(keys));
    return true;
  }

  /** A new, empty disk in its place. */
  wipe(): void {
    this.#records = [];
    this.#end = 0;
    this.#engine = new SimulatedEngine();
    this.#incarnation = this.#random.hex(16);
  }

  /** The faults that last go: it has room, syncs well and is as fast as it should be. Damage stays. */
  heal(): void {
    this.isFull = false;
    this.doSyncsFail = false;
    this.slowness = 1;
  }
}
