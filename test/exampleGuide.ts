import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readGuide } from './guideBlock.ts';

const root = resolve(import.meta.dirname, '..');

/** Runs an example as a user would: what it printed, line by line. */
export function runExample(path: string): string[] {
  const words = [join(root, 'examples', path)];
  return execFileSync(process.execPath, words, { encoding: 'utf8', timeout: 50_000 }).trimEnd().split('\n');
}

/**
 * What is wrong with the programs of a guide: those without a mark in front of them, those that a test should run and none is named
 * for, and those that do not stand in the example as they are.
 */
export function wrongBlocks(guide: string, tested: readonly string[]): string[] {
  const found = readGuide(guide).matchAll(/(?:<!-- (test|from): (\S+) -->\n)?```js\n([\s\S]*?)```/g);
  return [...found].flatMap(([, how, what = '', code = '']) => {
    if (how === 'test') return tested.includes(what) ? [] : [`no test runs ${what}`];
    if (how === undefined) return [`nothing is said of: ${code}`];
    const source = readFileSync(join(root, 'examples', guide, what), 'utf8');
    return source.includes(code) ? [] : [`${what} has not: ${code}`];
  });
}
