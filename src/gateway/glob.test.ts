import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Glob } from './glob.ts';

test.each([
  ['*', '', true],
  ['h?llo', 'hello', true],
  ['h?llo', 'hllo', false],
  ['h[ae]llo', 'hillo', false],
  ['h[^e]llo', 'hallo', true],
  ['h[a-c]llo', 'hbllo', true],
  ['h[c-a]llo', 'hbllo', true],
  ['h\\*llo', 'h*llo', true],
  ['h\\*llo', 'hello', false],
  ['[]', '', false],
  ['[abc', 'b', true],
  ['a\\', 'a\\', true],
  ['*a*b*', 'xxaxxbxx', true],
  ['*a*b', 'xxaxxbxx', false],
])('%j and %j: %j', (pattern, key, doesMatch) => {
  expect(new Glob(pattern).matches(key)).toBe(doesMatch);
});

test('stars and question marks match as a regular expression would', () => {
  const anyPattern = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((parts) => parts.join(''));
  const anyKey = fc.array(fc.constantFrom('a', 'b'), { maxLength: 10 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(anyPattern, anyKey, (pattern, key) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(new Glob(pattern).matches(key)).toBe(expression.test(key));
    }),
  );
});

test('a pattern made to be slow is not', () => {
  const pattern = '*a'.repeat(200);
  expect(new Glob(`${pattern}b`).matches('a'.repeat(1024))).toBe(false);
});

test('the prefix is what every match begins with', () => {
  expect(new Glob('user:*').prefix).toBe('user:');
  expect(new Glob('a\\*b?').prefix).toBe('a*b');
  expect(new Glob('*').prefix).toBe('');
});
