import { describe, expect, test } from 'vitest';
import { textKey, tupleKey } from './keyCodec.ts';
import { boundsOf } from './rangeQuery.ts';

describe('the range that a query asks for', () => {
  test('is everything where nothing is said', () => {
    expect(boundsOf(textKey, {})).toEqual({ from: '', to: undefined });
  });

  test('meets every condition at once', () => {
    expect(boundsOf(textKey, { prefix: 'b', from: 'bc', to: 'x' })).toEqual({ from: 'bc', to: 'c' });
    const none = boundsOf(textKey, { prefix: 'b', from: 'x' });
    expect(none.from).toBe(none.to);
  });

  test('of a next page begins behind the last key, in the direction of the walk', () => {
    expect(boundsOf(textKey, { prefix: 'b', after: 'bc' })).toEqual({ from: 'bc\0', to: 'c' });
    expect(boundsOf(textKey, { prefix: 'b', after: 'bc', isDown: true })).toEqual({ from: 'b', to: 'bc' });
  });

  test('of a tuple holds those tuples that begin with its parts, and no text that begins alike', () => {
    const keys = tupleKey<readonly string[]>();
    const { from, to } = boundsOf(keys, { prefix: ['de'] });
    const isWithin = (tuple: readonly string[]): boolean => keys.encode(tuple) >= from && keys.encode(tuple) < to!;
    expect([['de'], ['de', 'Berlin'], ['den'], ['dd', 'z'], ['df']].map(isWithin)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
