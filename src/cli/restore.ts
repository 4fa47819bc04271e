import { type Contents, piecesOf, verify } from './archiveFile.ts';
import { FileSource } from './fileSource.ts';
import { type FillingFlags, fill, filledWords } from './filling.ts';
import type { Row } from './jsonLine.ts';
import { rowsIn } from './pieceRows.ts';

/** Brings back what a backup holds, once all of it is known to be sound. */
export async function restore(path: string, flags: FillingFlags): Promise<void> {
  const source = await FileSource.open(path);
  try {
    const contents = await verify(source);
    console.error(`${source.name} is whole: ${words(contents)}.`);
    const again =
      'If an earlier restore of this backup was cut off, run it again with --into-filled: it begins from the start.';
    const filled = await fill(rowsOf(source), flags, { verb: 'Restored', again });
    console.error(`Restored ${filledWords(filled)}`);
  } finally {
    source.close();
  }
}

function words({ systemId, createdMs, cells, keys }: Contents): string {
  const amount = `${keys} ${keys === 1 ? 'key' : 'keys'} of ${cells} ${cells === 1 ? 'cell' : 'cells'}`;
  return `${amount}, saved from system ${systemId} at ${new Date(createdMs).toISOString()}`;
}

async function* rowsOf(source: FileSource): AsyncGenerator<Row> {
  for await (const piece of piecesOf(source)) {
    yield* rowsIn(piece);
  }
}
