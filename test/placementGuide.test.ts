import { expect, test } from 'vitest';
import { readGuide, runBlock } from './guideBlock.ts';

test.each(['abroad', 'rollout'])('the block %s of the guide prints what it says', (name) => {
  const guide = readGuide('placement');
  const behind = guide.slice(guide.indexOf(`<!-- test: ${name} -->`));
  const [, said] = /```\n\n```\n([\s\S]*?)```/.exec(behind)!;
  expect(runBlock('placement', name)).toBe(said);
});
