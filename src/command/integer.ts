import { MalformedError, type Reader, type Schema, type Writer } from '../base/index.ts';

/**
 * A 64-bit integer: a number where numbers are exact (up to 2^53 - 1 either side), a bigint beyond. One value has one
 * form only, so that results compare and encode alike on every replica.
 */
export type Integer = number | bigint;

const highest = 2n ** 63n - 1n;
const lowest = -(2n ** 63n);
const safeHighest = BigInt(Number.MAX_SAFE_INTEGER);

/** The one form of an integer. */
export function integerOf(value: bigint): Integer {
  return value <= safeHighest && value >= -safeHighest ? Number(value) : value;
}

/** The exact sum, or undefined where it does not fit 64 bits. */
export function addIntegers(a: Integer, b: Integer): Integer | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  const exact = BigInt(a) + BigInt(b);
  return exact > highest || exact < lowest ? undefined : integerOf(exact);
}

/**
 * The integer that bytes spell in decimal, as Redis reads one: digits with an optional minus sign and no other
 * character, no leading zero, within 64 bits. Undefined for everything else.
 */
export function parseInteger(bytes: Uint8Array): Integer | undefined {
  const isNegative = bytes[0] === 0x2d;
  const start = isNegative ? 1 : 0;
  const digits = bytes.length - start;
  if (digits < 1 || digits > 19) return undefined;
  if (bytes[start] === 0x30 && (digits > 1 || isNegative)) return undefined;
  let value = 0;
  for (let i = start; i < bytes.length; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (digits <= 15) return isNegative ? -value : value;
  return parseLarge(bytes);
}

function parseLarge(bytes: Uint8Array): Integer | undefined {
  const value = BigInt(String.fromCharCode(...bytes));
  return value > highest || value < lowest ? undefined : integerOf(value);
}

/** On the wire: what it is (0 positive, 1 negative, 2 a large one), then its distance from zero. */
export const integer: Schema<Integer> = {
  write: (w: Writer, value: Integer): void => {
    if (typeof value === 'bigint') {
      w.u8(2);
      w.i64(value);
    } else if (value < 0) {
      w.u8(1);
      w.varint(-value);
    } else {
      w.u8(0);
      w.varint(value);
    }
  },
  read: (r: Reader): Integer => {
    const sign = r.u8();
    if (sign === 0) return r.varint();
    if (sign === 1) return -r.varint();
    if (sign === 2) return integerOf(r.i64());
    throw new MalformedError(`an integer has the sign ${sign}`);
  },
};
