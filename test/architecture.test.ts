import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check } from './architecture/rules.ts';

function sourceFiles(folder = 'src'): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourceFiles(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

test('the house keeps its rules', () => {
  const violations = sourceFiles().flatMap((path) => check(path, readFileSync(path, 'utf8')));
  expect(violations).toEqual([]);
});

describe('refuses one planted violation of each rule', () => {
  const planted: readonly (readonly [rule: string, path: string, source: string])[] = [
    ['room', 'src/attic/box.ts', ''],
    ['file name', 'src/store/Store_Thing.ts', ''],
    ['file name', 'src/store/keyUtils.ts', ''],
    ['file length', 'src/store/long.ts', '\n'.repeat(401)],
    ['function length', 'src/store/long.ts', `export function f() {${'\n'.repeat(61)}}`],
    ['floor', 'src/store/up.ts', "import { Peer } from '../peer/index.ts';"],
    ['floor', 'src/peer/beside.ts', "import { Store } from '../client/index.ts';"],
    ['door', 'src/store/window.ts', "import { Overlay } from '../overlay/overlay.ts';"],
    ['climate', 'src/store/later.ts', "import { exclusive } from '../component/async/index.ts';"],
    ['twin', 'src/peer/twin.ts', "import { openFolder } from '../world/real/index.ts';"],
    ['twin', 'src/machine/twin.ts', "import { Universe } from '../world/simulated/index.ts';"],
    ['import', 'src/store/path.ts', "import { key } from './key.js';"],
    ['outside', 'src/store/node.ts', "import { readFileSync } from 'node:fs';"],
    ['outside', 'src/gateway/package.ts', "import { z } from 'zod';"],
    ['impure', 'src/overlay/clock.ts', 'export const now = () => Date.now();'],
    ['impure', 'src/overlay/luck.ts', 'export const luck = () => Math.random();'],
    ['impure', 'src/store/later.ts', 'export const later = (f: () => void) => setTimeout(f, 1);'],
    ['impure', 'src/store/promise.ts', 'export const promise = Promise.resolve(1);'],
    ['impure', 'src/store/global.ts', 'export const all = globalThis;'],
    ['await', 'src/gateway/wait.ts', 'export async function wait() {}'],
    ['default export', 'src/store/nameless.ts', 'export default 1;'],
    ['erasable', 'src/store/colour.ts', 'export enum Colour { Red }'],
  ];
  test.each(planted)('%s: %s', (rule, path, source) => {
    expect(check(path, source).map((violation) => violation.rule)).toContain(rule);
  });
});

describe('the tools refuse what the table cannot see', () => {
  function withFile(room: string, source: string, judge: (path: string) => void): void {
    const folder = mkdtempSync(join('src', room, 'planted'));
    try {
      const path = join(folder, 'planted.ts');
      writeFileSync(path, source);
      judge(path);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('the compiler knows no Node in a pure room', () => {
    withFile('store', 'export const id: number = process.pid;\n', (path) => {
      const config = join('src', 'store', 'planted.tsconfig.json');
      writeFileSync(
        config,
        JSON.stringify({
          extends: '../../tsconfig.base.json',
          compilerOptions: { noEmit: true, composite: false },
          files: [join('..', '..', path)],
        }),
      );
      try {
        const tsc = spawnSync('node_modules/.bin/tsc', ['-p', config], { encoding: 'utf8' });
        expect(tsc.stdout).toContain("Cannot find name 'process'");
      } finally {
        rmSync(config);
      }
    });
  });

  test('the linter refuses what cannot be repeated', () => {
    withFile('store', 'export const now = (): number => Date.now();\n', (path) => {
      const lint = spawnSync('node_modules/.bin/biome', ['lint', path], { encoding: 'utf8' });
      expect(lint.status).not.toBe(0);
      expect(lint.stderr + lint.stdout).toContain('noRestrictedGlobals');
    });
  });
});
