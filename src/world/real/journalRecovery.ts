import type { JournalPosition, JournalRecord, Recovery } from '../index.ts';
import type { DiskFiles } from './diskFiles.ts';
import { type FoundRecord, scanSegment } from './journalFormat.ts';

export interface Segment {
  readonly start: JournalPosition;
  readonly sizeBytes: number;
}

/** What the files of a journal hold, made ready to be appended to. */
export interface FoundJournal {
  readonly segments: readonly Segment[];
  readonly end: JournalPosition;
  readonly recovery: Recovery;
}

/** A segment that was made before it was needed: it gets its name when it is. */
export const spareName = 'spare';
const suffix = '.journal';

export function nameOfSegment(start: JournalPosition): string {
  return `${String(start).padStart(16, '0')}${suffix}`;
}

/** Joins the records of the segments, in order, and tells damage from a torn end. */
class Joiner {
  readonly records: JournalRecord[] = [];
  /** Where the next record should begin. */
  next: JournalPosition;
  /** Where something bad stands that may yet turn out to be the torn end. */
  #gap: JournalPosition | undefined;
  /** Where the last damage ends: the start of the good record behind it. */
  damagedUpTo: JournalPosition = 0;

  constructor(start: JournalPosition) {
    this.next = start;
  }

  get isTorn(): boolean {
    return this.#gap !== undefined;
  }

  /** Where the journal goes on: behind the last good record, or where its torn end begins. */
  get end(): JournalPosition {
    return this.#gap ?? this.next;
  }

  add({ start, end, group, bytes }: FoundRecord): void {
    if (start > this.next) this.#gap ??= this.next;
    if (this.#gap !== undefined) {
      // Of one group with what is bad: it was never synced either, and goes with it.
      if (group <= this.#gap) return;
      this.damagedUpTo = start;
      this.#gap = undefined;
    }
    this.records.push({ position: end, bytes });
    this.next = end;
  }

  /** Something stands here that is no record. */
  meetGarbage(): void {
    this.#gap ??= this.next;
  }
}

/** What the files of a journal hold, as they are. */
export interface ReadJournal extends FoundJournal {
  /** Behind `end` stands what was never written whole. */
  readonly isTorn: boolean;
}

/** Reads all segments; a torn end is overwritten with zeros, so that it is never taken for records later. */
export async function findJournal(files: DiskFiles, salt: number): Promise<FoundJournal> {
  const { segments, end, recovery, isTorn } = await readJournal(files, salt);
  return { segments: isTorn ? await cutAt(files, segments, end) : segments, end, recovery };
}

/** Reads all segments and changes nothing. */
export async function readJournal(files: Pick<DiskFiles, 'list' | 'read'>, salt: number): Promise<ReadJournal> {
  const names = (await files.list()).filter((name) => name.endsWith(suffix)).sort();
  const segments: Segment[] = [];
  let joiner: Joiner | undefined;
  for (const name of names) {
    const start = Number.parseInt(name, 10);
    const bytes = await files.read(name);
    segments.push({ start, sizeBytes: bytes.length });
    joiner ??= new Joiner(start);
    const { records, hasGarbage } = scanSegment(bytes, start, salt);
    for (const record of records) joiner.add(record);
    if (hasGarbage) joiner.meetGarbage();
  }
  if (joiner === undefined) return { segments, end: 0, recovery: { records: [], damagedUpTo: 0 }, isTorn: false };
  const { end, isTorn, records, damagedUpTo } = joiner;
  return { segments, end, recovery: { records, damagedUpTo }, isTorn };
}

async function cutAt(files: DiskFiles, segments: readonly Segment[], end: JournalPosition): Promise<Segment[]> {
  const kept: Segment[] = [];
  for (const segment of segments) {
    if (segment.start >= end && kept.length > 0) {
      await files.remove(nameOfSegment(segment.start));
      continue;
    }
    kept.push(segment);
    const from = Math.max(0, end - segment.start);
    if (from >= segment.sizeBytes) continue;
    const file = await files.open(nameOfSegment(segment.start));
    await file.write(new Uint8Array(segment.sizeBytes - from), from);
    await file.sync();
    await file.close();
  }
  return kept;
}
