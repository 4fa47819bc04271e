import { assert } from './assert.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

interface Codec {
  readonly write: (writer: Writer, value: never) => void;
  readonly read: (reader: Reader) => unknown;
}

/** What the text of a codec is made from is a name of our own source and nothing else. */
const fieldName = /^[a-zA-Z][a-zA-Z0-9]*$/;

/**
 * The codec of an object with these fields, in their order, and with a `kind` where one is given. It is compiled for its
 * fields, because one loop for all records is slow in each of them: every object that goes through it has another shape.
 */
export function recordCodec(names: readonly string[], codecs: readonly Codec[], kind?: string): Codec {
  for (const name of [...names, kind ?? 'none']) assert(fieldName.test(name), `${name} is no name of a field`);
  const inners = names.map((_, i) => `c${i}`);
  const writes = names.map((name, i) => `c${i}.write(w, v.${name});`);
  const fields = names.map((name, i) => `${name}: c${i}.read(r)`);
  if (kind !== undefined) fields.unshift(`kind: '${kind}'`);
  const body = `return { write: (w, v) => { ${writes.join(' ')} }, read: (r) => ({ ${fields.join(', ')} }) };`;
  return new Function(...inners, body)(...codecs) as Codec;
}
