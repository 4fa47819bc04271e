import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Processes, portOf, run, until } from './processes.ts';

const program = join(import.meta.dirname, '../../dist/cli/main.js');

let processes: Processes;

beforeAll(async () => {
  processes = await Processes.start(3);
  await processes.untilWhole();
});

afterAll(async () => {
  await processes?.stop();
});

function redis(peer: number, ...words: string[]): Promise<string> {
  return run('redis-cli', ['-p', portOf(processes.peers[peer]!.redis), ...words]);
}

function selfman(...words: string[]): Promise<string> {
  return run('node', [program, ...words, '--data', processes.folder]);
}

test('a cell splits where it is asked to, and every peer finds all keys', async () => {
  for (const key of ['apple', 'kiwi', 'melon', 'plum']) await redis(0, 'SET', key, `a ${key}`);
  expect(await selfman('split', 'm')).toBe('A cell begins at m.\n');
  expect(await selfman('split', 'm')).toBe('A cell begins at m.\n');
  await until('two cells in sound health', async () => (await processes.status())?.cells.length === 2 || undefined);
  await processes.untilWhole();
  for (const peer of [0, 1, 2]) {
    expect(await redis(peer, 'GET', 'kiwi')).toBe('a kiwi\n');
    expect(await redis(peer, 'GET', 'plum')).toBe('a plum\n');
    expect(await redis(peer, 'DBSIZE')).toBe('4\n');
    expect(await redis(peer, '--scan')).toBe('apple\nkiwi\nmelon\nplum\n');
  }
  const shown = await selfman('status');
  expect(shown).toMatch(/1 +lowest \.\. m +/);
  expect(shown).toMatch(/[0-9a-f]{16} +m \.\. highest +/);
});

test('commands of several keys are done as one, whichever cells hold the keys', async () => {
  expect(await redis(1, 'MSET', 'apple', '1', 'plum', '1')).toBe('OK\n');
  expect(await redis(2, 'MGET', 'plum', 'apple', 'nothing')).toBe('1\n1\n\n');
  expect(await redis(0, 'RENAME', 'apple', 'quince')).toBe('OK\n');
  expect(await redis(1, 'MSETNX', 'apple', '2', 'quince', '2')).toBe('0\n');
  expect(await redis(1, 'EXISTS', 'apple', 'quince', 'plum')).toBe('2\n');
  expect(await redis(2, 'DEL', 'quince', 'apple', 'plum')).toBe('2\n');
});

test('both cells outlive a kill of the peer that leads them, and a restart of all', async () => {
  const leader = await processes.leader();
  await leader.kill();
  const others = processes.peers.filter((peer) => peer !== leader);
  for (const key of ['apple', 'plum']) {
    await until(`${key} again`, async () => {
      const said = await run('redis-cli', ['-p', portOf(others[0]!.redis), 'SET', key, 'again']).catch(String);
      return said === 'OK\n' || undefined;
    });
  }
  for (const peer of others) await peer.kill();
  await Promise.all(processes.peers.map((peer) => peer.start()));
  await processes.untilWhole();
  for (const peer of [0, 1, 2]) {
    for (const key of ['apple', 'plum']) expect(await redis(peer, 'GET', key)).toBe('again\n');
  }
});

test('two cells are merged where it is asked for, also while one of their peers is away, and every peer finds all keys', async () => {
  for (const key of ['apple', 'kiwi', 'melon', 'plum']) await redis(0, 'SET', key, `a ${key}`);
  expect(await selfman('split', 't')).toBe('A cell begins at t.\n');
  await redis(1, 'SET', 'walnut', 'a walnut');
  expect(await selfman('merge', 't')).toBe('No cell begins at t.\n');
  const leader = await processes.leader();
  const away = processes.peers.find((peer) => peer !== leader)!;
  await away.kill();
  expect(await selfman('merge', 'm')).toBe('No cell begins at m.\n');
  expect(await selfman('merge', 'm')).toBe('No cell begins at m.\n');
  await away.start();
  await until('one cell in sound health', async () => (await processes.status())?.cells.length === 1 || undefined);
  await processes.untilWhole();
  for (const peer of [0, 1, 2]) {
    expect(await redis(peer, 'GET', 'walnut')).toBe('a walnut\n');
    expect(await redis(peer, 'DBSIZE')).toBe('5\n');
    expect(await redis(peer, '--scan')).toBe('apple\nkiwi\nmelon\nplum\nwalnut\n');
  }
});

test('a key that cannot be a border is refused in words', async () => {
  await expect(selfman('split', '')).rejects.toThrow('Say at which key a cell is to begin');
  await expect(selfman('merge', '')).rejects.toThrow('Say at which key no cell is to begin');
  await expect(selfman('split', 'k'.repeat(1025))).rejects.toThrow('A key has at most 1024 bytes.');
});
