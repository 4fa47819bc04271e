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
