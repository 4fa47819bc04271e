import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const page = (name: string): string => readFileSync(join(root, 'docs/api', name), 'utf8');

test('the reference is up to date: else node scripts/api-reference.mjs writes it anew', () => {
  const words = [join(root, 'scripts/api-reference.mjs'), '--check'];
  const { stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  expect([stderr, status]).toEqual(['', 0]);
});

test('it shows what may be used, with what is said of it, and nothing of how it is done', () => {
  const text = page('component.md');
  expect(text).toContain('## System (class)');
  expect(text).toContain('- `get halted(): Fault | undefined` \\\n  The fault that reached the root and ended the run');
  expect(text).not.toMatch(/`#|@internal|assert\(/);
  expect(page('world.md')).toContain('const messageBytesMax = 16 * 1024 * 1024');
});

test('every link of a page leads to one of its headings', () => {
  for (const [, file] of page('README.md').matchAll(/\]\((.*?)\)/g)) {
    const text = page(file!);
    const anchors = [...text.matchAll(/^## (\S+) \((\w+)\)$/gm)].map(
      ([, name, kind]) => `${name!.toLowerCase()}-${kind}`,
    );
    expect([...text.matchAll(/\]\(#(.*?)\)/g)].map(([, anchor]) => anchor).sort()).toEqual(anchors.sort());
    expect(new Set(anchors).size).toBe(anchors.length);
  }
});
