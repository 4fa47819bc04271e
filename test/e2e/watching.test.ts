import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Processes, portOf, run, until } from './processes.ts';

const program = join(import.meta.dirname, '../../dist/cli/main.js');

let processes: Processes;
const ends: (() => void)[] = [];

beforeAll(async () => {
  processes = await Processes.start(3);
  await processes.untilWhole();
});

afterAll(async () => {
  for (const end of ends) end();
  await processes?.stop();
});

function redis(peer: number, ...words: string[]): Promise<string> {
  return run('redis-cli', ['-p', portOf(processes.peers[peer]!.redis), ...words]);
}

/** A peer that runs. */
const alive = (): number => processes.peers.findIndex(({ isRunning }) => isRunning);

interface Line {
  readonly kind: string;
  readonly key?: string;
  readonly value?: string;
  readonly resume: string;
}

/** Runs `selfman watch`, and gathers the lines that it prints. */
function watch(...words: string[]): { readonly lines: Line[]; end(): void } {
  const child = spawn('node', [program, 'watch', ...words, '--data', processes.folder]);
  const lines: Line[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    for (const part of parts) lines.push(JSON.parse(part) as Line);
  });
  const end = (): void => void child.kill('SIGKILL');
  ends.push(end);
  return { lines, end };
}

const texts = (lines: readonly Line[]) =>
  lines.map(({ kind, key, value }) => [kind, key, value].filter(Boolean).join(' '));

/** Writes until somebody is told of it: from then on it watches. */
async function untilTold(lines: readonly Line[], key: string): Promise<number> {
  await until('the watch has begun', async () => {
    await redis(alive(), 'SET', key, 'is it there');
    return lines.length > 0 || undefined;
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  return lines.length;
}

test('who watches is told of each change once, over a split and the death of the leader', async () => {
  const { lines } = watch('user:');
  const begun = await untilTold(lines, 'user:0');
  await redis(0, 'SET', 'user:1', 'ada');
  await redis(0, 'SET', 'other', 'x');
  await run('node', [program, 'split', 'user:5', '--data', processes.folder]);
  await redis(1, 'MSET', 'user:2', 'bob', 'user:7', 'eve');
  await redis(2, 'DEL', 'user:1');
  await until('four changes', async () => lines.length === begun + 4 || undefined);
  await (await processes.leader()).kill();
  await until('a write again', async () => {
    const said = await redis(alive(), 'SET', 'user:8', 'zoe').catch(String);
    return said === 'OK\n' || undefined;
  });
  await until('the last change', async () => lines.some(({ key }) => key === 'user:8') || undefined);
  const told = texts(lines.slice(begun));
  expect(told.slice(0, 4).sort()).toEqual(['deleted user:1', 'put user:1 ada', 'put user:2 bob', 'put user:7 eve']);
  expect(told.indexOf('put user:1 ada')).toBeLessThan(told.indexOf('deleted user:1'));
  expect(new Set(told.slice(4))).toEqual(new Set(['put user:8 zoe']));
});

test('a watch goes on where another one was, and nonsense is refused in words', async () => {
  const first = watch('again:');
  const begun = await untilTold(first.lines, 'again:0');
  first.end();
  const resume = first.lines[begun - 1]!.resume;
  for (const value of ['1', '2', '3']) await redis(alive(), 'SET', 'again:1', value);
  const { lines } = watch('again:', '--resume', resume);
  await until('three changes', async () => lines.filter(({ key }) => key === 'again:1').length >= 3 || undefined);
  expect(texts(lines).filter((text) => text.includes('again:1'))).toEqual([1, 2, 3].map((n) => `put again:1 ${n}`));
  const refused = run('node', [program, 'watch', '--resume', 'nonsense', '--data', processes.folder]);
  await expect(refused).rejects.toThrow('this is no place from which a watch can go on');
});
