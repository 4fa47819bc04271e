import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOfText, encode, parse } from '../base/index.ts';
import { addIntegers, integer, integerOf, parseInteger } from './integer.ts';

const any64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

test('integers of 64 bits are read, written and added exactly', () => {
  fc.assert(
    fc.property(any64, any64, (a, b) => {
      expect(parseInteger(bytesOfText(String(a)))).toBe(integerOf(a));
      expect(parse(integer, encode(integer, integerOf(a)))).toEqual({ ok: true, value: integerOf(a) });
      const sum = a + b;
      const fits = sum < 2n ** 63n && sum >= -(2n ** 63n);
      expect(addIntegers(integerOf(a), integerOf(b))).toBe(fits ? integerOf(sum) : undefined);
    }),
  );
});

test.each([
  '',
  '-',
  '+1',
  ' 1',
  '1 ',
  '01',
  '-0',
  '1e3',
  '0x10',
  '1.0',
  '9223372036854775808',
  '-9223372036854775809',
  '1'.repeat(40),
])('%j is no integer', (text) => {
  expect(parseInteger(bytesOfText(text))).toBeUndefined();
});
