import { archiveMagics, type Piece, PieceReader } from '../archive/index.ts';
import { Exit } from './exit.ts';
import type { FileSource } from './fileSource.ts';

const magicLength = archiveMagics[0].length;

/** What a backup says of itself. */
export interface Contents {
  readonly systemId: string;
  readonly createdMs: number;
  readonly cells: number;
  readonly keys: number;
  readonly bytes: number;
}

/** Reads a whole backup and says what is in it; refuses one that is damaged, cut off, or none at all. */
export async function verify(source: FileSource): Promise<Contents> {
  let system: Extract<Piece, { kind: 'system' }> | undefined;
  let end: Extract<Piece, { kind: 'end' }> | undefined;
  let keys = 0;
  let cells = 0;
  for await (const piece of piecesOf(source)) {
    if (end !== undefined || (system === undefined) !== (piece.kind === 'system'))
      throw refusal(source, 'is no backup');
    if (piece.kind === 'system') system = piece;
    if (piece.kind === 'rows') keys += piece.rows.length;
    if (piece.kind === 'elements' && piece.at === 0) keys++;
    if (piece.kind === 'cellEnd') cells++;
    if (piece.kind === 'end') end = piece;
  }
  if (system === undefined || end === undefined) throw refusal(source, 'is cut off: its end is missing');
  if (end.keys !== keys || end.cells !== cells) throw refusal(source, 'is damaged: it does not hold what it says');
  const { systemId, createdMs } = system;
  return { systemId, createdMs, cells, keys, bytes: end.bytes };
}

/** The pieces of a backup, in their order. */
export async function* piecesOf(source: FileSource): AsyncGenerator<Piece> {
  const reader = new PieceReader();
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of source.chunks()) {
    if (head === undefined) reader.add(chunk);
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length < magicLength) continue;
      checkMagic(source, head);
      reader.add(head.subarray(magicLength));
      head = undefined;
    }
    for (;;) {
      const next = reader.next();
      if (!next.ok) throw refusal(source, `is damaged: ${next.error}`);
      if (next.value === undefined) break;
      yield next.value;
    }
  }
  if (head !== undefined) throw refusal(source, 'is no backup');
  if (reader.remaining > 0) throw refusal(source, 'is cut off in the middle of a piece');
}

function checkMagic(source: FileSource, head: Buffer): void {
  const given = head.toString('latin1', 0, magicLength);
  if (archiveMagics.some((magic) => magic === given)) return;
  const words = /^selfman backup (\d+)\n/.exec(head.toString('latin1', 0, 40));
  if (words === null) throw refusal(source, 'is no backup');
  throw new Exit(
    1,
    `${source.name} has format ${words[1]}, which this version cannot read: restore it with a later one.`,
  );
}

function refusal(source: FileSource, what: string): Exit {
  return new Exit(1, `${source.name} ${what}. Nothing was written: use another backup.`);
}
