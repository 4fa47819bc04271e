import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { escapeText, guarded } from './index.ts';
import { escapesMax } from './limits.ts';

const escapes: readonly (readonly [what: string, reach: () => unknown])[] = [
  ['Date.now', () => Date.now()],
  ['new Date', () => new Date()],
  ['Date', () => Date()],
  ['Math.random', () => Math.random()],
  ['performance.now', () => performance.now()],
  ['crypto.randomUUID', () => crypto.randomUUID()],
  ['crypto.getRandomValues', () => crypto.getRandomValues(new Uint8Array(1))],
  ['node:crypto.randomBytes', () => randomBytes(1)],
  ['process.hrtime', () => process.hrtime()],
  ['process.hrtime.bigint', () => process.hrtime.bigint()],
  ['setTimeout', () => clearTimeout(setTimeout(() => undefined, 1))],
  ['setImmediate', () => clearImmediate(setImmediate(() => undefined))],
  ['queueMicrotask', () => queueMicrotask(() => undefined)],
  ['process.nextTick', () => process.nextTick(() => undefined)],
  ['a promise', () => void Promise.resolve(1)],
  ['a promise', () => void (async () => 1)()],
  ['new WeakRef', () => new WeakRef({})],
  ['node:fs.readFileSync', () => readFileSync('package.json')],
  ['node:net.createServer', () => createServer()],
];

test.each(escapes)('%s is seen, with the place that it was reached from: %s', (what, reach) => {
  const seen = guarded(reach).escapes;
  expect(seen.map((one) => one.what)).toContain(what);
  const one = seen.find((other) => other.what === what)!;
  expect(one.stack.split('\n').slice(0, 2).join()).toContain('guard.test.ts');
  expect(escapeText(one)).toContain(`SIM-2: simulated code reached for ${what}, once`);
});

test('what a run may do is no escape', () => {
  const { result, escapes: seen } = guarded(() => new Date(86_400_000).toISOString() + Math.floor(1.5));
  expect(result).toBe('1970-01-02T00:00:00.000Z1');
  expect(seen).toEqual([]);
});

test('the same place counts, and there is an end to what is kept', () => {
  const often = guarded(() => Array.from({ length: 7 }, () => Date.now())).escapes;
  expect(often).toMatchObject([{ what: 'Date.now', times: 7 }]);
  const deep = (depth: number): number => (depth === 0 ? Date.now() : deep(depth - 1));
  Error.stackTraceLimit = 500;
  const many = guarded(() => Array.from({ length: escapesMax + 50 }, (_, i) => deep(i))).escapes;
  Error.stackTraceLimit = 10;
  expect(many).toHaveLength(escapesMax);
});

test('afterwards all is as it was, also where the run threw', () => {
  const before = [Date, Date.now, Math.random, performance.now, setTimeout, WeakRef, process.hrtime, readFileSync];
  const fails = (): never => {
    throw new Error('a bug');
  };
  expect(() => guarded(fails)).toThrow('a bug');
  expect([Date, Date.now, Math.random, performance.now, setTimeout, WeakRef, process.hrtime, readFileSync]).toEqual(
    before,
  );
  expect(Object.hasOwn(performance, 'now')).toBe(false);
  expect(guarded(() => 1).escapes).toEqual([]);
  expect(() => guarded(() => guarded(() => 1))).toThrow('may not start another');
});
