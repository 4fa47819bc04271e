import { describe, expect, test } from 'vitest';
import { bytesOfScore } from '../command/index.ts';
import { jsonLineOf, parseJsonLine, type Row } from './jsonLine.ts';

describe('a line of JSON for a key and its value', () => {
  test('says text as text, and what is none in base64', () => {
    const row: Row = { key: Buffer.from('grün'), value: Buffer.from([0xff, 0]), expiresAtMs: 5 };
    expect(jsonLineOf(row)).toBe('{"key":"grün","value64":"/wA=","expiresAtMs":5}');
  });

  test('gives the same bytes again, whatever they are', () => {
    const some = ['', 'a "quoted" line\n', '\0', 'grün', '\ufeffmark', '\u2028'].map((text) => Buffer.from(text));
    const others = [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]].map((bytes) => Buffer.from(bytes));
    for (const bytes of [...some, ...others]) {
      const row: Row = { key: bytes, value: bytes, expiresAtMs: undefined };
      expect(parseJsonLine(jsonLineOf(row))).toEqual({ ok: true, value: row });
    }
  });

  test('says the elements of sets and hashes, a part of them a line', () => {
    const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
    const row = (of: 'set' | 'hash', name: string, value = ''): Row => ({
      key: bytes('k'),
      of,
      at: 0,
      elements: [{ name: bytes(name), value: bytes(value) }],
      expiresAtMs: undefined,
    });
    expect(jsonLineOf(row('set', 'one'))).toBe('{"key":"k","set":["one"]}');
    expect(jsonLineOf(row('hash', 'one', '\xff'))).toBe('{"key":"k","hash64":[["b25l","/w=="]]}');
    for (const one of [row('set', ''), row('set', '\xff'), row('hash', 'a', 'b'), row('hash', '\xff', 'b')]) {
      expect(parseJsonLine(jsonLineOf(one))).toEqual({ ok: true, value: one });
    }
  });

  test('says the members of a sorted set with their scores, whatever those are', () => {
    for (const [score, text] of [
      [1.5, '1.5'],
      [-Infinity, '-inf'],
      [Infinity, 'inf'],
      [1e21, '1e+21'],
    ] as const) {
      for (const name of [Buffer.from('one'), Buffer.from([0xff])]) {
        const elements = [{ name, value: Buffer.from(bytesOfScore(score)) }];
        const row: Row = { key: Buffer.from('k'), of: 'sortedSet', at: 0, elements, expiresAtMs: undefined };
        const [field, spelled] = name[0] === 0xff ? ['sortedSet64', '/w=='] : ['sortedSet', 'one'];
        expect(jsonLineOf(row)).toBe(`{"key":"k","${field}":[["${spelled}","${text}"]]}`);
        expect(parseJsonLine(jsonLineOf(row))).toEqual({ ok: true, value: row });
      }
    }
  });

  test('says where in a list its elements stand', () => {
    const element = { name: Buffer.from(''), value: Buffer.from('one') };
    const row: Row = { key: Buffer.from('k'), of: 'list', at: 1_000, elements: [element], expiresAtMs: undefined };
    expect(jsonLineOf(row)).toBe('{"key":"k","list":["one"],"at":1000}');
    expect(parseJsonLine(jsonLineOf(row))).toEqual({ ok: true, value: row });
  });

  test.each([
    ['{"key":"a","list":["b"],"at":-1}', 'at is the place of the first element of a list'],
    ['{"key":"a","set":[1]}', 'set must be a list of texts'],
    ['{"key":"a","set":[]}', 'set is empty'],
    ['{"key":"a","hash64":[["*","b"]]}', 'hash64 must be a list of pairs of texts in base64'],
    ['{"key":"a","sortedSet":[["b","x"]]}', 'sortedSet must be a list of pairs of a text and a score'],
    ['{"key":"a","sortedSet":[["b",1]]}', 'sortedSet must be a list of pairs of a text and a score'],
    ['{"key":"a","set":["b"],"value":"c"}', 'it has both set and value'],
    ['{', 'it is no JSON'],
    ['[]', 'it is no JSON object'],
    ['{"key":"a"}', 'it needs value or value64, one of the two'],
    ['{"key":"a","value":"b","value64":""}', 'it needs value or value64, one of the two'],
    ['{"key":1,"value":"b"}', 'key must be a text'],
    ['{"key":"a","value64":"*"}', 'value64 is no base64'],
    ['{"key":"a","value":"b","expiresAtMs":1.5}', 'expiresAtMs must be a whole number'],
    ['{"key":"a","value":"b","ttl":1}', 'there is no field ttl'],
    [JSON.stringify({ key: 'k'.repeat(1025), value: '' }), 'its key has 1025 bytes, and 1024 are allowed'],
  ])('is refused in words: %s', (line, words) => {
    const parsed = parseJsonLine(line);
    expect(parsed.ok).toBe(false);
    expect(parsed.ok ? '' : parsed.error).toContain(words);
  });
});
