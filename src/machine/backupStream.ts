import { type Piece, PieceWriter, pieceBytesGoal } from '../archive/index.ts';
import type { Pin } from '../store/index.ts';
import { backupRowsMax } from './limits.ts';

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
    if (page.rows.length > 0) yield { kind: 'rows', rows: page.rows };
  }
  pin.close();
  yield { kind: 'cellEnd', cell, keys };
}
