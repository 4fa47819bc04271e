import { expect, test } from 'vitest';
import { checkRepeats, runSeed } from './run.ts';
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

test('a trace changes nothing, a run that does not repeat is reported, and one that stops early is not judged', () => {
  const scenario = scenarios.find(({ name }) => name === 'churn')!;
  const until = { ms: 6_000 };
  const plain = runSeed(scenario, 7, { until });
  const traced = runSeed(scenario, 7, { until, trace: { kinds: ['asks', 'told'] } });
  expect(plain.isStopped).toBe(true);
  expect(plain.violations).toEqual([]);
  expect({ ...traced, trace: [] }).toEqual(plain);
  expect(traced.trace.length).toBeGreaterThan(10);
  expect(traced.trace.every((line) => /client-\d +(asks|told) /.test(line))).toBe(true);
  expect(checkRepeats(scenario, plain)).toEqual([expect.stringContaining('does not repeat')]);
});
