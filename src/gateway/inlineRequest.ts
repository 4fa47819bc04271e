import type { Bytes } from '../base/index.ts';

const space = 0x20;
const doubleQuote = 0x22;
const singleQuote = 0x27;
const backslash = 0x5c;

const escapes: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, b: 0x08, a: 0x07 };

/** The arguments of a line as people type it, or undefined where its quotes do not fit together. */
export interface Line {
  readonly bytes: Bytes;
  /** Begin and end of each argument in `bytes`. */
  readonly spans: number[];
}

/**
 * Splits a line into arguments as Redis does: separated by white space; "..." knows \n \r \t \b \a \xHH and \ before
 * any other character; '...' knows \' alone; a closing quote is followed by white space or by the end.
 */
export function splitLine(line: Bytes): Line | undefined {
  const bytes = new Uint8Array(line.length);
  const spans: number[] = [];
  let at = 0;
  let length = 0;
  for (;;) {
    while (at < line.length && isSpace(line[at]!)) at++;
    if (at >= line.length) return { bytes, spans };
    const start = length;
    while (at < line.length && !isSpace(line[at]!)) {
      const quote = line[at]!;
      if (quote !== doubleQuote && quote !== singleQuote) {
        bytes[length++] = quote;
        at++;
        continue;
      }
      const quoted =
        quote === doubleQuote ? readDouble(line, at + 1, bytes, length) : readSingle(line, at + 1, bytes, length);
      if (quoted === undefined) return undefined;
      [at, length] = quoted;
      if (at < line.length && !isSpace(line[at]!)) return undefined;
    }
    spans.push(start, length);
  }
}

/** Both answer where they stopped reading and writing, or undefined where no quote closes. */
function readDouble(line: Bytes, from: number, into: Uint8Array, writeAt: number): [number, number] | undefined {
  let at = from;
  let length = writeAt;
  while (at < line.length) {
    const byte = line[at]!;
    if (byte === doubleQuote) return [at + 1, length];
    if (byte !== backslash || at + 1 >= line.length) {
      into[length++] = byte;
      at++;
      continue;
    }
    const hex = line[at + 1] === 0x78 ? hexByte(line, at + 2) : undefined;
    const code = line[at + 1]!;
    into[length++] = hex ?? escapes[String.fromCharCode(code)] ?? code;
    at += hex === undefined ? 2 : 4;
  }
  return undefined;
}

function readSingle(line: Bytes, from: number, into: Uint8Array, writeAt: number): [number, number] | undefined {
  let at = from;
  let length = writeAt;
  while (at < line.length) {
    if (line[at] === singleQuote) return [at + 1, length];
    if (line[at] === backslash && line[at + 1] === singleQuote) at++;
    into[length++] = line[at++]!;
  }
  return undefined;
}

function hexByte(line: Bytes, at: number): number | undefined {
  const high = hexDigit(line[at]);
  const low = hexDigit(line[at + 1]);
  return high === undefined || low === undefined ? undefined : high * 16 + low;
}

function hexDigit(code: number | undefined): number | undefined {
  if (code === undefined) return undefined;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : undefined;
}

/** White space as C's `isspace` has it; a zero byte ends an argument too. */
function isSpace(byte: number): boolean {
  return byte === space || (byte >= 0x09 && byte <= 0x0d) || byte === 0;
}
