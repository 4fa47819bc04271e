import { drain, openSource, type SourceFlags } from './archiveSource.ts';
import { bytesOf, summary } from './backup.ts';
import { bytesOfElements } from './collectionRow.ts';
import { FileSink } from './fileSink.ts';
import { jsonLineOf } from './jsonLine.ts';
import { rowsIn } from './pieceRows.ts';
import { Progress } from './progress.ts';

/** Writes all that the system holds as lines of JSON, for other programs to read. */
export async function exportLines(path: string, flags: SourceFlags): Promise<void> {
  const sink = await FileSink.open(path);
  const progress = new Progress('Exported');
  try {
    const source = await openSource(flags);
    let before: Promise<void> = Promise.resolve();
    await drain(source, (piece) => {
      const rows = rowsIn(piece);
      if (rows.length === 0) return before;
      if (piece.kind === 'rows') progress.add(piece.rows.length, bytesOf(piece.rows));
      if (piece.kind === 'elements') progress.add(piece.at === 0 ? 1 : 0, bytesOfElements(piece));
      const lines = rows.map((row) => `${jsonLineOf(row)}\n`);
      before = before.then(() => sink.write(Buffer.from(lines.join(''))));
      return before;
    });
    await sink.finish();
    progress.end();
    console.error(summary('Exported', path, source, progress));
  } catch (thrown) {
    progress.end();
    await sink.abandon();
    throw thrown;
  }
}
