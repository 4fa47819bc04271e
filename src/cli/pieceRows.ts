import type { Piece } from '../archive/index.ts';
import type { Row } from './jsonLine.ts';

/** The rows of a piece as programs write them that know nothing of pieces. */
export function rowsIn(piece: Piece): readonly Row[] {
  if (piece.kind === 'elements') {
    const elements = piece.elements.map(({ name, value }) => ({ name: bytesOf(name), value: Buffer.from(value) }));
    return [{ key: bytesOf(piece.key), of: piece.of, at: piece.at, elements, expiresAtMs: piece.expiresAtMs }];
  }
  if (piece.kind !== 'rows') return [];
  return piece.rows.map(({ key, value, expiresAtMs }) => ({
    key: bytesOf(key),
    value: Buffer.from(value),
    expiresAtMs,
  }));
}

function bytesOf(key: string): Buffer {
  return Buffer.from(key, 'latin1');
}
