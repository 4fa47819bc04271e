import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wrongBlocks } from './exampleGuide.ts';
import { runBlock } from './guideBlock.ts';

beforeEach(() => {
  process.env['DATA'] = mkdtempSync(join(tmpdir(), 'guide-data-'));
});

afterEach(() => {
  rmSync(process.env['DATA']!, { recursive: true });
  delete process.env['DATA'];
});

test('every program of the guide is run here', () => {
  expect(wrongBlocks('data', ['tuples', 'sets', 'layers', 'editing'])).toEqual([]);
});

test('tuples keep their order in their space', () => {
  expect(runBlock('data', 'tuples')).toBe("cellar at 9: 11.5; cellar at 10: 11.25\n[ 'cellar', 10 ]\n");
});

test('sets and counters are changed by many at once', () => {
  expect(runBlock('data', 'sets')).toBe("[ 'ada', 'bob', 'eve' ] 4\ntrue false\n");
});

test('an index finds rows, and a queue gives what was put in', () => {
  expect(runBlock('data', 'layers')).toBe("[ 'ada', 'bob' ]\nwash dry undefined\n");
});

test('a page is written by one after the other, and others see who has it', () => {
  expect(runBlock('data', 'editing').trim().split('\n')).toEqual([
    'Ada has page locked: Once upon a time',
    'Bob waits for Ada',
    'Once upon a time there was a peer that never slept.',
  ]);
});
