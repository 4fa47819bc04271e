import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requestOf } from './request.ts';
import { boundAt, scoreAt, textOfScore } from './scores.ts';

test.each([
  [0.1, '0.1'],
  [-2.5, '-2.5'],
  [1e15, '1000000000000000'],
  [2 ** 52, '4503599627370496'],
  [2 ** 53, '9007199254740992'],
  [1e20, '1e+20'],
  [1.5e300, '1.5e+300'],
  [0.000123, '0.000123'],
  [0.0000001, '1e-7'],
  [0.00000012, '1.2e-7'],
  [123456.789, '123456.789'],
  [0, '0'],
  [Infinity, 'inf'],
  [-Infinity, '-inf'],
])('%s is told as %s', (score, text) => expect(textOfScore(score)).toBe(text));

test('what is told of a score reads back as that score', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (score) => {
      expect(scoreAt(requestOf(textOfScore(score)), 0)).toBe(score === 0 ? 0 : score);
    }),
  );
});

test.each(['', ' 1', '1 ', 'nan', '1e400', '0x10', '1_0', '.', 'e5', '--1', 'infinite'])('%j is no score', (text) =>
  expect(scoreAt(requestOf(text), 0)).toBeUndefined(),
);

test('the end of a range may leave its score out', () => {
  expect(boundAt(requestOf('(1.5'), 0)).toEqual({ score: 1.5, isOut: true });
  expect(boundAt(requestOf('-inf'), 0)).toEqual({ score: -Infinity, isOut: false });
  expect(boundAt(requestOf('((1'), 0)).toBeUndefined();
});
