import { drain, openSource, type SourceFlags } from './archiveSource.ts';
import { bytesOf, summary } from './backup.ts';
import { FileSink } from './fileSink.ts';
import { jsonLineOf } from './jsonLine.ts';
import { Progress } from './progress.ts';

/** Writes all that the system holds as lines of JSON, for other programs to read. */
export async function exportLines(path: string, flags: SourceFlags): Promise<void> {
  const sink = await FileSink.open(path);
  const progress = new Progress('Exported');
  try {
    const source = await openSource(flags);
    let before: Promise<void> = Promise.resolve();
    await drain(source, (piece) => {
      if (piece.kind !== 'rows') return before;
      progress.add(piece.rows.length, bytesOf(piece.rows));
      const lines = piece.rows.map(
        ({ key, value, expiresAtMs }) =>
          `${jsonLineOf({ key: Buffer.from(key, 'latin1'), value: Buffer.from(value), expiresAtMs })}\n`,
      );
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
