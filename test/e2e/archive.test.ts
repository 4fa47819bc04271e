import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Processes, portOf, run, until } from './processes.ts';

const program = join(import.meta.dirname, '../../dist/cli/main.js');
const values = 40;
const valueBytes = 512 * 1024;

let processes: Processes;
let redis: Redis;

beforeAll(async () => {
  processes = await Processes.start(3);
  await processes.untilWhole();
  redis = new Redis({ port: Number(portOf(processes.peers[0]!.redis)), lazyConnect: true });
  // It comes back with its peer, which dies here now and then.
  redis.on('error', () => {});
  for (let i = 0; i < values; i++) await redis.set(`large:${i}`, Buffer.alloc(valueBytes, i));
  await redis.set('short', 'soon gone', 'PX', 60_000_000);
});

afterAll(async () => {
  redis?.disconnect();
  await processes?.stop();
});

function inFolder(name: string): string {
  return join(processes.folder, name);
}

/** Runs a command and tells its exit code and what it said. */
function selfman(...words: string[]): Promise<{ code: number | null; said: string }> {
  const child = begin('ignore', ...words);
  let said = '';
  child.stderr!.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })));
}

function begin(output: 'ignore' | 'pipe', ...words: string[]): ChildProcess {
  return spawn('node', [program, ...words, '--data', processes.folder], { stdio: ['ignore', output, 'pipe'] });
}

test('a backup is made while clients write, and holds what was acknowledged before it began', async () => {
  let isOver = false;
  let written = 0;
  const writing = (async () => {
    while (!isOver) await redis.set('counter', String(++written));
  })();
  await until('some writes', async () => written > 20 || undefined);
  const before = written - 1;
  const { code, said } = await selfman('backup', inFolder('one.backup'));
  const during = written - before;
  isOver = true;
  await writing;
  expect(said).toMatch(/^Saved 42 keys, 20.* It is the store as it was at one moment\.\n$/);
  expect(code).toBe(0);
  expect(during).toBeGreaterThan(20);
  expect((await selfman('restore', inFolder('one.backup'), '--into-filled')).code).toBe(0);
  expect(Number(await redis.get('counter'))).toBeGreaterThanOrEqual(before);
});

test('a backup that is killed leaves no file of that name, and peers go on', async () => {
  const path = inFolder('killed.backup');
  const child = begin('ignore', 'backup', path);
  await until('a part of the file', async () => existsSync(`${path}.part`) || undefined);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  expect(existsSync(path)).toBe(false);
  expect((await selfman('backup', path)).code).toBe(0);
  expect(await selfman('backup', path)).toMatchObject({ code: 2, said: expect.stringContaining('is there already') });
});

test('a backup whose leader dies in the middle says so, and the next one succeeds', async () => {
  const leader = await processes.leader();
  const child = begin('pipe', 'backup', '-');
  let said = '';
  child.stderr!.on('data', (chunk) => {
    said += chunk;
  });
  // Nobody reads what comes: it stands in the middle until somebody does.
  await new Promise((resolve) => child.stdout!.once('readable', resolve));
  await leader.kill();
  child.stdout!.resume();
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(said).toContain('stopped in the middle');
  expect(code).toBe(1);
  await leader.start();
  await processes.untilWhole();
  expect((await selfman('backup', inFolder('after.backup'))).code).toBe(0);
});

test('damaged, cut off and foreign files are refused before anything is written', async () => {
  const sound = readFileSync(inFolder('one.backup'));
  const turned = Buffer.from(sound);
  turned[turned.length >> 1]! ^= 1;
  const before = await redis.dbsize();
  for (const [name, bytes, words] of [
    ['turned', turned, 'is damaged'],
    ['cut', sound.subarray(0, sound.length - 10), 'is cut off'],
    ['foreign', Buffer.from('hello\n'.repeat(10)), 'is no backup'],
  ] as const) {
    writeFileSync(inFolder(name), bytes);
    const { code, said } = await selfman('restore', inFolder(name), '--into-filled');
    expect(said).toContain(words);
    expect(said).toContain('Nothing was written');
    expect(code).toBe(1);
  }
  expect(await redis.dbsize()).toBe(before);
});

test('a restore that is killed is finished by another, also while a leader dies', async () => {
  await redis.flushall();
  const child = begin('ignore', 'restore', inFolder('one.backup'));
  await until('some keys', async () => (await redis.dbsize()) > 0 || undefined);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('close', resolve));
  const refused = await selfman('restore', inFolder('one.backup'));
  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('run it again with --into-filled') });
  const again = selfman('restore', inFolder('one.backup'), '--into-filled');
  const leader = await processes.leader();
  await leader.kill();
  expect((await again).said).toMatch(/Restored 42 keys in .*\n$/);
  await leader.start();
  await processes.untilWhole();
  for (const peer of processes.peers) {
    expect(await run('redis-cli', ['-p', portOf(peer.redis), 'DBSIZE'])).toBe('42\n');
    expect(await run('redis-cli', ['-p', portOf(peer.redis), 'STRLEN', 'large:39'])).toBe(`${valueBytes}\n`);
    expect(Number(await run('redis-cli', ['-p', portOf(peer.redis), 'PTTL', 'short']))).toBeGreaterThan(50_000_000);
  }
});

test('an export of several cells is imported again, and wrong lines are told by their numbers', async () => {
  await selfman('split', 'large:2');
  await processes.untilWhole();
  const path = inFolder('all.jsonl');
  const { code, said } = await selfman('export', path);
  expect(said).toMatch(/Exported 42 keys, .* Each of the 2 cells is as it was at one moment/);
  expect(code).toBe(0);
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  expect(lines).toHaveLength(42);
  writeFileSync(path, `${lines.slice(0, 3).join('\n')}\nno line\n`);
  const wrong = await selfman('import', path, '--into-filled');
  expect(wrong).toMatchObject({ code: 1, said: expect.stringContaining('line 4: it is no JSON') });
  const client = new Redis({ port: Number(portOf(processes.peers[1]!.redis)) });
  await client.flushall();
  writeFileSync(path, `${lines.join('\n')}\n`);
  expect((await selfman('import', path)).said).toMatch(/Imported 42 keys in/);
  expect(await client.strlen('large:7')).toBe(valueBytes);
  client.disconnect();
});

test('collections are saved and exported with all that is in them, in as many parts as it takes', async () => {
  const client = new Redis({ port: Number(portOf(processes.peers[1]!.redis)) });
  const members = Array.from({ length: 2_500 }, (_, i) => `member ${i}`);
  await client.sadd('colours', ...members);
  await client.hset('car', 'wheels', '4', Buffer.from([0xff]), 'raw');
  await client.pexpire('car', 60_000_000);
  await client.rpush('steps', ...members);
  await client.lpush('steps', 'before');
  await client.zadd('ranks', ...members.flatMap((member, i) => [String(-i / 2), member]));
  await client.zadd('ranks', 'inf', Buffer.from([0xff]));
  const ranks = await client.zrangeBuffer('ranks', '0', '-1', 'WITHSCORES');
  const keys = await client.dbsize();
  const [saved, exported] = [inFolder('sets.backup'), inFolder('sets.jsonl')];
  expect((await selfman('backup', saved)).said).toContain(`Saved ${keys} keys`);
  expect((await selfman('export', exported)).said).toContain(`Exported ${keys} keys`);
  for (const words of [
    ['restore', saved],
    ['import', exported],
  ]) {
    await client.flushall();
    expect((await selfman(...words)).code).toBe(0);
    expect((await client.smembers('colours')).sort()).toEqual([...members].sort());
    expect(await client.hgetBuffer('car', Buffer.from([0xff]))).toEqual(Buffer.from('raw'));
    expect(await client.pttl('car')).toBeGreaterThan(50_000_000);
    expect(await client.lrange('steps', 0, -1)).toEqual(['before', ...members]);
    expect(await client.zrangeBuffer('ranks', '0', '-1', 'WITHSCORES')).toEqual(ranks);
    expect(await client.dbsize()).toBe(keys);
  }
  client.disconnect();
});
