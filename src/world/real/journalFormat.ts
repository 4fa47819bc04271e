import { crc32 } from 'node:zlib';
import type { Bytes } from '../../base/index.ts';
import { type JournalPosition, recordBytesMax } from '../index.ts';

/**
 * A record on the disk: length (u32), CRC-32 of all that follows (u32), the position where its group began (f64), bytes.
 * The checksum begins with the length and a salt of the disk, so that no value can pass for a record of its own. A group is what one sync makes safe, and the next is written only after it. So a bad
 * record before a good one of a later group had been synced: damage. Without such a one it is a torn end.
 */
export const recordHeaderBytes = 16;

export interface FoundRecord {
  readonly start: JournalPosition;
  readonly end: JournalPosition;
  readonly group: JournalPosition;
  readonly bytes: Bytes;
}

/** What a segment holds: its good records, and whether something else stands behind the last of them. */
export interface FoundSegment {
  readonly records: readonly FoundRecord[];
  readonly hasGarbage: boolean;
}

/** Writes a record and returns the offset behind it. */
export function writeRecord(
  target: Uint8Array,
  at: number,
  group: JournalPosition,
  record: Bytes,
  salt: number,
): number {
  const view = new DataView(target.buffer, target.byteOffset);
  const end = at + recordHeaderBytes + record.length;
  view.setUint32(at, record.length, true);
  view.setFloat64(at + 8, group, true);
  target.set(record, at + recordHeaderBytes);
  view.setUint32(at + 4, crc32(target.subarray(at + 8, end), (record.length ^ salt) >>> 0), true);
  return end;
}

/** All good records of a segment that begins at `start`, also those behind bad bytes. */
export function scanSegment(segment: Bytes, start: JournalPosition, salt: number): FoundSegment {
  const view = new DataView(segment.buffer, segment.byteOffset, segment.length);
  const records: FoundRecord[] = [];
  let at = 0;
  let garbageFrom: number | undefined;
  while (at < segment.length) {
    const record = readRecord(segment, view, at, start, salt);
    if (record !== undefined) {
      records.push(record);
      at = record.end - start;
      garbageFrom = undefined;
      continue;
    }
    garbageFrom ??= at;
    const next = nextNonZero(segment, at + 1);
    // A header may begin with zeros, as that of an empty record does: look a few bytes before what is not zero.
    at = Math.max(at + 1, next - 7);
    if (next === segment.length) break;
  }
  return { records, hasGarbage: garbageFrom !== undefined && nextNonZero(segment, garbageFrom) < segment.length };
}

function readRecord(
  segment: Bytes,
  view: DataView,
  at: number,
  start: JournalPosition,
  salt: number,
): FoundRecord | undefined {
  if (at + recordHeaderBytes > segment.length) return undefined;
  const length = view.getUint32(at, true);
  const end = at + recordHeaderBytes + length;
  if (length > recordBytesMax || end > segment.length) return undefined;
  const group = view.getFloat64(at + 8, true);
  if (!(group >= start && group <= start + at)) return undefined;
  if (crc32(segment.subarray(at + 8, end), (length ^ salt) >>> 0) !== view.getUint32(at + 4, true)) return undefined;
  return { start: start + at, end: start + end, group, bytes: segment.slice(at + recordHeaderBytes, end) };
}

function nextNonZero(bytes: Bytes, from: number): number {
  for (let at = from; at < bytes.length; at++) if (bytes[at] !== 0) return at;
  return bytes.length;
}
