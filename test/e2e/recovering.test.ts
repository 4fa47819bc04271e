import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PeerProcess } from './peerProcess.ts';
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

function selfman(...words: string[]): Promise<string> {
  return run('node', [program, ...words, '--data', processes.folder]).catch(
    (error: { readonly stdout: string; readonly stderr: string }) => error.stdout + error.stderr,
  );
}

test('a cell without its majority is unavailable until somebody spells out what is given up; then it goes on and heals', {
  timeout: 240_000,
}, async () => {
  const [a, ...others] = processes.peers as [PeerProcess, ...PeerProcess[]];
  const redis = (...words: string[]) => run('redis-cli', ['-p', portOf(a.redis), ...words]).catch(String);
  for (let i = 0; i < 20; i++) expect(await redis('SET', `kept:${i}`, String(i))).toBe('OK\n');
  const recover = (...words: string[]) => selfman('recover', '1', '--name', 'a', ...words);
  expect(await recover()).toContain('add --unsafe');
  expect(await recover('--unsafe')).toContain('a majority of its members is not lost');
  for (const peer of others) {
    await peer.kill();
    rmSync(peer.data, { recursive: true });
  }
  await until('both dead', async () => {
    const dead = (await a.status())?.peers.filter(({ status }) => status === 'dead');
    return dead?.length === 2 || undefined;
  });
  expect(await selfman('status', '--http', a.http)).toContain('survives now: unavailable');
  expect(await redis('SET', 'new', 'x')).toMatch(/CLUSTERDOWN|UNKNOWN/);
  const loss = /--loss "(.+)"/.exec(await recover('--unsafe'))![1]!;
  expect(loss).toMatch(/^I give up all that only b#\w+ and c#\w+ had of cell 1$/);
  expect(await recover('--unsafe', '--loss', 'yes')).toContain('Spell out the loss');
  expect(await redis('SET', 'new', 'x')).toMatch(/CLUSTERDOWN|UNKNOWN/);
  expect(await recover('--unsafe', '--loss', loss)).toContain('goes on with this peer alone');
  await until('writes again', async () => (await redis('SET', 'new', 'y')) === 'OK\n' || undefined);
  for (let i = 0; i < 20; i++) expect(await redis('GET', `kept:${i}`)).toBe(`${i}\n`);
  await a.kill();
  await a.start();
  await processes.startPeer('d');
  await processes.startPeer('e');
  await until('three members again', async () => (await a.status())?.cells[0]?.members.length === 3 || undefined);
  expect(await redis('GET', 'new')).toBe('y\n');
});
