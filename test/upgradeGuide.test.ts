import { expect, test } from 'vitest';
import { runExample, wrongBlocks } from './exampleGuide.ts';
import { readGuide, runBlock } from './guideBlock.ts';

/** Where it says how long something took, any time will do. */
const timeless = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/pause \S+ ms/, 'pause'));

function shown(): string[][] {
  const blocks = readGuide('upgrade').matchAll(/```text\n([\s\S]*?)```/g);
  return [...blocks].map(([, text]) => text!.trimEnd().split('\n'));
}

test('every block of the guide is run, or stands in the example as it is', () => {
  expect(wrongBlocks('upgrade', ['small'])).toEqual([]);
});

test('what waited for the first version is counted by the second, in its order', () => {
  expect(runBlock('upgrade', 'small').trimEnd().split('\n')).toEqual(shown()[0]);
});

test('the ledger is replaced under load with nothing lost, and the bad version is undone', () => {
  expect(timeless(runExample('upgrade/main.mjs'))).toEqual(timeless(shown()[1]!));
});

test('the smallest two components play', () => {
  expect(runExample('ping-pong/main.mjs')).toEqual(['pong 1', 'pong 2', 'pong 3']);
});
