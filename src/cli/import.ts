import { Exit } from './exit.ts';
import { FileSource } from './fileSource.ts';
import { type FillingFlags, fill, filledWords } from './filling.ts';
import { parseJsonLine, type Row } from './jsonLine.ts';

/** No line is longer: the longest value in base64, its key, and what stands around them. */
const lineBytesMax = 32 * 1024 * 1024;
const errorsShownMax = 10;

/** Writes what lines of JSON say into the store, once every line is known to be right. */
export async function importLines(path: string, flags: FillingFlags): Promise<void> {
  const source = await FileSource.open(path);
  try {
    const lines = await verify(source);
    console.error(`${source.name} is right: ${lines} ${lines === 1 ? 'line' : 'lines'}.`);
    const again =
      'If an earlier import of this file was cut off, run it again with --into-filled: it begins from the start.';
    const filled = await fill(rowsOf(source), flags, { verb: 'Imported', again });
    console.error(`Imported ${filledWords(filled)}`);
  } finally {
    source.close();
  }
}

/** Reads every line, and refuses all of them where any is wrong. */
async function verify(source: FileSource): Promise<number> {
  const errors: string[] = [];
  let wrong = 0;
  let count = 0;
  for await (const { number, text } of linesOf(source)) {
    count++;
    const parsed = parseJsonLine(text);
    if (parsed.ok) continue;
    if (wrong++ < errorsShownMax) errors.push(`line ${number}: ${parsed.error}`);
  }
  if (wrong === 0) return count;
  const more = wrong > errors.length ? [`and ${wrong - errors.length} more.`] : [];
  const head = `${source.name} has ${wrong} ${wrong === 1 ? 'line that is' : 'lines that are'} wrong. Nothing was written: mend this first.`;
  throw new Exit(1, [head, ...errors, ...more].join('\n'));
}

async function* rowsOf(source: FileSource): AsyncGenerator<Row> {
  for await (const { number, text } of linesOf(source)) {
    const parsed = parseJsonLine(text);
    if (!parsed.ok) throw new Exit(1, `${source.name} was changed while it was read, at line ${number}.`);
    yield parsed.value;
  }
}

/** The lines that hold something, with their numbers. */
async function* linesOf(source: FileSource): AsyncGenerator<{ readonly number: number; readonly text: string }> {
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source.chunks()) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      number++;
      const text = bytes.toString('utf8', at, end).trim();
      at = end + 1;
      if (text !== '') yield { number, text };
    }
    rest = bytes.subarray(at);
    if (rest.length > lineBytesMax)
      throw new Exit(1, `Line ${number + 1} of ${source.name} is longer than a line can be.`);
  }
  const text = rest.toString('utf8').trim();
  if (text !== '') yield { number: number + 1, text };
}
