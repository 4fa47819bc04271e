import { expect, test } from 'vitest';
import { readGuide, runBlock } from './guideBlock.ts';

test('the component on another peer does what the guide says', () => {
  const [, said] = /```\n\n```\n([\s\S]*?)```/.exec(readGuide('placement'))!;
  expect(runBlock('placement', 'abroad')).toBe(said);
});
