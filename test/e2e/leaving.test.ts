import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PeerProcess } from './peerProcess.ts';
import { Processes, portOf, run, until } from './processes.ts';

const program = join(import.meta.dirname, '../../dist/cli/main.js');

let processes: Processes;

beforeAll(async () => {
  processes = await Processes.start(4);
  await processes.untilWhole();
});

afterAll(async () => {
  await processes?.stop();
});

test('a member leaves: it hands over to one that was none, says so, and nothing is missing', async () => {
  const leader = await processes.leader();
  const others = processes.peers.filter((peer) => peer !== leader);
  await run('redis-cli', ['-p', portOf(leader.redis), 'SET', 'kept', 'here']);
  const said = await run('node', [program, 'leave', '--data', processes.folder, '--name', leader.name], 90_000);
  expect(said).toContain('The peer has left');
  await until('the end of its process', async () => !leader.isRunning || undefined);
  await until('all others as members', async () => {
    const members = (await others[0]!.status())?.cells[0]?.members;
    return (members?.length === 3 && !members.includes(leader.name)) || undefined;
  });
  for (const { redis } of others) expect(await run('redis-cli', ['-p', portOf(redis), 'GET', 'kept'])).toBe('here\n');
  await expect(leader.start()).rejects.toThrow(/ended with 1;[\s\S]*has left this system for good/);
});

test('a peer that waits for somebody to join is stopped by one signal', async () => {
  const nobody = '127.0.0.1:1';
  const waiting = new PeerProcess({ name: 'w', data: join(processes.folder, 'w'), contacts: [nobody], words: [] });
  const started = expect(waiting.start()).rejects.toThrow('ended with 130');
  await until('a word of trouble', async () => waiting.said.includes(nobody) || undefined);
  await waiting.stop();
  await started;
});
