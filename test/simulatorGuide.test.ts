import { expect, test } from 'vitest';
import { runBlock } from './guideBlock.ts';

test('the guard of the guide finds the clock that is read', () => {
  const [result, report, place] = runBlock('simulator', 'guard').split('\n');
  expect(result).toBe('42');
  expect(report).toBe('SIM-2: simulated code reached for Date.now, once:');
  expect(place).toContain('block.mjs:3');
});
