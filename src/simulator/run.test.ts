import { expect, test } from 'vitest';
import { runSeed } from './run.ts';
import { scenarios } from './scenario.ts';

test('the same seed gives the same run, which holds and is long and bad enough to say something', () => {
  const scenario = scenarios.find(({ name }) => name === 'restart-all');
  const report = runSeed(scenario!, 4);
  expect(runSeed(scenario!, 4)).toEqual(report);
  expect(report.violations).toEqual([]);
  expect(report.operations).toBeGreaterThanOrEqual(500);
  expect(report.faults).toBeGreaterThanOrEqual(5);
  expect(report.simulatedMs).toBeGreaterThanOrEqual(60_000);
});
