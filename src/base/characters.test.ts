import fc from 'fast-check';
import { expect, test } from 'vitest';
import { charactersOf } from './characters.ts';

test('any part of any bytes is one character for each of them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), fc.nat(200), (bytes, one, other) => {
      const at = Math.min(one, other, bytes.length);
      const end = Math.min(Math.max(one, other), bytes.length);
      const expected = [...bytes.slice(at, end)].map((byte) => String.fromCharCode(byte)).join('');
      expect(charactersOf(bytes, at, end)).toBe(expected);
    }),
  );
});

test('long ones as well', () => {
  const bytes = new Uint8Array(10_000).fill(120);
  expect(charactersOf(bytes, 1, 9_999)).toBe('x'.repeat(9_998));
});
