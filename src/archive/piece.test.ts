import { describe, expect, test } from 'vitest';
import { bytesOfText, concatBytes, type Result } from '../base/index.ts';
import { type Piece, PieceReader, PieceWriter } from './index.ts';

const cell = { cell: '1', from: '', to: undefined, epoch: 3, index: 40, timeMs: 1_700_000_000_000.5 };
const rows = ['apple', 'kiwi', 'plum'].map((key, i) => ({
  key,
  value: bytesOfText(`a ${key}`.repeat(i * 50)),
  expiresAtMs: i === 1 ? 1_800_000_000_000 : undefined,
}));
const pieces: readonly Piece[] = [
  { kind: 'system', systemId: 'ab', createdMs: 5, version: '1' },
  { kind: 'cell', cell },
  { kind: 'rows', rows: rows.slice(0, 2) },
  { kind: 'rows', rows: rows.slice(2) },
  { kind: 'cellEnd', cell: '1', keys: 3 },
  { kind: 'end', cells: 1, keys: 3, bytes: 100 },
];

function written(): readonly Uint8Array[] {
  const writer = new PieceWriter();
  return pieces.map((piece) => writer.write(piece));
}

/** What is read of a stream that comes in chunks of a size: the pieces, and what was wrong behind them. */
function readAll(stream: Uint8Array, chunkBytes: number): { found: Piece[]; error: string | undefined; rest: number } {
  const reader = new PieceReader();
  const found: Piece[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) {
    reader.add(stream.subarray(at, at + chunkBytes));
    for (;;) {
      const next: Result<Piece | undefined, string> = reader.next();
      if (!next.ok) return { found, error: next.error, rest: reader.remaining };
      if (next.value === undefined) break;
      found.push(next.value);
    }
  }
  return { found, error: undefined, rest: reader.remaining };
}

describe('the pieces of a backup', () => {
  test('are found again, however the stream is cut into chunks', () => {
    const stream = concatBytes(written());
    for (const chunkBytes of [1, 3, 8, 64, 100_000]) {
      expect(readAll(stream, chunkBytes)).toEqual({ found: pieces, error: undefined, rest: 0 });
    }
  });

  test('are refused where any bit of them turned', () => {
    const stream = concatBytes(written());
    for (let at = 0; at < stream.length; at++) {
      const damaged = stream.slice();
      damaged[at]! ^= 1 << (at % 8);
      const { found, error, rest } = readAll(damaged, 1_000);
      expect(error !== undefined || rest > 0, `byte ${at}`).toBe(true);
      expect(pieces.slice(0, found.length)).toEqual(found);
    }
  });

  test('are seen not to be all where the stream ends within one', () => {
    const stream = concatBytes(written());
    const { found, rest } = readAll(stream.subarray(0, stream.length - 1), 1_000);
    expect(found).toEqual(pieces.slice(0, -1));
    expect(rest).toBeGreaterThan(0);
  });

  test('are refused where one is missing or two have changed places', () => {
    const parts = written();
    for (const order of [
      [0, 1, 3, 4, 5],
      [0, 1, 3, 2, 4, 5],
    ]) {
      const { found, error } = readAll(concatBytes(order.map((i) => parts[i]!)), 1_000);
      expect(error).toContain('its checksum does not fit');
      expect(found).toEqual(pieces.slice(0, 2));
    }
  });
});
