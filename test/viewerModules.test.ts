import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { served } from '../src/cli/viewer.ts';

const src = join(import.meta.dirname, '../src');

/** A module and all that it leads to at run time, by their paths below `src`. */
function reachedFrom(file: string, reached = new Set<string>()): Set<string> {
  const path = relative(src, file);
  if (reached.has(path)) return reached;
  reached.add(path);
  const text = readFileSync(file, 'utf8');
  for (const [, what] of text.matchAll(/^(?:import|export)(?! type)[^;]*? from '(\.[^']+)';/gms)) {
    reachedFrom(join(dirname(file), what!), reached);
  }
  return reached;
}

test.each(['page', 'ringsPage'])('every module that %s of the simulator leads to is served', (page) => {
  const reached = [...reachedFrom(join(src, `viewer/${page}.ts`))];
  expect(reached.length).toBeGreaterThan(100);
  expect(reached.filter((path) => !served.test(`/${path.replace(/\.ts$/, '.js')}`))).toEqual([]);
});
