import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
let folder: string;
/** The paths that the package holds. */
let files: readonly { readonly path: string }[];

/** An empty project with the packed package in it, and beside it those packages alone that it says it needs. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'selfman-package-'));
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root, encoding: 'utf8' });
  const [{ filename, files: listed }] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }];
  files = listed;
  const installed = join(folder, 'node_modules/selfman');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['xzf', join(folder, filename), '-C', installed, '--strip-components', '1']);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), link);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function runNode(words: readonly string[]): string {
  return execFileSync(process.execPath, words, { cwd: folder, encoding: 'utf8', timeout: 50_000 });
}

/** A program of the README, by the mark in front of it. */
function readmeBlock(name: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const block = new RegExp(`<!-- test: ${name} -->\\s*\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(readme);
  expect(block, `README.md has a block behind <!-- test: ${name} -->`).not.toBeNull();
  return block![1]!;
}

test('the ten lines of the README run in an empty folder, and again over what they left', () => {
  const example = readmeBlock('embedded');
  writeFileSync(join(folder, 'example.mjs'), example);
  for (const word of ['Peer.start', 'put', 'get', 'transact', 'range', 'stop']) expect(example).toContain(word);
  for (const said of [runNode(['example.mjs']), runNode(['example.mjs'])]) {
    expect(said).not.toBe('');
    expect(said).not.toContain('ok: false');
  }
});

test('the package brings its program, and its types', () => {
  expect(runNode(['node_modules/selfman/dist/cli/main.js', '--help'])).toContain('selfman');
  const types = readFileSync(join(folder, 'node_modules/selfman/dist/machine/index.d.ts'), 'utf8');
  expect(types).toContain('Peer');
});

test('every door has its types, and they hold what they promise in the strictest settings', () => {
  cpSync(join(root, 'test/installed/everyDoor.ts'), join(folder, 'everyDoor.ts'));
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(join(root, 'node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const settings = '--strict --exactOptionalPropertyTypes --noEmit --module nodenext --target es2023 --types node';
  const words = [compiler, ...settings.split(' '), 'everyDoor.ts'];
  expect(spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' }).stdout).toBe('');
});

test('the counter of the README holds alone, and is caught where there are three', () => {
  writeFileSync(join(folder, 'library.mjs'), readmeBlock('library'));
  const [alone, three] = runNode(['library.mjs']).split('\n');
  expect([alone, three]).toEqual(['1 holds', '3 linearizable: what clients saw can be in no order:']);
});

test('the component model can be had by itself', () => {
  writeFileSync(
    join(folder, 'components.mjs'),
    `import { component, System } from 'selfman/component';
     const hello = component('hello', { setup: ({ path, onStart }) => onStart(() => console.log(path + ' runs')) });
     new System({ scheduler: { nowMs: () => performance.now(), wake: setImmediate, after: (ms, run) => setTimeout(run, ms) } }).create(hello).start();`,
  );
  expect(runNode(['components.mjs'])).toContain('hello runs');
});

test('a component can be tested without a framework', () => {
  writeFileSync(
    join(folder, 'story.mjs'),
    `import { component, event, port } from 'selfman/component';
     import { check } from 'selfman/component/testing';
     const Echo = port('echo', { requests: { say: event() }, indications: { heard: event() } });
     const Cave = component('cave', { provides: { echo: Echo }, setup: ({ provides: { echo } }) => echo.on.say(echo.emit.heard) });
     const tell = (wanted) => ({ provides: { echo } }) => { echo.trigger.say('hello'); echo.expect.heard(wanted); };
     check(Cave, {}, tell('hello'));
     try { check(Cave, {}, tell('goodbye')); } catch (error) { console.log(error.message); }`,
  );
  expect(runNode(['story.mjs'])).toContain('cave: nobody expected echo.heard "hello"');
});

test('handlers may return promises, behind a door of their own', () => {
  writeFileSync(
    join(folder, 'promise.mjs'),
    `import { component, System } from 'selfman/component';
     import { exclusive } from 'selfman/component/async';
     const later = component('later', { setup: (context) => {
       const run = context.ref(exclusive(context, async (word) => word + '!', (said) => console.log(said)));
       context.onStart(() => run.tell('hello'));
     } });
     new System({ scheduler: { nowMs: () => performance.now(), wake: setImmediate, after: (ms, run) => setTimeout(run, ms) } }).create(later).start();`,
  );
  expect(runNode(['promise.mjs'])).toBe('hello!\n');
});

test('a component can be placed in a worker', () => {
  writeFileSync(
    join(folder, 'placed.mjs'),
    `import { threadId } from 'node:worker_threads';
     import { component, System } from 'selfman/component';
     import { place } from 'selfman/component/placement';
     export const Remote = component('remote', { setup: ({ onStart }) => onStart(() => {
       console.log('in a worker: ' + (threadId !== 0));
       process.exit(0);
     }) });
     const scheduler = { nowMs: () => performance.now(), wake: setImmediate, after: (ms, run) => setTimeout(run, ms) };
     const placement = { in: 'worker', module: new URL(import.meta.url), export: 'Remote' };
     if (threadId === 0) new System({ scheduler }).create(place(Remote, placement)).start();`,
  );
  expect(runNode(['placed.mjs'])).toBe('in a worker: true\n');
});

test('a program of its own is simulated from the package alone', () => {
  writeFileSync(
    join(folder, 'trial.mjs'),
    `import { component } from 'selfman/component';
     import { asks, constant, course, linearizable, simulate, startAfter, stochastic } from 'selfman/simulator';
     import { service } from 'selfman/world';
     import { startProgram } from 'selfman/world/real';
     const echo = component('echo', {
       provides: { service: service('echo') },
       setup: ({ provides }) => provides.service.on.ask(({ call, reply }) => reply.tell(call)),
     });
     const load = stochastic('load', { every: constant(5), times: 20, does: asks((_random, count) => count) });
     const checks = [linearizable({ initial: 0, apply: (state, call) => ({ next: state, answer: call }) })];
     const trial = { name: 'echo', peers: 2, program: echo, course: course([load], startAfter(load, 10)), checks };
     const { violations, coverage } = simulate(trial, 1);
     console.log(violations.length, coverage.answered, typeof startProgram);`,
  );
  expect(runNode(['trial.mjs'])).toBe('0 20 function\n');
});

test('seeds of a trial run from the command line, and what is no trial is refused in a sentence', () => {
  const command = 'node_modules/selfman/dist/cli/main.js';
  const register = 'node_modules/selfman/examples/register/trial.mjs';
  expect(runNode([command, 'trial', register, '--seed', '5', '--seeds', '2'])).toContain('\n2 seeds, ');
  expect(runNode([command, 'trial', register, '--seed', '5', '--until-event', '200', '--only', 'start'])).toMatch(
    /a +start +incarnation [\s\S]*stopped at/,
  );
  const refused = spawnSync(process.execPath, [command, 'trial', 'trial.mjs'], { cwd: folder, encoding: 'utf8' });
  expect(refused.stderr).toContain('trial.mjs exports no trial: write export const trial = {');
  expect(refused.status).toBe(2);
});

test('its examples run where it is installed, and where they are copied to', () => {
  expect(runNode(['node_modules/selfman/examples/ping-pong/main.mjs'])).toBe('pong 1\npong 2\npong 3\n');
  cpSync(join(folder, 'node_modules/selfman/examples/upgrade'), join(folder, 'upgrade'), { recursive: true });
  expect(runNode(['upgrade/main.mjs'])).toContain('0 lost, 0 doubled, 0 out of order');
});

test('it holds what runs, and nothing of what it is made from', () => {
  const wanted = /^(dist\/|docs\/guide\/|examples\/|LICENSE|README\.md|CHANGELOG\.md|package\.json)/;
  const strange = files.filter(({ path }) => !wanted.test(path));
  expect(strange).toEqual([]);
  expect(files.filter(({ path }) => path.includes('.test.'))).toEqual([]);
});
