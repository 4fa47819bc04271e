import { failure, type Result, success } from '../base/index.ts';
import { keyBytesMax, valueBytesMax } from '../state/index.ts';
import { bytesOfElements, type CollectionRow } from './collectionRow.ts';
import { elementFields, parseElements, spelledElements } from './jsonElements.ts';

/** A key with its value, or some of its elements; the expiry in milliseconds since 1970, where it has one. */
export type Row = PlainRow | CollectionRow;

export interface PlainRow {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly expiresAtMs: number | undefined;
}

const fields = ['key', 'key64', 'value', 'value64', ...elementFields, 'at', 'expiresAtMs'];

/** Whether it is the first row of its key. */
export function isFirst(row: Row): boolean {
  return !('of' in row) || row.at === 0;
}

export function bytesOfRow(row: Row): number {
  return 'of' in row ? bytesOfElements(row) : row.key.length + row.value.length;
}

/** One line of JSON, without its end. What is no text in UTF-8 is written in base64, under another name. */
export function jsonLineOf(row: Row): string {
  const { expiresAtMs } = row;
  const content = 'of' in row ? spelledElements(row) : spelled('value', row.value);
  return JSON.stringify({ ...spelled('key', row.key), ...content, expiresAtMs });
}

/** The row that a line says, or what is wrong with it. */
export function parseJsonLine(line: string): Result<Row, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (error) {
    return failure(`it is no JSON (${(error as Error).message})`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return failure('it is no JSON object');
  const named = parsed as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(named).find((name) => !fields.includes(name));
  if (unknown !== undefined) return failure(`there is no field ${unknown}: there are ${fields.join(', ')}`);
  const key = bytesOf(named, 'key', keyBytesMax);
  if (!key.ok) return key;
  const content = contentOf(named);
  if (!content.ok) return content;
  const { expiresAtMs } = named;
  if (expiresAtMs !== undefined && !(Number.isSafeInteger(expiresAtMs) && Number(expiresAtMs) >= 0)) {
    return failure('expiresAtMs must be a whole number of milliseconds since 1970');
  }
  return success({ key: key.value, ...content.value, expiresAtMs: expiresAtMs as number | undefined });
}

type Content = Pick<PlainRow, 'value'> | Pick<CollectionRow, 'of' | 'at' | 'elements'>;

function contentOf(named: Readonly<Record<string, unknown>>): Result<Content, string> {
  const field = elementFields.find((name) => named[name] !== undefined);
  if (field !== undefined) return parseElements(field, named);
  const value = bytesOf(named, 'value', valueBytesMax);
  return value.ok ? success({ value: value.value }) : value;
}

function spelled(name: string, bytes: Buffer): Readonly<Record<string, string>> {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? { [name]: text } : { [`${name}64`]: bytes.toString('base64') };
}

function bytesOf(named: Readonly<Record<string, unknown>>, name: string, bytesMax: number): Result<Buffer, string> {
  const [text, base64] = [named[name], named[`${name}64`]];
  if ((text === undefined) === (base64 === undefined)) return failure(`it needs ${name} or ${name}64, one of the two`);
  if (typeof (text ?? base64) !== 'string') return failure(`${name} must be a text`);
  if (base64 !== undefined && !/^[A-Za-z0-9+/]*={0,2}$/.test(base64 as string)) {
    return failure(`${name}64 is no base64`);
  }
  const bytes = text === undefined ? Buffer.from(base64 as string, 'base64') : Buffer.from(text as string);
  if (bytes.length > bytesMax) return failure(`its ${name} has ${bytes.length} bytes, and ${bytesMax} are allowed`);
  return success(bytes);
}
