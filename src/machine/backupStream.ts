import { type Piece, PieceWriter, pieceBytesGoal } from '../archive/index.ts';
import type { Pin, PinnedRow } from '../cell/index.ts';
import { backupElementsMax, backupRowsMax } from './limits.ts';

/**
 * The pieces of one pinned cell as a stream: a page is read when the one before it has gone, so that memory holds one.
 * A stream that breaks off without its `cellEnd` is not whole.
 */
export function backupStream(pin: Pin): ReadableStream<Uint8Array> {
  const writer = new PieceWriter();
  const pieces = piecesOf(pin);
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = pieces.next();
      if (done) controller.close();
      else controller.enqueue(writer.write(value));
    },
    cancel: () => pin.close(),
  });
}

function* elementsOf(pin: Pin, { key, kind, expiresAtMs }: PinnedRow): Generator<Piece, void> {
  if (kind === 'plain') return;
  let at = 0;
  for (let last: string | undefined, more = true; more; ) {
    const page = pin.readElements(key, kind, last, { rowsMax: backupElementsMax, bytesMax: pieceBytesGoal });
    if (typeof page === 'string') throw new Error(`cell ${pin.at.cell} cannot be read to its end: it is ${page}`);
    const { elements } = page;
    ({ last, more } = page);
    if (elements.length > 0) yield { kind: 'elements', key, of: kind, at, elements, expiresAtMs };
    at += elements.length;
  }
}

function* piecesOf(pin: Pin): Generator<Piece, void> {
  const { cell } = pin.at;
  yield { kind: 'cell', cell: pin.at };
  let keys = 0;
  for (let last: string | undefined, more = true; more; ) {
    const page = pin.read(last, { rowsMax: backupRowsMax, bytesMax: pieceBytesGoal });
    // Whoever reads the stream sees that it broke off, and why is in the log of this peer where it was damage.
    if (typeof page === 'string') throw new Error(`cell ${cell} cannot be read to its end: it is ${page}`);
    keys += page.rows.length;
    ({ last, more } = page);
    const plain = page.rows.filter(({ kind }) => kind === 'plain');
    if (plain.length > 0) yield { kind: 'rows', rows: plain };
    for (const row of page.rows) yield* elementsOf(pin, row);
  }
  pin.close();
  yield { kind: 'cellEnd', cell, keys };
}
