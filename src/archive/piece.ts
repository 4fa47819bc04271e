import {
  type Bytes,
  bytes,
  checksum,
  encode,
  f64,
  type Infer,
  key,
  list,
  optional,
  record,
  text,
  union,
  variant,
  varint,
  word,
} from '../base/index.ts';

/** Of which cell, up to where in its log, and at which log time. */
export const archivedCell = record({
  cell: text,
  from: key,
  to: optional(key),
  epoch: varint,
  index: varint,
  timeMs: f64,
});
export type ArchivedCell = Infer<typeof archivedCell>;

/** What a backup is made of, in this order: one `system`, pieces of cells in any order among each other, one `end`. */
export const piece = union({
  system: variant(1, { systemId: text, createdMs: f64, version: text }),
  cell: variant(2, { cell: archivedCell }),
  rows: variant(3, { rows: list(record({ key, value: bytes, expiresAtMs: optional(f64) })) }),
  /** All of one cell has come: so many keys. */
  cellEnd: variant(4, { cell: text, keys: varint }),
  /** All has come: so many cells, keys, and bytes of keys and values. */
  end: variant(5, { cells: varint, keys: varint, bytes: varint }),
  /** Some of the elements of a collection, `at` of which came before: a key counts with the first of them. */
  elements: variant(6, {
    key,
    of: word(['set', 'hash', 'list', 'sortedSet']),
    at: varint,
    elements: list(record({ name: key, value: bytes })),
    expiresAtMs: optional(f64),
  }),
});
export type Piece = Infer<typeof piece>;

/** Length and checksum. */
export const pieceHeaderBytes = 8;

/**
 * Puts pieces into bytes. The checksum of each goes on from that of the one before, so that a piece that is missing or
 * at another place is found out like one that was changed.
 */
export class PieceWriter {
  #chain = 0;

  write(one: Piece): Bytes {
    const body = encode(piece, one);
    this.#chain = checksum(body, this.#chain);
    const whole = new Uint8Array(pieceHeaderBytes + body.length);
    const header = new DataView(whole.buffer);
    header.setUint32(0, body.length);
    header.setUint32(4, this.#chain);
    whole.set(body, pieceHeaderBytes);
    return whole;
  }
}
