import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const example = join(root, 'examples/register');
const guide = readFileSync(join(root, 'docs/guide/register.md'), 'utf8');
const folder = join(root, '.cache/guide-register');

beforeAll(() => cpSync(example, folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true }));

interface Block {
  readonly how: string;
  readonly what: string;
  readonly code: string;
}

/** All programs of the guide, each with the mark in front of it. */
function blocks(): Block[] {
  const found = guide.matchAll(/(?:<!-- (test|from): (\S+) -->\n)?```js\n([\s\S]*?)```/g);
  return [...found].map(([, how = 'none', what = '', code = '']) => ({ how, what, code }));
}

/** Runs a program beside the files of the example: what it printed, line by line. */
function run(file: string, code?: string): string[] {
  if (code !== undefined) writeFileSync(join(folder, file), code);
  const printed = execFileSync(process.execPath, [join(folder, file)], { encoding: 'utf8', timeout: 55_000 });
  return printed.trimEnd().split('\n');
}

function runBlock(name: string): string[] {
  const block = blocks().find(({ how, what }) => how === 'test' && what === name);
  expect(block, `the guide has a block ${name}`).toBeDefined();
  return run(`${name}.mjs`, block!.code);
}

test('every block of the guide is run by a test, or stands in the example as it is', () => {
  expect(blocks().map(({ how }) => how)).not.toContain('none');
  expect(blocks().flatMap(({ how, what }) => (how === 'test' ? [what] : []))).toEqual(['explore', 'shrink', 'real']);
  for (const { how, what, code } of blocks()) {
    if (how === 'from') expect(readFileSync(join(example, what), 'utf8')).toContain(code);
  }
});

test('the register holds under faults', () => {
  expect(runBlock('explore')).toEqual(['10 0 true true']);
});

test('without writing back a seed finds the bug, and fewer than thirty steps are left of it', () => {
  const lines = runBlock('shrink');
  expect(lines.splice(-2)).toEqual(['linearizable: what clients saw can be in no order:', 'true']);
  expect(lines.length).toBeLessThan(30);
  expect(lines.filter((line) => /"kind":"read"/.test(line)).length).toBeGreaterThanOrEqual(2);
  expect(lines.filter((line) => /"kind":"write"/.test(line)).length).toBeGreaterThanOrEqual(1);
});

test('the same program runs for real, and comes back with what was written', () => {
  expect(runBlock('real')).toEqual(["{ value: 'hello' }", "{ value: 'hello' }"]);
});

test('the example runs on three processes, of which one is killed', () => {
  const lines = run('main.mjs');
  expect(lines[0]).toMatch(/^10 seeds, 0 failed/);
  expect(lines.slice(-3)).toEqual([
    'written through a: {"value":"hello"}',
    'read through b: {"value":"hello"}',
    'a is killed, read through c: {"value":"hello"}',
  ]);
});
