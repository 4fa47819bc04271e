import { allocate, type Bytes, copyBytes } from '../base/index.ts';
import { type CollectionHead, headOf, type ValueKind, valueKinds } from '../command/index.ts';
import type { RowCodec } from './table.ts';

/** The expiry of an item that never goes by itself. */
export const never = Number.POSITIVE_INFINITY;

/** In the first byte: this bit, and the kind of the value in those above. */
const hasExpiryFlag = 1;
const plainHeaderBytes = 9;
const expiringHeaderBytes = 17;

/**
 * What the state holds for one key: a value, its version and its expiry. It is kept as the bytes of its row (flags,
 * version, expiry if it has one, value), so that a value is copied once when it is written and never again. Of a
 * collection the value is its head, and the elements have rows of their own.
 */
export class Item {
  readonly row: Bytes;
  readonly version: number;
  /** Milliseconds since 1970, or `never`. */
  readonly expiresAtMs: number;

  constructor(row: Bytes, version: number, expiresAtMs: number) {
    this.row = row;
    this.version = version;
    this.expiresAtMs = expiresAtMs;
  }

  get kind(): ValueKind {
    return valueKinds[this.row[0]! >>> 1]!;
  }

  /** A value, and no collection. */
  get isPlain(): boolean {
    return this.row[0]! <= hasExpiryFlag;
  }

  /** Of a collection. */
  get head(): CollectionHead {
    return headOf(this.value);
  }

  /** The bytes of the value, or of all elements. */
  get weight(): number {
    return this.isPlain ? this.valueLength : this.valueLength + this.head.bytes;
  }

  get valueLength(): number {
    return this.row.length - headerBytes(this.expiresAtMs);
  }

  /** A view of the row. */
  get value(): Bytes {
    return this.row.subarray(headerBytes(this.expiresAtMs));
  }
}

/** An item of its own: the value is copied. */
export function makeItem(value: Bytes, version: number, expiresAtMs: number, kind: ValueKind = 'plain'): Item {
  const header = headerBytes(expiresAtMs);
  const row = allocate(header + value.length);
  putInteger(row, 1, version);
  row[0] = valueKinds.indexOf(kind) << 1;
  if (header === expiringHeaderBytes) {
    row[0] |= hasExpiryFlag;
    putInteger(row, plainHeaderBytes, expiresAtMs);
  }
  row.set(value, header);
  return new Item(row, version, expiresAtMs);
}

export const itemCodec: RowCodec<Item> = {
  encode: (item) => item.row,
  decode: decodeItem,
  lengthOf: (item) => item.row.length,
};

function decodeItem(bytes: Bytes): Item | undefined {
  const flags = bytes[0] ?? 0xff;
  const expires = (flags & hasExpiryFlag) !== 0;
  const isWhole = bytes.length >= (expires ? expiringHeaderBytes : plainHeaderBytes);
  if (!isWhole || flags >>> 1 >= valueKinds.length) return undefined;
  return new Item(copyBytes(bytes), integerAt(bytes, 1), expires ? integerAt(bytes, plainHeaderBytes) : never);
}

function headerBytes(expiresAtMs: number): number {
  return expiresAtMs === never ? plainHeaderBytes : expiringHeaderBytes;
}

/** Writes an integer up to 2^53 - 1 in eight bytes, the lowest first. */
function putInteger(bytes: Uint8Array, at: number, value: number): void {
  const low = value >>> 0;
  const high = Math.floor(value / 0x1_0000_0000);
  for (let i = 0; i < 4; i++) {
    bytes[at + i] = low >>> (8 * i);
    bytes[at + 4 + i] = high >>> (8 * i);
  }
}

function integerAt(bytes: Bytes, at: number): number {
  let value = 0;
  for (let i = 7; i >= 0; i--) value = value * 0x100 + bytes[at + i]!;
  return value;
}
