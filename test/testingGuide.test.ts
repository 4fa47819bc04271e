import { expect, test } from 'vitest';
import { readGuide, runBlock } from './guideBlock.ts';

test('the first story of the guide is kept', () => {
  expect(runBlock('testing', 'first')).toBe('kept\n');
});

test('the failure of the guide says what stands in it', () => {
  const said = runBlock('testing', 'failure');
  const shown = /```text\n([\s\S]*?)```/.exec(readGuide('testing'))?.[1];
  expect(said).toBe(shown);
});

test('the story with all the words is kept', () => {
  expect(runBlock('testing', 'words')).toBe('kept, at 7000 ms\n');
});
