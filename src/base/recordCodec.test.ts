import { expect, test } from 'vitest';
import { encode, parse, record, text, u8, union, variant } from './index.ts';

test('fields keep their order on the wire, whatever the order in the value', () => {
  const both = record({ first: u8, second: text });
  const bytes = encode(both, { second: 'b', first: 7 });
  expect([...bytes]).toEqual([7, 1, 98]);
  expect(parse(both, bytes)).toEqual({ ok: true, value: { first: 7, second: 'b' } });
});

test('a variant without fields is its kind alone', () => {
  const any = union({ none: variant(3, {}), some: variant(4, { count: u8 }) });
  expect([...encode(any, { kind: 'none' })]).toEqual([3]);
  expect(parse(any, new Uint8Array([3]))).toEqual({ ok: true, value: { kind: 'none' } });
});

test('what is no name is never made into code', () => {
  expect(() => record({ 'a; b': u8 })).toThrow('is no name of a field');
  expect(() => union({ "x'": variant(1, {}) })).toThrow('is no name of a field');
});
