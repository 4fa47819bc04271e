import type { Bytes } from './bytes.ts';
import { MalformedError, Reader } from './reader.ts';
import { recordCodec } from './recordCodec.ts';
import { failure, type Result, success } from './result.ts';
import { Writer } from './writer.ts';

/**
 * One value declares a record: the TypeScript type, the encoder, the decoder and the validation all follow from it, so
 * they cannot disagree. Wire and disk records are declared with these combinators and with nothing else.
 *
 * Compatibility: the tags of a union are never reused, and fields are never removed or reordered. A record that must
 * change becomes a new variant with a new tag.
 */
export interface Schema<T> {
  readonly write: (writer: Writer, value: T) => void;
  /** Throws MalformedError: call it inside `parse`, or where the bytes are known to be whole. */
  readonly read: (reader: Reader) => T;
}

/** The type of the values that a schema describes. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

const scratch = new Writer();

/** The bytes of a value, as an exact copy. */
export function encode<T>(schema: Schema<T>, value: T): Bytes {
  scratch.reset();
  schema.write(scratch, value);
  return scratch.take();
}

/**
 * The value that bytes hold, or why they hold none: those from `at` up to `end`, which is behind the last. Bytes behind
 * the value are refused.
 */
export function parse<T>(schema: Schema<T>, bytes: Bytes, at = 0, end = bytes.length): Result<T, string> {
  return parseBy(schema, new Reader(bytes, at, end));
}

/** The value that all the bytes of a reader hold, or why they hold none. */
export function parseBy<T>(schema: Schema<T>, reader: Reader): Result<T, string> {
  try {
    const value = schema.read(reader);
    return reader.remaining === 0 ? success(value) : failure(`${reader.remaining} bytes too many`);
  } catch (error) {
    if (error instanceof MalformedError) return failure(error.message);
    throw error;
  }
}

/** No value at all: for events without a payload. It takes no byte. */
export const nothing: Schema<void> = { write: () => {}, read: () => undefined };
/** An integer from 0 to 255, in one byte. */
export const u8: Schema<number> = { write: (w, v) => w.u8(v), read: (r) => r.u8() };
/** An integer from 0 to 65,535, in two bytes. */
export const u16: Schema<number> = { write: (w, v) => w.u16(v), read: (r) => r.u16() };
/** An integer from 0 to 2^32 - 1, in four bytes. */
export const u32: Schema<number> = { write: (w, v) => w.u32(v), read: (r) => r.u32() };
/** A number in double precision, in eight bytes. */
export const f64: Schema<number> = { write: (w, v) => w.f64(v), read: (r) => r.f64() };
/** An integer from -2^63 to 2^63 - 1, in eight bytes. */
export const i64: Schema<bigint> = { write: (w, v) => w.i64(v), read: (r) => r.i64() };
/** An integer from 0 to 2^53 - 1, small when it is small. */
export const varint: Schema<number> = { write: (w, v) => w.varint(v), read: (r) => r.varint() };
/** A text as UTF-8, behind its length in bytes. */
export const text: Schema<string> = { write: (w, v) => w.text(v), read: (r) => r.text() };
/** A key: one character for each byte. */
export const key: Schema<string> = { write: (w, v) => w.key(v), read: (r) => r.key() };
/** Bytes, decoded as a view: copy them if they outlive the turn. */
export const bytes: Schema<Bytes> = { write: (w, v) => w.bytes(v), read: (r) => r.bytes() };
/** True or false, in one byte. */
export const bool: Schema<boolean> = { write: (w, v) => w.u8(v ? 1 : 0), read: readBool };

function readBool(reader: Reader): boolean {
  const byte = reader.u8();
  if (byte > 1) throw new MalformedError(`a truth value is ${byte}`);
  return byte === 1;
}

/** One of a few words. Their order is their code on the wire: add at the end only. */
export function word<const W extends string>(words: readonly W[]): Schema<W> {
  const codes = new Map<string, number>(words.map((w, i) => [w, i]));
  return {
    write: (w, value) => w.u8(codes.get(value)!),
    read: (r) => {
      const code = r.u8();
      const found = words[code];
      if (found === undefined) throw new MalformedError(`no word has the code ${code}`);
      return found;
    },
  };
}

/** A value that may be absent: undefined. */
export function optional<T>(inner: Schema<T>): Schema<T | undefined> {
  return {
    write: (w, value) => {
      w.u8(value === undefined ? 0 : 1);
      if (value !== undefined) inner.write(w, value);
    },
    read: (r) => (readBool(r) ? inner.read(r) : undefined),
  };
}

/** A list: its length, then its items. */
export function list<T>(inner: Schema<T>): Schema<readonly T[]> {
  return {
    write: (w, items) => {
      w.varint(items.length);
      for (const item of items) inner.write(w, item);
    },
    read: (r) => {
      const length = r.varint();
      const items: T[] = [];
      // Every item but an empty record takes a byte, so a length above what remains is a lie worth stopping early.
      if (length > r.remaining) throw new MalformedError(`a list announces ${length} items`);
      for (let i = 0; i < length; i++) items.push(inner.read(r));
      return items;
    },
  };
}

// A schema is invariant in its type, so "whatever the fields" can only be said with any; Infer restores each type.
// biome-ignore lint/suspicious/noExplicitAny: see above.
type Fields = Readonly<Record<string, Schema<any>>>;
type RecordOf<F> = { readonly [K in keyof F]: Infer<F[K]> };
type AnySchema = Schema<unknown>;

/** A record of named fields, written in the order of their declaration. */
export function record<const F extends Fields>(fields: F): Schema<RecordOf<F>> {
  return recordCodec(Object.keys(fields), Object.values(fields)) as Schema<RecordOf<F>>;
}

/** A variant of a union: the tag that stands for it on the wire, and its fields. */
export interface Variant<F> {
  readonly tag: number;
  readonly fields: F;
}

/** One kind of a union: its tag, which is never used again for another, and its fields. */
export function variant<const F extends Fields>(tag: number, fields: F): Variant<F> {
  return { tag, fields };
}

type Variants = Readonly<Record<string, Variant<Fields>>>;
type UnionOf<V extends Variants> = {
  [K in keyof V]: { readonly kind: K } & RecordOf<V[K]['fields']>;
}[keyof V];

/** Readonly data with a `kind`: a switch over it is exhaustive. */
export function union<const V extends Variants>(variants: V): Schema<UnionOf<V>> {
  const byKind = new Map<string, { tag: number; body: AnySchema }>();
  const byTag: ({ kind: string; body: AnySchema } | undefined)[] = [];
  for (const [kind, { tag, fields }] of Object.entries(variants)) {
    if (byTag[tag] !== undefined) throw new TypeError(`tag ${tag} stands for ${byTag[tag].kind} and for ${kind}`);
    const body = recordCodec(Object.keys(fields), Object.values(fields), kind) as AnySchema;
    byKind.set(kind, { tag, body });
    byTag[tag] = { kind, body };
  }
  return {
    write: (w, value) => {
      const { tag, body } = byKind.get((value as { kind: string }).kind)!;
      w.u8(tag);
      body.write(w, value);
    },
    read: (r) => {
      const tag = r.u8();
      const found = byTag[tag];
      if (found === undefined) throw new MalformedError(`no variant has the tag ${tag}`);
      return found.body.read(r) as UnionOf<V>;
    },
  };
}

/** The same bytes under another type. */
export function mapped<A, B>(inner: Schema<A>, to: (value: A) => B, from: (value: B) => A): Schema<B> {
  return { write: (w, value) => inner.write(w, from(value)), read: (r) => to(inner.read(r)) };
}

/** A schema that is declared later, for records that hold themselves. */
export function lazy<T>(schema: () => Schema<T>): Schema<T> {
  return { write: (w, value) => schema().write(w, value), read: (r) => schema().read(r) };
}
