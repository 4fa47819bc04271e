import { type Bytes, type Key, keyOfBytes } from '../base/index.ts';

const scoreLength = 8;
const eight = new Uint8Array(scoreLength);
const view = new DataView(eight.buffer);

/**
 * A score as eight bytes that sort as scores do, from -inf to +inf: of a double the highest bit is turned over, and below zero all
 * others too. Zero has no sign here, so that one score has one form.
 */
export function bytesOfScore(score: number): Bytes {
  fill(score);
  return eight.slice();
}

/** The same, as a part of a row. */
export function spelledScore(score: number): Key {
  fill(score);
  return keyOfBytes(eight);
}

/** Undefined where the bytes are no score. */
export function scoreOf(bytes: Bytes): number | undefined {
  if (bytes.length !== scoreLength) return undefined;
  for (let i = 0; i < scoreLength; i++) eight[i] = bytes[i]!;
  return read();
}

/** The score that a row begins with; undefined where it begins otherwise. */
export function scoreBefore(row: Key): number | undefined {
  if (row.length < scoreLength) return undefined;
  for (let i = 0; i < scoreLength; i++) eight[i] = row.charCodeAt(i);
  return read();
}

/** Behind the score that begins a row. */
export function behindScore(row: Key): Key {
  return row.slice(scoreLength);
}

function read(): number | undefined {
  if (eight[0]! >= 0x80) eight[0]! &= 0x7f;
  else for (let i = 0; i < scoreLength; i++) eight[i]! ^= 0xff;
  const score = view.getFloat64(0);
  return Number.isNaN(score) ? undefined : score;
}

function fill(score: number): void {
  view.setFloat64(0, score === 0 ? 0 : score);
  if (eight[0]! < 0x80) eight[0]! |= 0x80;
  else for (let i = 0; i < scoreLength; i++) eight[i]! ^= 0xff;
}
