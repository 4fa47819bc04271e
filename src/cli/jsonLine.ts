import { failure, type Result, success } from '../base/index.ts';
import { keyBytesMax, valueBytesMax } from '../store/index.ts';

/** A key with its value; the expiry in milliseconds since 1970, where it has one. */
export interface Row {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly expiresAtMs: number | undefined;
}

const fields = ['key', 'key64', 'value', 'value64', 'expiresAtMs'];

/** One line of JSON, without its end. What is no text in UTF-8 is written in base64, under another name. */
export function jsonLineOf({ key, value, expiresAtMs }: Row): string {
  return JSON.stringify({ ...spelled('key', key), ...spelled('value', value), expiresAtMs });
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
  const value = bytesOf(named, 'value', valueBytesMax);
  if (!value.ok) return value;
  const { expiresAtMs } = named;
  if (expiresAtMs !== undefined && !(Number.isSafeInteger(expiresAtMs) && Number(expiresAtMs) >= 0)) {
    return failure('expiresAtMs must be a whole number of milliseconds since 1970');
  }
  return success({ key: key.value, value: value.value, expiresAtMs: expiresAtMs as number | undefined });
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
