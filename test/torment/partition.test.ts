import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = join(import.meta.dirname, '../../bench/partition.mjs');
const limitMs = 600_000;

/** Figures are for the bench: here only what was acknowledged, and that all come back, counts. */
test('the smaller half refuses and the larger goes on; one, two or three of four stand still; then there is one history', {
  timeout: limitMs,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'selfman-partition-'));
  const { stdout } = await promisify(execFile)('node', [program, '--tries', '1', '--folder', folder], {
    timeout: limitMs,
  });
  expect(stdout).toContain('All came right.');
  rmSync(folder, { recursive: true });
});
