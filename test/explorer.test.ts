import { expect, test } from 'vitest';
import { exploreFile } from '../dist/explorer/index.js';
import { explore } from '../dist/simulator/index.js';
// @ts-expect-error: threads load plain JavaScript, and what they load is loaded here too.
import { trial as anyTrial } from './explored/lossy.mjs';

const file = new URL('./explored/lossy.mjs', import.meta.url);
const trial = anyTrial as Parameters<typeof explore>[0];

test('seeds run over threads come to what they come to one after the other', async () => {
  const alone = explore(trial, { seed: 1, seeds: 12, failuresMax: Number.POSITIVE_INFINITY });
  const done: number[] = [];
  const onProgress = (count: number): void => void done.push(count);
  const outcome = await exploreFile(file, { seed: 1, seeds: 12, failuresMax: Infinity, threads: 2, onProgress });
  if (!outcome.ok) throw new Error(outcome.error);
  const { seeds, failures, coverage, simulatedMs } = outcome.value;
  expect(seeds).toBe(12);
  expect(failures.map(({ seed, traceHash }) => [seed, traceHash])).toEqual(
    alone.failures.map(({ seed, traceHash }) => [seed, traceHash]),
  );
  expect(failures.length).toBeGreaterThan(0);
  expect(failures.length).toBeLessThan(12);
  expect(coverage).toEqual(alone.coverage);
  expect(simulatedMs).toBeCloseTo(alone.simulatedMs);
  expect(done).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
});

test('it stops at the first failure where nothing else is said', async () => {
  const outcome = await exploreFile(file, { seed: 1, seeds: 500, threads: 2 });
  if (!outcome.ok) throw new Error(outcome.error);
  expect(outcome.value.failures.length).toBeGreaterThan(0);
  expect(outcome.value.seeds).toBeLessThan(100);
});

test('what is no trial is refused in a sentence', async () => {
  expect(await exploreFile('nowhere.mjs', { seed: 1, seeds: 1 })).toEqual({
    ok: false,
    error: 'There is no file nowhere.mjs: name the module that exports the trial.',
  });
  const other = new URL('./placed/sums.mjs', import.meta.url);
  expect(await exploreFile(other, { seed: 1, seeds: 1 })).toMatchObject({
    ok: false,
    error: expect.stringContaining('exports no trial: write export const trial = {'),
  });
});
