import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const guide = readFileSync(join(root, 'docs/guide/components.md'), 'utf8');
const [, beginning] = /<!-- part -->\s*```js\n([\s\S]*?)```/.exec(guide)!;

/** Runs a block of the guide as a program of this package, behind the part that all but the first have in common. */
function runBlock(name: string): string {
  const [, block] = new RegExp(`<!-- test: ${name} -->\\s*\`\`\`js\\n([\\s\\S]*?)\`\`\``).exec(guide)!;
  const folder = join(root, '.cache', `guide-${name}`);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, 'block.mjs'), name === 'first' ? block! : beginning! + block!);
    return execFileSync(process.execPath, [join(folder, 'block.mjs')], { encoding: 'utf8', timeout: 50_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the guide says that a block prints: the block without a language behind it. */
function said(name: string): string {
  const behind = guide.slice(guide.indexOf(`<!-- test: ${name} -->`));
  return /```\n\n```\n([\s\S]*?)```/.exec(behind)![1]!;
}

test('the first component of the guide greets', () => {
  expect(runBlock('first')).toBe('hello Ada, you are number 1\n');
  expect(guide).toContain('It prints `hello Ada, you are number 1`');
});

test.each(['channels', 'supervision', 'query', 'replacement'])(
  'the block %s of the guide prints what it says',
  (name) => {
    expect(runBlock(name)).toBe(said(name));
  },
);
