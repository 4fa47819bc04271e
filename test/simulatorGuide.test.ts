import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const guide = readFileSync(join(root, 'docs/guide/simulator.md'), 'utf8');

/** Runs a block of the guide as a program of this package, which may import itself by name: what it printed. */
function runBlock(name: string): string {
  const block = new RegExp(`<!-- test: ${name} -->\\s*\`\`\`js\\n([\\s\\S]*?)\`\`\``).exec(guide);
  expect(block, `the guide has a block ${name}`).not.toBeNull();
  const folder = join(root, '.cache', `guide-${name}`);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, 'block.mjs'), block![1]!);
    return execFileSync(process.execPath, [join(folder, 'block.mjs')], { encoding: 'utf8', timeout: 50_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the guard of the guide finds the clock that is read', () => {
  const [result, report, place] = runBlock('guard').split('\n');
  expect(result).toBe('42');
  expect(report).toBe('SIM-2: simulated code reached for Date.now, once:');
  expect(place).toContain('block.mjs:3');
});
