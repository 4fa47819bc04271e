import { expect, test } from 'vitest';
import { recordSeed, runScript, runSeed } from './run.ts';
import { scenarios } from './scenario.ts';
import { parseScript, scriptText } from './script.ts';
import { type Script, stepText } from './step.ts';

const scenario = scenarios.find(({ name }) => name === 'churn')!;

test('writing a run down changes nothing, and its script is run again as it is, with the same trace each time', () => {
  const { report, script } = recordSeed(scenario, 5);
  expect(report).toEqual(runSeed(scenario, 5));
  const faults = script.steps.filter(({ kind }) => kind === 'fault');
  expect(faults).toHaveLength(report.faults);
  const read = parseScript(scriptText(script));
  expect(read).toEqual({ ok: true, value: script });
  const again = runScript(scenario, script);
  expect(again).toEqual(runScript(scenario, script));
  expect(again.violations).toEqual([]);
  expect(Math.abs(again.operations - report.operations)).toBeLessThan(report.operations / 5);
});

test('what is no script is refused in words', () => {
  const good: Script = { scenario: 'churn', seed: 1, peers: 3, reads: 'lease', steps: [] };
  const refused = (script: object): unknown => parseScript(JSON.stringify(script));
  expect(refused(good)).toEqual({ ok: true, value: good });
  expect(refused({ ...good, reads: 'maybe' })).toMatchObject({ ok: false, error: expect.stringContaining('reads') });
  expect(refused({ ...good, seed: '1' })).toMatchObject({ ok: false, error: expect.stringContaining('seed') });
  expect(refused({ ...good, steps: [{}] })).toMatchObject({ ok: false, error: expect.stringContaining('step 1') });
  expect(parseScript('{')).toMatchObject({ ok: false });
});

test('a step is a line for people', () => {
  const fault = { kind: 'blackout', peers: ['a', 'b'], spoiled: undefined, backMs: [1, 2] } as const;
  expect(stepText({ kind: 'fault', atMs: 5, lastsMs: 10, fault: { ...fault, backMs: [1, 2] } })).toBe(
    '      5.000  fault     blackout peers=a,b backMs=1,2 for 10 ms',
  );
  const act = { kind: 'put', value: 'v1' } as const;
  expect(stepText({ kind: 'call', atMs: 5.5, client: 2, key: 'k1', act, via: 'a' })).toBe(
    '      5.500  client-2  put k1 v1 through a',
  );
});
