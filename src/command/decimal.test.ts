import { expect, test } from 'vitest';
import { addDecimals } from './decimal.ts';

test.each([
  ['0.1', '0.2', '0.3'],
  ['10.50', '0.1', '10.6'],
  ['5.0e3', '2.0e2', '5200'],
  ['-1.5', '1.5', '0'],
  ['3', '-3.25', '-0.25'],
  ['.5', '5.', '5.5'],
  ['1e-20', '1', '1'],
  ['1e20', '1', '100000000000000000001'],
  ['0.00000000000000001', '0', '0.00000000000000001'],
  ['-0', '0', '0'],
])('%s and %s are %s', (a, b, sum) => expect(addDecimals(a, b)).toBe(sum));

test.each(['', '.', 'x', '1 ', ' 1', '1e', 'inf', 'nan', '0x1', '1e9999'])('%j is no decimal number', (text) =>
  expect(addDecimals(text, '1')).toBeUndefined(),
);

test('a sum of too many digits is none', () => {
  expect(addDecimals(`1${'0'.repeat(329)}`, `9${'9'.repeat(329)}`)).toBe('tooLarge');
});
