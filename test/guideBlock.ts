import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

export function readGuide(guide: string): string {
  return readFileSync(join(root, `docs/guide/${guide}.md`), 'utf8');
}

/** Runs a block of a guide as a program of this package, which may import itself by name: what it printed. */
export function runBlock(guide: string, name: string): string {
  const block = new RegExp(`<!-- test: ${name} -->\\s*\`\`\`js\\n([\\s\\S]*?)\`\`\``).exec(readGuide(guide));
  if (block === null) throw new Error(`the guide ${guide} has no block ${name}`);
  const folder = join(root, '.cache', `guide-${guide}-${name}`);
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, 'block.mjs'), block[1]!);
    return execFileSync(process.execPath, [join(folder, 'block.mjs')], { encoding: 'utf8', timeout: 50_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
