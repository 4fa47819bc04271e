import { type Bytes, checksum, failure, parse, type Result, success } from '../base/index.ts';
import { pieceBytesMax } from './limits.ts';
import { type Piece, piece, pieceHeaderBytes } from './piece.ts';

/** Finds pieces again in the chunks of a stream, and refuses what was changed on the way. */
export class PieceReader {
  #chunks: Bytes[] = [];
  #length = 0;
  #chain = 0;
  /** Where the next piece begins, counted from the first. */
  #at = 0;

  add(chunk: Bytes): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** Bytes of a piece that is not whole yet: none where the stream ended well. */
  get remaining(): number {
    return this.#length;
  }

  /** The next piece, whose values are views; undefined where more of the stream must come first. */
  next(): Result<Piece | undefined, string> {
    if (this.#length < pieceHeaderBytes) return success(undefined);
    const head = this.#joined(pieceHeaderBytes);
    const header = new DataView(head.buffer, head.byteOffset);
    const length = header.getUint32(0);
    if (length > pieceBytesMax) return failure(`the piece at byte ${this.#at} is damaged: its length cannot be`);
    if (this.#length < pieceHeaderBytes + length) return success(undefined);
    const whole = this.#joined(pieceHeaderBytes + length);
    const body = whole.subarray(pieceHeaderBytes, pieceHeaderBytes + length);
    this.#chain = checksum(body, this.#chain);
    const isSame = new DataView(whole.buffer, whole.byteOffset).getUint32(4) === this.#chain;
    const parsed = isSame ? parse(piece, body) : undefined;
    if (!parsed?.ok) return failure(`the piece at byte ${this.#at} is damaged: its checksum does not fit`);
    this.#chunks[0] = whole.subarray(pieceHeaderBytes + length);
    this.#length -= pieceHeaderBytes + length;
    this.#at += pieceHeaderBytes + length;
    return success(parsed.value);
  }

  /** Makes the first chunk at least so long, and gives it. */
  #joined(length: number): Bytes {
    const first = this.#chunks[0]!;
    if (first.length >= length) return first;
    let gathered = 0;
    let count = 0;
    while (gathered < length) gathered += this.#chunks[count++]!.length;
    const joined = new Uint8Array(gathered);
    let at = 0;
    for (const chunk of this.#chunks.splice(0, count)) {
      joined.set(chunk, at);
      at += chunk.length;
    }
    this.#chunks.unshift(joined);
    return joined;
  }
}
