import { archiveMagic, type Piece, PieceWriter } from '../archive/index.ts';
import { version } from '../machine/index.ts';
import { drain, openSource, type Source, type SourceFlags } from './archiveSource.ts';
import { bytesOfElements } from './collectionRow.ts';
import { FileSink } from './fileSink.ts';
import { Progress } from './progress.ts';

/** Writes all that the system holds into a file, or to standard output, while it serves. */
export async function backup(path: string, flags: SourceFlags): Promise<void> {
  const sink = await FileSink.open(path);
  const progress = new Progress('Saved');
  try {
    const source = await openSource(flags);
    await save(source, sink, progress);
    await sink.finish();
    progress.end();
    console.error(summary('Saved', path, source, progress));
  } catch (thrown) {
    progress.end();
    await sink.abandon();
    throw thrown;
  }
}

async function save(source: Source, sink: FileSink, progress: Progress): Promise<void> {
  const writer = new PieceWriter();
  const put = (piece: Piece): Promise<void> => sink.write(writer.write(piece));
  await sink.write(Buffer.from(archiveMagic));
  await put({ kind: 'system', systemId: source.systemId, createdMs: Date.now(), version });
  for (const { cell } of source.cells) await put({ kind: 'cell', cell });
  let before: Promise<void> = Promise.resolve();
  await drain(source, (piece) => {
    if (piece.kind === 'rows') progress.add(piece.rows.length, bytesOf(piece.rows));
    if (piece.kind === 'elements') progress.add(piece.at === 0 ? 1 : 0, bytesOfElements(piece));
    // One after the other: the checksum of each piece goes on from the one before it.
    before = before.then(() => put(piece));
    return before;
  });
  await put({ kind: 'end', cells: source.cells.length, keys: progress.keys, bytes: progress.bytes });
}

export function bytesOf(rows: readonly { readonly key: string; readonly value: Uint8Array }[]): number {
  return rows.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
}

/** What a backup or an export came to, and what it is a picture of. */
export function summary(verb: string, path: string, { cells, spreadMs }: Source, progress: Progress): string {
  const where = path === '-' ? 'standard output' : path;
  const moment =
    cells.length === 1
      ? 'It is the store as it was at one moment.'
      : `Each of the ${cells.length} cells is as it was at one moment; these lie within ${Math.ceil(spreadMs)} ms of each other.`;
  return `${verb} ${progress.amount} to ${where} in ${progress.seconds}. ${moment}`;
}
