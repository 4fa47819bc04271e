import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = join(import.meta.dirname, '../../bench/chaos.mjs');
const limitMs = 400_000;

test('a minute of faults at random: every history is right, and all is well behind it', {
  timeout: limitMs,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'selfman-chaos-'));
  const seed = String(Date.now() % 1_000_000);
  const words = [program, '--minutes', '1', '--seed', seed, '--folder', folder];
  const { stdout } = await promisify(execFile)('node', words, { timeout: limitMs });
  expect(stdout).toContain('Nothing that was acknowledged is missing, and no history is wrong.');
  rmSync(folder, { recursive: true });
});
