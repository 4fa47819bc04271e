import { expect, test } from 'vitest';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

test('numbers are written whole also where the buffer has to grow for them', () => {
  for (let filled = 0; filled < 16; filled++) {
    const writer = new Writer(8);
    for (let i = 0; i < filled; i++) writer.u8(1);
    writer.u16(40_000);
    writer.u32(4_000_000_000);
    writer.f64(-0.5);
    writer.i64(-(2n ** 63n));
    writer.varint(2 ** 53 - 1);
    const reader = new Reader(writer.take(), filled);
    expect([reader.u16(), reader.u32(), reader.f64(), reader.i64(), reader.varint()]).toEqual([
      40_000,
      4_000_000_000,
      -0.5,
      -(2n ** 63n),
      2 ** 53 - 1,
    ]);
    expect(reader.remaining).toBe(0);
  }
});

const bytes = { write: (writer: Writer, value: Uint8Array) => writer.raw(value) };

test('what is written behind its length is read again, however many bytes that length takes', () => {
  for (const length of [0, 1, 127, 128, 16_383, 16_384, 70_000]) {
    const value = Uint8Array.from({ length }, (_, i) => i % 251);
    const writer = new Writer(8);
    writer.u8(7);
    expect(writer.sized(bytes, value)).toBe(length);
    writer.u8(9);
    const reader = new Reader(writer.take());
    expect(reader.u8()).toBe(7);
    expect([...reader.bytes()]).toEqual([...value]);
    expect([reader.u8(), reader.remaining]).toEqual([9, 0]);
  }
});

test('the end of what one writer holds is written again by another', () => {
  for (const length of [1, 64, 65, 200]) {
    const one = new Writer(8);
    one.u32(1);
    one.sized(bytes, new Uint8Array(length).fill(5));
    const other = new Writer(8);
    other.sizedEnd(one, length);
    expect([...new Reader(other.take()).bytes()]).toEqual(new Array(length).fill(5));
  }
});
