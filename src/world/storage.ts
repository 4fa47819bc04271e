import type { Bytes, Key, Range } from '../base/index.ts';
import { event, port } from '../component/index.ts';

/** A position in the journal: the end of a record. It grows with every append, also over restarts. */
export type JournalPosition = number;

/** A key and its value. */
export interface Row {
  readonly key: Key;
  readonly value: Bytes;
}

/** Changes that happen together or not at all. Deletions of ranges come first, then the rows (undefined deletes). */
export interface Batch {
  readonly clear: readonly Range[];
  readonly rows: readonly { readonly key: Key; readonly value: Bytes | undefined }[];
}

/** Where a scan ends: before the row that would pass either limit. The first row always comes. */
export interface ScanLimit {
  readonly rowsMax: number;
  /** Of keys and values together. */
  readonly bytesMax: number;
}

/** Rows of a range in their order. */
export interface Scan {
  readonly rows: readonly Row[];
  /** True when the limit ended the scan: go on behind the last row. */
  readonly more: boolean;
}

/** A state that stands still while others commit. Close it: it pins the pages of its state. */
export interface Snapshot {
  scan(range: Range, limit: ScanLimit): Scan | 'damaged';
  close(): void;
}

/** A record of the journal, as it is read again. */
export interface JournalRecord {
  /** The end of the record, as `append` returned it. */
  readonly position: JournalPosition;
  readonly bytes: Bytes;
}

/** What was found when the folder was opened. */
export interface Recovery {
  /**
   * The good records in the order of their appends; those behind damage are included. Space goes in whole pieces, so
   * some records that were trimmed may still be among them: skip what is needed no more.
   */
  readonly records: readonly JournalRecord[];
  /**
   * Where the last bad record that stands before a good one ends; 0 where there is none. Something that was synced is
   * gone there. A torn end is no damage: it was never synced.
   */
  readonly damagedUpTo: JournalPosition;
}

/**
 * One disk of one peer: a journal, which is the truth, and an ordered engine for the state behind it. Reads answer
 * from the last commit that was indicated. Every record and row carries a checksum.
 */
export interface Storage {
  /** Adds a record. Records of a turn are written together and synced with one call; `Durability.durable` follows. */
  append(record: Bytes): JournalPosition;
  /** The end of what was appended so far. */
  readonly end: JournalPosition;
  /** Records that end at or before the position are needed no more: their space may go. */
  trim(upTo: JournalPosition): void;
  /** Takes what was found at opening; the second call finds nothing. */
  recover(): Recovery;

  /** The row's value; 'damaged' where its checksum does not fit. */
  get(key: Key): Bytes | undefined | 'damaged';
  /** Rows of the range in order; 'damaged' where the checksum of any does not fit. */
  scan(range: Range, limit: ScanLimit): Scan | 'damaged';
  /** The same from the last row down. */
  scanDown(range: Range, limit: ScanLimit): Scan | 'damaged';
  /** Applies a batch atomically and syncs it; `Durability.committed` follows with the ticket. Commits keep their order. */
  commit(batch: Batch): number;
  /** The state of the last commit that was indicated. */
  snapshot(): Snapshot;
  /** Bytes that the journal and the engine take on the disk. */
  sizeBytes(): { readonly journalBytes: number; readonly engineBytes: number };
}

/** What the disk has made safe. */
export const Durability = port('durability', {
  indications: {
    /** Every record that ends at or before the position survives a power loss. */
    durable: event<{ readonly upTo: JournalPosition }>(),
    committed: event<{ readonly ticket: number }>(),
    /** A write or a sync failed. Nothing more is made durable: the peer must stop (and start again). */
    failed: event<{ readonly reason: string }>(),
    /** The disk is full: appends wait and are tried again; `resumed` follows when there is room. */
    full: event<{ readonly reason: string }>(),
    resumed: event<void>(),
  },
});
