import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Processes, portOf, run, until } from './processes.ts';

const program = join(import.meta.dirname, '../../dist/cli/main.js');

let processes: Processes;

beforeAll(async () => {
  processes = await Processes.start(3, ['--zone', 'east']);
  await processes.untilWhole();
});

afterAll(async () => {
  await processes?.stop();
});

function redis(...words: string[]): Promise<string> {
  return run('redis-cli', ['-p', portOf(processes.peers[0]!.redis), ...words]);
}

function selfman(...words: string[]): Promise<string> {
  return run('node', [program, ...words, '--data', processes.folder]);
}

async function membersOf(from: string): Promise<readonly string[]> {
  return (await processes.status())?.cells.find((cell) => cell.from === from)?.members ?? [];
}

test('the keys of a prefix come to have as many copies as are asked for, and those that are away are said', async () => {
  for (const key of ['apple', 'cache:1', 'plum']) await redis('SET', key, `a ${key}`);
  expect(await selfman('replicas')).toBe('Of all keys 3 copies are wanted.\n');
  expect(await selfman('replicas', 'cache:', '1')).toContain('Of the keys that begin with cache: one copy is wanted');
  await until('one copy', async () => (await membersOf('cache:')).length === 1 || undefined);
  expect(await redis('GET', 'cache:1')).toBe('a cache:1\n');
  expect(await membersOf('')).toHaveLength(3);
  expect(await selfman('replicas', 'plum', '5')).toContain('5 copies');
  expect(await selfman('replicas')).toMatch(/"cache:" +1 .*\n"plum" +5 .*\nOf all other keys 3 copies/);
  const four = await run('node', [program, 'replicas', 'plum', '4', '--data', processes.folder]).catch(String);
  expect(four).toContain('Copies of keys are 1, 3, 5, 7, and not 4.');
  const shown = await selfman('status');
  expect(shown).toMatch(/cache: \.\. cache; +\d+ +\w +1 of 1 +/);
  expect(shown).toContain('5 copies are wanted, and 3 peers are there.');
  expect(await run('node', [program, 'merge', 'plum', '--data', processes.folder]).catch(String)).toContain(
    'other numbers of members',
  );
});

test('what was asked for outlasts all processes, and ends where it is not wanted any more', async () => {
  for (const peer of processes.peers) await peer.kill();
  await Promise.all(processes.peers.map((peer) => peer.start()));
  await until('a leader of each cell', async () => {
    const cells = (await processes.status())?.cells ?? [];
    return (cells.length === 5 && cells.every(({ leader }) => leader !== '')) || undefined;
  });
  expect(await selfman('replicas')).toContain('"cache:"');
  expect(await selfman('replicas', 'cache:', '--default')).toContain('Nothing of its own');
  await until('three copies', async () => (await membersOf('cache:')).length === 3 || undefined);
  expect(await redis('GET', 'cache:1')).toBe('a cache:1\n');
});

test('a member that is named leads, and one that is named gives way for a new peer', async () => {
  const fourth = await processes.startPeer('d');
  const cell = async () => (await processes.status())?.cells.find(({ from }) => from === '');
  const { leader, members } = await until('a cell that is led', async () =>
    (await cell())?.leader ? cell() : undefined,
  );
  const heir = members.find((name) => name !== leader)!;
  expect(await selfman('lead', 'apple', heir)).toBe(`${heir} leads the cell that holds "apple".\n`);
  await until('the new leader', async () => (await cell())?.leader === heir || undefined);
  expect(await selfman('move', 'apple', '--from', heir, '--to', 'd')).toContain(
    'd is a member of the cell that holds "apple"',
  );
  await until('the new member', async () => (await cell())?.members.includes('d') || undefined);
  expect(await redis('GET', 'apple')).toBe('a apple\n');
  expect(await selfman('lead', 'apple', heir).catch(String)).toContain(`${heir} is no member`);
  expect(fourth.isRunning).toBe(true);
});
